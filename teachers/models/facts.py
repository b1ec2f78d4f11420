"""What is true of a teacher now, whichever of the entry's versions staff publish."""

import datetime

from django.db import models
from wagtail.models import Revision

# What teachers say themselves, and what lists and acts with many say, beside the editor's form.
FACTS = (
    "state",
    "agreed_to_be_listed",
    "last_confirmed",
    "wants_reminders",
    "contact_address",
    "public_phone",
    "website",
)
# Where a version notes them as they were stored when it was made.
AS_STORED = "facts_as_stored"


class FactsMixin(models.Model):
    """Versions that take back nothing that was said since they were made.

    A version says something of a fact only as long as the fact is stored as it was then, or as
    the version itself left it when it was published. So a draft from before, an older version
    that is published again and one that is scheduled bring nobody back who left meanwhile; a
    version that is made after that may.
    """

    class Meta:
        abstract = True

    def serializable_data(self, *, stored: dict[str, object] | None = None) -> dict:
        """Return what a version holds; `stored` are the facts, where they are known already."""
        if stored is None:
            stored = type(self).objects.filter(pk=self.pk).values(*FACTS).first() or {}
        return {**super().serializable_data(), AS_STORED: _as_json(stored)}

    def with_content_json(self, content: dict) -> models.Model:
        """Return a version, with each fact as it is stored where that was said since."""
        version = super().with_content_json(content)
        noted = content.get(AS_STORED, {})
        stored = type(self).objects.filter(pk=self.pk).values(*FACTS).first() or {}
        plain = _as_json(stored)
        for name, value in stored.items():
            if name not in noted or noted[name] != plain[name]:
                setattr(version, name, value)
        return version

    def note_facts_in(self, revision: Revision) -> None:
        """Note in a version that was published that its facts are what is stored now."""
        revision.content = {**revision.content, AS_STORED: _as_json(self.facts)}
        revision.save(update_fields=["content"])

    @property
    def facts(self) -> dict[str, object]:
        """The facts by their fields."""
        return {name: getattr(self, name) for name in FACTS}


def _as_json(facts: dict[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else value
        for name, value in facts.items()
    }
