"""Pictures in StreamFields that arrive with their renditions, in two queries for them all."""

from collections.abc import Iterable

from django.db.models import prefetch_related_objects
from wagtail.images.blocks import ImageBlock, ImageBlockComparison, ImageChooserBlock

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


class PreparedImageComparison(ImageBlockComparison):
    """Shows what changed between two versions, also where one has no picture yet."""

    def htmlvalue(self, val):
        """Return the picture's values as HTML; nothing for no picture, where Wagtail stumbles."""
        return super().htmlvalue(val) if val is not None else ""


class PreparedImageBlock(ImageBlock):
    """A picture with alternative text or marked as decoration, with its renditions."""

    def get_comparison_class(self):
        """Return the class that compares two versions."""
        return PreparedImageComparison

    def bulk_to_python(self, values):
        """Return the pictures, with their renditions, in the order of `values`."""
        return with_renditions(super().bulk_to_python(values))
