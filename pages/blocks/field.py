"""A StreamField whose blocks stay out of migrations."""

from wagtail.fields import StreamField


class BlockField(StreamField):
    """A StreamField that tells migrations nothing of its blocks.

    The database column is JSON whatever the blocks are, so a change of blocks is no change of
    the schema and makes no migration.
    """

    def deconstruct(self):
        """Return the field's construction for a migration: a StreamField without blocks."""
        name, _path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, "wagtail.fields.StreamField", [[]], {**kwargs, "block_lookup": {}}
