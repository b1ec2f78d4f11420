"""The sizes and formats in which pages show pictures, and who makes them when.

A picture is made in all of them by the worker as soon as it is uploaded, so that a visitor
never waits for one and a page that shows five hundred writes nothing.
"""

from dataclasses import dataclass

from django.db.models import Prefetch
from django_tasks import task
from wagtail.images.models import Filter, Picture

from library.models import Rendition, UploadedImage

FORMATS = "format-{avif,webp,jpeg}"


@dataclass(frozen=True)
class Layout:
    """One way to show a picture: how it is cut, in which widths, and how wide it stands."""

    cut: str
    sizes: str

    @property
    def specs(self) -> list[str]:
        """Wagtail filter specifications, one for each format and width."""
        return Filter.expand_spec(f"{self.cut}|{FORMATS}")


LAYOUTS = {
    "portrait": Layout(
        "fill-{160x160,320x320,480x480}-c50",
        "(min-width: 48rem) 9.5rem, (min-width: 30rem) 30vw, 44vw",
    ),
    "profile": Layout("fill-{320x400,640x800}-c50", "(min-width: 48rem) 20rem, 90vw"),
    "body": Layout("width-{480,960,1440}", "(min-width: 48rem) 42rem, 92vw"),
    "card": Layout("fill-{400x250,800x500}", "(min-width: 48rem) 24rem, 92vw"),
}


# What other sites show where a page is shared; some of them know JPEG alone.
SOCIAL_SPEC = "fill-1200x630|format-jpeg"


def all_specs() -> list[str]:
    """Return every filter specification that any page uses."""
    return [SOCIAL_SPEC, *(spec for layout in LAYOUTS.values() for spec in layout.specs)]


def prefetched(picture: str, layout: str) -> Prefetch:
    """Return how a list fetches the renditions of its pictures in one query more.

    `picture` is the way from a row to its picture, such as "person__portrait".
    """
    renditions = Rendition.objects.filter(filter_spec__in=LAYOUTS[layout].specs)
    return Prefetch(f"{picture}__renditions", queryset=renditions, to_attr="prefetched_renditions")


def picture(image: UploadedImage, layout: Layout, *, alt: str, eager: bool = False) -> Picture:
    """Return Wagtail's picture element for `image`: AVIF, WebP and JPEG with their widths.

    `eager` is for the largest picture above the fold; all others load when they come near.
    """
    attributes = {"alt": alt, "sizes": layout.sizes, "decoding": "async"}
    attributes |= {"fetchpriority": "high"} if eager else {"loading": "lazy"}
    return Picture(_of_different_widths(image.get_renditions(*layout.specs)), attributes)


def _of_different_widths(renditions: dict[str, Rendition]) -> dict[str, Rendition]:
    """The renditions without those as wide as another of their format.

    A picture is never made larger than it is, so a small one comes out the same in every width.
    """
    seen, different = set(), {}
    for spec, rendition in renditions.items():
        look = (spec.rpartition("format-")[2], rendition.width)
        if look not in seen:
            seen.add(look)
            different[spec] = rendition
    return different


@task()
def make_renditions(image_id: int) -> int:
    """Make the picture in every layout; return how many there are, 0 when it is gone."""
    image = UploadedImage.objects.filter(pk=image_id).first()
    if image is None:
        return 0
    return len(image.get_renditions(*all_specs()))
