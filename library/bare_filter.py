"""Renditions without what a camera writes into a picture: place, time, owner, serial number."""

from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import Filter


class RemoveCameraData(FilterOperation):
    """Drops the EXIF block, which may hold the place where the picture was taken."""

    def construct(self) -> None:
        """Take no arguments."""

    def run(self, willow, image, env):
        """Return the picture without its EXIF block; it has been turned upright before."""
        willow.image.info.pop("exif", None)
        return willow


class BareFilter(Filter):
    """A filter whose renditions hold the picture alone."""

    @property
    def filter_operations(self) -> list[FilterOperation]:
        """The filter's operations, then the removal of the camera's data."""
        return [*super().filter_operations, RemoveCameraData("remove-camera-data")]
