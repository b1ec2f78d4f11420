"""Makes the small fonts that every page loads first from the full ones beside them.

They hold what most pages are written with, in the weights that the stylesheet uses. Each is small
enough to come whole in what a server sends before it waits for an answer (14 KB); a page with other
letters loads the full fonts too. Run after a font or a weight changes, where the developer's tools
are installed: `.venv/bin/python -m cmsc_site.make_core_fonts`.
"""

import io
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "fonts"
# The same ranges as in static/css/fonts.css.
CORE = (
    "U+20-7E, U+A0, U+A9, U+B7, U+C9, U+D6, U+DC, U+DF-EF, U+F1-F6, U+F8-FC, U+2013-2014, "
    "U+2018-2019, U+201C-201D, U+2026, U+2212"
)
# Font, its one weight or the lightest and heaviest, what its letters do beside each other.
FONTS = [
    ("fraunces", 480, ["kern"]),
    ("atkinson-hyperlegible-next", (400, 680), ["kern", "tnum"]),
]


def characters(ranges: str) -> set[int]:
    """Return the code points of ranges as CSS writes them."""
    found: set[int] = set()
    for part in ranges.replace("U+", "").replace(" ", "").split(","):
        first, _dash, last = part.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def main(folder: Path = FOLDER) -> None:
    """Write into the folder a core font of each full one."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    for name, weights, features in FONTS:
        whole = TTFont(FOLDER / f"{name}-latin-wght-normal.woff2", recalcTimestamp=False)
        narrowed = io.BytesIO()
        instantiateVariableFont(whole, {"wght": weights}).save(narrowed)
        font = TTFont(narrowed, recalcTimestamp=False)
        options = Options(layout_features=features, hinting=False, notdef_outline=True)
        options.name_IDs = [0, 1, 2, 13, 14]
        options.drop_tables += ["MVAR", "STAT"]  # for programs that install fonts
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=characters(CORE))
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(folder / f"{name}-core-wght-normal.woff2")


if __name__ == "__main__":
    main()
