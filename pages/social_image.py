"""The picture that stands for a page where it is shared: its title on the ripple motif.

The address holds the title, signed, so that only titles of this site are drawn and the picture
needs no database. A picture is drawn once and then kept in the cache.
"""

import hashlib
import io
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 1200, 630, 84
VERSION = 1  # raised when the drawing changes, so that kept pictures are drawn anew
KEEP_SECONDS = 30 * 24 * 3600
LONGEST_TITLE = 160
LARGEST_LINES, LARGEST, SMALLEST = 4, 76, 40
PAPER, INK, TEAL, CLAY = (251, 247, 240), (31, 46, 53), (15, 82, 87), (181, 82, 59)

_signer = Signer(salt="social-image")


def social_image_url(title: str) -> str:
    """Return the path of the picture for `title`."""
    return reverse("social_image", args=[_signer.sign_object(title[:LONGEST_TITLE])])


def title_of(token: str) -> str | None:
    """Return the title in the address, or None when this site did not sign it."""
    try:
        title = _signer.unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return title if isinstance(title, str) else None


def social_image(title: str) -> bytes:
    """Return the picture for `title` as a PNG of 1200 by 630 pixels."""
    digest = hashlib.sha256(title.encode()).hexdigest()
    return cache.get_or_set(f"social:{VERSION}:{digest}", lambda: draw(title), KEEP_SECONDS)


def draw(title: str) -> bytes:
    """Draw `title`, as large as fits, over soft circles, with the site's name below it."""
    picture = _ripples()
    pen = ImageDraw.Draw(picture)
    title = title if drawable(title) else settings.WAGTAIL_SITE_NAME
    font, lines = _fit(title)
    step = round(font.size * 1.16)
    top = (HEIGHT - 60 - step * len(lines)) // 2
    for number, line in enumerate(lines):
        _write(pen, (MARGIN, top + number * step), line, font.size, INK)
    pen.ellipse((MARGIN, HEIGHT - 92, MARGIN + 26, HEIGHT - 66), fill=TEAL)
    _write(pen, (MARGIN + 44, HEIGHT - 98), settings.WAGTAIL_SITE_NAME, 28, TEAL)
    out = io.BytesIO()
    picture.quantize(colors=128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def drawable(text: str) -> bool:
    """Tell whether the site's fonts have a letter for each character of `text`."""
    return all(_subset(character) is not None for character in text)


def _ripples() -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    circles = [
        (930, 300, 430, TEAL, 14),
        (945, 310, 335, TEAL, 17),
        (938, 292, 240, TEAL, 22),
        (948, 306, 150, TEAL, 28),
        (941, 300, 72, TEAL, 44),
        (700, 520, 210, CLAY, 18),
        (715, 512, 120, CLAY, 24),
    ]
    scale = 2  # drawn twice as large and made smaller, for smooth edges
    for x, y, radius, colour, alpha in circles:
        layer = Image.new("L", (WIDTH * scale, HEIGHT * scale), 0)
        box = [scale * edge for edge in (x - radius, y - radius, x + radius, y + radius)]
        ImageDraw.Draw(layer).ellipse(box, fill=alpha)
        picture.paste(colour, mask=layer.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))
    return picture


def _fit(title: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest font in which the title fits, and its lines."""
    for size in range(LARGEST, SMALLEST - 1, -4):
        lines = _wrap(title, size)
        if len(lines) <= LARGEST_LINES:
            break
    if len(lines) > LARGEST_LINES:
        lines = [*lines[: LARGEST_LINES - 1], lines[LARGEST_LINES - 1].rstrip(" .,;") + "…"]
    return _font("latin", size), lines


def _wrap(title: str, size: int) -> list[str]:
    room, lines = WIDTH - 2 * MARGIN - 60, [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _length(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _length(text: str, size: int) -> float:
    return sum(
        _font(_subset(character) or "latin", size).getlength(character) for character in text
    )


def _write(pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, fill) -> None:
    """Write `text`, each run of it in the font file that has its letters."""
    x, y = at
    run, subset = "", "latin"
    for character in text + "\0":
        wanted = _subset(character)
        if run and wanted != subset:
            pen.text((x, y), run, font=_font(subset, size), fill=fill)
            x += _font(subset, size).getlength(run)
            run = ""
        subset = wanted or "latin"
        run += character


@lru_cache(maxsize=64)
def _font(subset: str, size: int) -> ImageFont.FreeTypeFont:
    path = settings.BASE_DIR / "static" / "fonts" / f"fraunces-{subset}-wght-normal.woff2"
    font = ImageFont.truetype(path, size)
    font.set_variation_by_axes([500])
    return font


# The characters of the two font files, as their stylesheet declares them.
_SUBSETS = {
    "latin": "0-FF 131 152-153 2BB-2BC 2C6 2DA 2DC 304 308 329 2000-206F 20AC 2122 2191 2193 "
    "2212 2215",
    "latin-ext": "100-2BA 2BD-2C5 2C7-2CC 2CE-2D7 2DD-2FF 1D00-1DBF 1E00-1E9F 1EF2-1EFF 2020 "
    "20A0-20AB 20AD-20C0 2113 2C60-2C7F A720-A7FF",
}


@lru_cache(maxsize=1)
def _ranges() -> dict[str, list[tuple[int, int]]]:
    return {
        subset: [
            (int(first, 16), int(last or first, 16))
            for first, _, last in (part.partition("-") for part in parts.split())
        ]
        for subset, parts in _SUBSETS.items()
    }


def _subset(character: str) -> str | None:
    code = ord(character)
    if code < 32:
        return None
    for subset, ranges in _ranges().items():
        if any(first <= code <= last for first, last in ranges):
            return subset
    return None
