"""Pictures in StreamFields that arrive with their renditions, in two queries for them all."""

from collections.abc import Iterable

from django.db.models import prefetch_related_objects
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from library.models import UploadedImage


def with_renditions(images: Iterable[UploadedImage | None]) -> list[UploadedImage | None]:
    """Return the images as they came, each with its renditions loaded, in one query."""
    images = list(images)
    prefetch_related_objects([image for image in images if image is not None], "renditions")
    return images


class PreparedImageChooserBlock(ImageChooserBlock):
    """A chosen picture with its renditions."""

    def bulk_to_python(self, values):
        """Return the pictures, with their renditions, in the order of `values`."""
        return with_renditions(super().bulk_to_python(values))


class PreparedImageBlock(ImageBlock):
    """A picture with alternative text or marked as decoration, with its renditions."""

    def bulk_to_python(self, values):
        """Return the pictures, with their renditions, in the order of `values`."""
        return with_renditions(super().bulk_to_python(values))
