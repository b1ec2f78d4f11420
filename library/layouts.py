"""The sizes and formats in which pages show pictures, and what a page shows of a picture.

A picture is made in all of them by the worker as soon as it is uploaded (library/renditions.py).
A page shows what has been made, and makes nothing: a visitor never waits for a picture, and no
visit writes.
"""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images.models import Filter, Picture

from library.models import Rendition, UploadedImage

FORMATS = "format-{avif,webp,jpeg}"


@dataclass(frozen=True)
class Layout:
    """One way to show a picture: how it is cut, in which widths, and how wide it stands.

    `shape` is the width and height for which the page leaves room while there is nothing to show;
    None where the picture keeps its own.
    """

    cut: str
    sizes: str
    shape: tuple[int, int] | None

    @property
    def specs(self) -> list[str]:
        """Wagtail filter specifications, one for each format and width."""
        return Filter.expand_spec(f"{self.cut}|{FORMATS}")


SQUARE = "fill-{160x160,320x320,480x480}-c50"
LAYOUTS = {
    "portrait": Layout(
        SQUARE, "(min-width: 48rem) 9.5rem, (min-width: 30rem) 30vw, 44vw", (480, 480)
    ),
    "face": Layout(SQUARE, "(min-width: 48rem) 6rem, 4.5rem", (480, 480)),
    "profile": Layout("fill-{320x400,640x800}-c50", "(min-width: 48rem) 20rem, 90vw", (640, 800)),
    "body": Layout("width-{480,960,1440}", "(min-width: 48rem) 42rem, 92vw", None),
    "card": Layout("fill-{400x250,800x500}", "(min-width: 48rem) 24rem, 92vw", (800, 500)),
}


# What other sites show where a page is shared; some of them know JPEG alone.
SOCIAL_SPEC = "fill-1200x630|format-jpeg"
# The whole picture in a format that all know, cut by the stylesheet: shown until all are made.
STAND_IN_SPEC = "max-960x960|format-jpeg"


def all_specs() -> list[str]:
    """Return every filter specification that any page uses."""
    specs = [spec for layout in LAYOUTS.values() for spec in layout.specs]
    return list(dict.fromkeys([STAND_IN_SPEC, SOCIAL_SPEC, *specs]))


def prefetched(picture: str, layout: str) -> Prefetch:
    """Return how a list fetches the renditions of its pictures in one query more.

    `picture` is the way from a row to its picture, such as "person__portrait".
    """
    specs = [*LAYOUTS[layout].specs, STAND_IN_SPEC]
    renditions = Rendition.objects.filter(filter_spec__in=specs)
    return Prefetch(f"{picture}__renditions", queryset=renditions, to_attr="prefetched_renditions")


def made(image: UploadedImage, *specs: str) -> dict[str, Rendition]:
    """Return those of the renditions that have been made, in the order of `specs`."""
    found = image.find_existing_renditions(*map(Filter, specs))
    by_spec = {filter.spec: rendition for filter, rendition in found.items()}
    _remember(image, by_spec)
    return {spec: by_spec[spec] for spec in specs if spec in by_spec}


def _remember(image: UploadedImage, found: dict[str, Rendition]) -> None:
    """Keep in the cache what came from the database, as Wagtail does with those it makes."""
    new = {
        Rendition.construct_cache_key(image, Filter(spec).get_cache_key(image), spec): rendition
        for spec, rendition in found.items()
        if not getattr(rendition, "_from_cache", False)
    }
    if new:
        Rendition.cache_backend.set_many(new)


def picture(
    image: UploadedImage, layout: Layout, *, alt: str, eager: bool = False
) -> Picture | SafeString:
    """Return Wagtail's picture element for `image`: AVIF, WebP and JPEG with their widths.

    Until these are made it has the stand-in alone, and until that is made there is an empty place
    of the right shape. `eager` is for the largest picture above the fold; all others load when they
    come near.
    """
    attributes = {"alt": alt, "decoding": "async"}
    attributes |= {"fetchpriority": "high"} if eager else {"loading": "lazy"}
    renditions = made(image, *layout.specs, STAND_IN_SPEC)
    stand_in = renditions.pop(STAND_IN_SPEC, None)
    if len(renditions) == len(layout.specs):
        attributes |= {"sizes": layout.sizes}
        return Picture(_of_different_widths(renditions), attributes)
    if stand_in:
        return Picture({STAND_IN_SPEC: stand_in}, attributes)
    return _empty_place(image, layout, alt)


def _empty_place(image: UploadedImage, layout: Layout, alt: str) -> SafeString:
    width, height = layout.shape or (image.width, image.height)
    role = format_html('role="img" aria-label="{}"', alt) if alt else 'aria-hidden="true"'
    return format_html(
        '<svg class="picture-waiting" width="{}" height="{}" viewBox="0 0 {} {}" {}></svg>',
        *(width, height, width, height),
        SafeString(role),
    )


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
