"""Renditions without what a camera writes into a picture: place, time, owner, serial number."""

from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import Filter

# What the colours need to come out right.
KEPT = {"duration", "gamma", "icc_profile", "loop", "transparency"}


class RemoveCameraData(FilterOperation):
    """Drops EXIF, comments and the like, which may hold the place where the picture was taken."""

    def construct(self) -> None:
        """Take no arguments."""

    def run(self, willow, image, env):
        """Return the picture with its colours alone; it has been turned upright before."""
        info = willow.image.info
        willow.image.info = {name: info[name] for name in KEPT & info.keys()}
        return willow


class BareFilter(Filter):
    """A filter whose renditions hold the picture alone."""

    @property
    def filter_operations(self) -> list[FilterOperation]:
        """The filter's operations, then the removal of the camera's data."""
        return [*super().filter_operations, RemoveCameraData("remove-camera-data")]
