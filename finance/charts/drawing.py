"""What all drawings share: lengths, and series that differ by texture as well as by colour.

A drawing has no width of its own. Across, everything is in percent of the room there is; down,
in em of its letters. So it fits a phone and a sheet of paper, and its words are never scaled.
Lengths are written here, not by templates, which would write them as the visitor's language does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

TEXTURES = ("solid", "hatched", "dotted")


@dataclass(frozen=True)
class Series:
    """One of the things that a chart compares; `fill` is the value of an SVG attribute."""

    name: str
    texture: str
    fill: str


def series_of(slug: str, names: Iterable[str | Promise]) -> list[Series]:
    """Return series with a texture each, for at most three names.

    `slug` begins the identifiers of the textures in the drawing.
    """
    return [
        Series(
            str(name), texture, "currentColor" if texture == "solid" else f"url(#{slug}-{texture})"
        )
        for name, texture in zip(names, TEXTURES, strict=False)
    ]


def em(length: float) -> str:
    """Return a length as SVG reads it: "1.50em"."""
    return f"{length:.2f}em"


def percent(length: float) -> str:
    """Return a length as SVG reads it: "12.50%"."""
    return f"{length:.2f}%"
