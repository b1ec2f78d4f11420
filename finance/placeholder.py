"""A PDF that stands where a document is still to come, and says so on every page."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import pikepdf
from pikepdf import Array, Dictionary, Name, String

# Points, of which 72 are an inch: US Letter, as the filings themselves are.
WIDTH, HEIGHT = 612, 792
MARGIN = 72
TOP, BOTTOM = 560, 110
SIZES = (30, 26, 22, 18, 15, 12, 10)
TITLE_SHARE = 0.6
LINE_HEIGHT = 1.35
FOOTER_SIZE = 11

INK = (0.13, 0.19, 0.23)
TEAL = (0.06, 0.32, 0.34)
SAGE = (0.87, 0.92, 0.89)
PAPER = (0.98, 0.97, 0.94)
# Centre and radius of each ripple, and where a circle's Bézier curves have their handles.
RIPPLES = ((500, 720, 104), (580, 650, 96), (410, 656, 60))
HANDLE = 0.5523

# Widths of Helvetica's glyphs from the space to the tilde, in thousandths of the size, from the
# font metrics that Adobe publishes for the standard fonts.
ASCII_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 "
    "556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 "
    "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 "
    "667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 "
    "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 "
    "556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
WIDTHS = {chr(32 + n): int(width) for n, width in enumerate(ASCII_WIDTHS.split())}
WIDEST = 1015


@dataclass(frozen=True)
class Paragraph:
    """Lines that fit the page, in one size (points) and colour, and what they are (14.8.4)."""

    role: str
    lines: tuple[str, ...]
    size: float
    colour: tuple[float, float, float]


def placeholder_pdf(
    title: str, lines: Sequence[str], pages: int = 2, language: str = "en"
) -> bytes:
    """Return a tagged PDF that says on each page, large, what the lines say, under the title.

    The first line stands out. The same arguments give the same bytes. Characters that the font's
    encoding lacks become their nearest plain letters, or a question mark. Raises ValueError when
    the lines do not fit a page even in small letters.
    """
    paragraphs = fit(drawable(title), [drawable(line) for line in lines])
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
    )
    for number in range(1, pages + 1):
        add_sheet(pdf, font, paragraphs, f"{number} / {pages}")
    tag(pdf, paragraphs)
    pdf.Root.Lang = String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.docinfo[Name.Title] = String(title)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
    file = io.BytesIO()
    pdf.save(file, deterministic_id=True, fix_metadata_version=False)
    return file.getvalue()


def drawable(text: str) -> str:
    """Return text in one line, of characters that WinAnsiEncoding (Windows' 1252) has."""
    found = []
    for character in " ".join(text.split()):
        plain = unicodedata.normalize("NFKD", character)
        known = next((c for c in (character, plain) if c.encode("cp1252", "ignore")), "?")
        found.append(known.encode("cp1252", "ignore").decode("cp1252"))
    return "".join(found)


def fit(title: str, lines: list[str]) -> list[Paragraph]:
    """Return what stands on each page, in the largest letters with which it fits."""
    for size in SIZES:
        sizes = (size * TITLE_SHARE, size, *(size * TITLE_SHARE for _ in lines[1:]))
        paragraphs = [
            Paragraph("H1" if n == 0 else "P", wrap(text, its_size), its_size, colour)
            for n, (text, its_size, colour) in enumerate(
                zip((title, *lines), sizes, (INK, TEAL, *(INK for _ in lines[1:])), strict=False)
            )
        ]
        if TOP - sum(height(paragraph) for paragraph in paragraphs) >= BOTTOM:
            return paragraphs
    raise ValueError("too many words for one page")


def wrap(text: str, size: float) -> tuple[str, ...]:
    """Return the text in lines no wider than the page allows; a word too long is broken."""
    lines = [""]
    for word in text.split():
        candidate = f"{lines[-1]} {word}".strip()
        if width(candidate, size) <= WIDTH - 2 * MARGIN:
            lines[-1] = candidate
            continue
        lines.append("")
        for character in word:
            if width(lines[-1] + character, size) > WIDTH - 2 * MARGIN:
                lines.append("")
            lines[-1] += character
    return tuple(line for line in lines if line)


def width(text: str, size: float) -> float:
    """Return the width of drawable text in points; letters with accents are as wide as without."""
    return (
        sum(WIDTHS.get(unicodedata.normalize("NFKD", character)[0], WIDEST) for character in text)
        * size
        / 1000
    )


def height(paragraph: Paragraph) -> float:
    """Return what a paragraph takes of the page's height in points, the space after it included."""
    return (len(paragraph.lines) + 0.8) * paragraph.size * LINE_HEIGHT


def add_sheet(
    pdf: pikepdf.Pdf, font: pikepdf.Object, paragraphs: list[Paragraph], footer: str
) -> None:
    """Append a page with these paragraphs and a footer."""
    sheet = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
    content = "\n".join([*background(), *written(paragraphs), *footing(footer)])
    sheet.obj.Contents = pdf.make_stream(content.encode("cp1252"))
    sheet.obj.Resources = Dictionary(Font=Dictionary(F=font))
    sheet.obj.StructParents = len(pdf.pages) - 1
    sheet.obj.Tabs = Name.S


def background() -> Iterator[str]:
    """Yield what draws the paper and the ripples, which readers of tags pass over."""
    yield "/Artifact BMC"
    yield f"{colour(PAPER)} rg 0 0 {WIDTH} {HEIGHT} re f"
    yield f"{colour(SAGE)} RG 2 w"
    for x, y, radius in RIPPLES:
        for share in (1, 0.75, 0.5):
            yield circle(x, y, radius * share)
    yield "EMC"


def circle(x: float, y: float, r: float) -> str:
    """Return what strokes a circle, as four Bézier curves."""
    h = r * HANDLE
    corners = ((r, 0, r, h, h, r), (0, r, -h, r, -r, h), (-r, 0, -r, -h, -h, -r))
    corners += ((0, -r, h, -r, r, -h),)
    ends = ((0, r), (-r, 0), (0, -r), (r, 0))
    curves = " ".join(
        f"{x + x1:.1f} {y + y1:.1f} {x + x2:.1f} {y + y2:.1f} {x + ex:.1f} {y + ey:.1f} c"
        for (_, _, x1, y1, x2, y2), (ex, ey) in zip(corners, ends, strict=True)
    )
    return f"{x + r:.1f} {y:.1f} m {curves} s"


def written(paragraphs: list[Paragraph]) -> Iterator[str]:
    """Yield what writes the paragraphs from the top down, each marked with its place in order."""
    y = TOP
    for number, paragraph in enumerate(paragraphs):
        yield f"/{paragraph.role} << /MCID {number} >> BDC"
        yield f"BT {colour(paragraph.colour)} rg /F {paragraph.size:g} Tf"
        for n, line in enumerate(paragraph.lines, start=1):
            baseline = y - n * paragraph.size * LINE_HEIGHT
            # The blank at a line's end keeps the words apart for those who copy or listen.
            blank = " " if n < len(paragraph.lines) else ""
            yield f"1 0 0 1 {MARGIN} {baseline:.1f} Tm ({escaped(line + blank)}) Tj"
        yield "ET EMC"
        y -= height(paragraph)


def footing(text: str) -> Iterator[str]:
    """Yield what writes the footer in the middle of the page's foot."""
    x = (WIDTH - width(text, FOOTER_SIZE)) / 2
    yield "/Artifact << /Type /Pagination /Subtype /Footer >> BDC"
    yield f"BT {colour(INK)} rg /F {FOOTER_SIZE} Tf {x:.1f} 54 Td ({escaped(text)}) Tj ET EMC"


def colour(parts: tuple[float, float, float]) -> str:
    """Return red, green and blue as a page's description has them."""
    return " ".join(f"{part:g}" for part in parts)


def escaped(text: str) -> str:
    """Return text as it stands within the parentheses of a string (7.3.4.2)."""
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def tag(pdf: pikepdf.Pdf, paragraphs: list[Paragraph]) -> None:
    """Describe the order and the kind of the paragraphs (14.7, 14.8)."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    elements, places = Array(), Array()
    for number, sheet in enumerate(pdf.pages):
        own = Array()
        for place, paragraph in zip(count(), paragraphs):
            own.append(
                pdf.make_indirect(
                    Dictionary(
                        Type=Name.StructElem,
                        S=Name("/" + paragraph.role),
                        P=document,
                        Pg=sheet.obj,
                        K=place,
                    )
                )
            )
        elements.extend(own)
        places.extend([number, pdf.make_indirect(own)])
    document.K = elements
    root.K = document
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=places))
    root.ParentTreeNextKey = len(pdf.pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
