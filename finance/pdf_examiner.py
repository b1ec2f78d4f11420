"""Look through one PDF, in a process of its own that may die of it.

Started by `finance.examination`; not imported by the site, and imports nothing of it. Writes one
JSON object a line, each as soon as it is known, so that what was found outlives the process:
`{"begun": true}`, `{"finding": code, "detail": text}`, `{"checked": description}`,
`{"text": words of a page}`, `{"thumbnail": base64 of a JPEG}`. The last two only for a file without
a finding.

Section numbers are those of ISO 32000-1:2008, "Document management: Portable document format".
"""

import base64
import io
import json
import re
import resource
import sys
import time
import traceback
import unicodedata
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pikepdf
import pikepdf.settings

# What of the time may be gone before the checks, and before the text, are given up.
CHECKS_SHARE = 0.7
TEXT_SHARE = 0.85

MOST_CHARACTERS = 2_000_000
MOST_OUTPUT = 16 * 2**20
OPEN_FILES = 32
DETAIL_LENGTH = 200

THUMBNAIL_WIDTH = 480
THUMBNAIL_TALLEST = 1.5
THUMBNAIL_QUALITY = 75

WHITESPACE = b"\x00\t\n\x0c\r "  # table 1
TAIL = 4096

# Kinds of action (12.6.4, 13.6.4) that do more than move the reader or open a web address.
ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "form_submission",
    "/ImportData": "data_import",
    "/GoToR": "other_file",
    "/GoToE": "other_file",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/RichMediaExecute": "media",
    "/GoTo3DView": "media",
}
# Kinds of annotation (12.5.6) that carry or play something.
ANNOTATIONS = {
    "/FileAttachment": "attachment",
    "/Movie": "media",
    "/RichMedia": "media",
    "/Screen": "media",
    "/Sound": "media",
    "/3D": "media",
}
TYPES = {"/EmbeddedFile": "attachment"}
# Wherever these entries stand, they mean this and nothing else.
ENTRIES = {
    "/JS": "javascript",
    "/JavaScript": "javascript",
    "/EF": "attachment",
    "/XFA": "xfa",
    "/RichMediaContent": "media",
    "/3DD": "media",
}
# A stream with one of these has its content elsewhere (7.3.8.2, 8.10.4).
STREAM_ENTRIES = {"/F": "other_file", "/Ref": "other_file"}
CONTAINERS = (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream)
LINKS = {"/URI", "/Base"}
NAMED = {"/S": ACTIONS, "/Subtype": ANNOTATIONS, "/Type": TYPES}

# Pages, name trees, outlines, forms and structure are trees along these entries.
BRANCHES = {"/Kids", "/First", "/Next", "/K"}

DECODABLE = {
    "/ASCII85Decode",
    "/ASCIIHexDecode",
    "/FlateDecode",
    "/LZWDecode",
    "/RunLengthDecode",
    "/A85",
    "/AHx",
    "/Fl",
    "/LZW",
    "/RL",
}

MOST_FILTERS = 10

SAFE_SCHEMES = {"http", "https", "mailto", "tel"}
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
HOST_AND_PORT = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+:\d{1,5}(/|$)")


class TooMuchWorkError(Exception):
    """The file is not looked through in the time given."""


class Report:
    """What is written for the parent, each finding once."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def say(self, **line: object) -> None:
        """Write one line."""
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def find(self, code: str, detail: object = "") -> None:
        """Write a finding, with the detail that it was first found with."""
        if code not in self.found:
            self.found.add(code)
            # Invisible letters could turn round what staff read.
            seen = "".join(c for c in str(detail) if unicodedata.category(c) != "Cf")
            self.say(finding=code, detail=one_line(seen)[:DETAIL_LENGTH])


class Clock:
    """Says when a share of the time is gone."""

    def __init__(self, seconds: float) -> None:
        self.began = time.monotonic()
        self.seconds = seconds

    def past(self, share: float) -> bool:
        """Return whether more than that share of the time is gone."""
        return time.monotonic() - self.began > self.seconds * share

    def check(self) -> None:
        """Raise TooMuchWorkError when the checks have had their time."""
        if self.past(CHECKS_SHARE):
            raise TooMuchWorkError


class ContentReader(pikepdf.StreamParser):
    """Reads what draws a page for its syntax alone, and keeps an eye on the clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.count = 0

    def handle_object(self, *_: object) -> None:
        """Count one operand or operator."""
        self.count += 1
        if self.count % 10_000 == 0:
            self.clock.check()

    def handle_eof(self) -> None:
        """Do nothing; pikepdf asks for this."""


def main(arguments: list[str]) -> None:
    """Examine the file named first; then come most pages, seconds, and bytes of memory."""
    path, most_pages = Path(arguments[0]), int(arguments[1])
    seconds, memory = float(arguments[2]), int(arguments[3])
    give_up_privileges(seconds, memory)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    report, clock = Report(), Clock(seconds)
    report.say(begun=True)
    description = check(path, most_pages, memory, report, clock)
    report.say(checked=description)
    if not report.found:
        describe(path, report, clock)


def give_up_privileges(seconds: float, memory: int) -> None:
    """Limit what this process may take, and gain, from now on."""
    # The parent kills at the wall's time; this counts when the parent itself is gone.
    set_limit(resource.RLIMIT_CPU, int(seconds) + 1)
    set_limit(resource.RLIMIT_FSIZE, MOST_OUTPUT)
    set_limit(resource.RLIMIT_CORE, 0)
    set_limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    set_limit(resource.RLIMIT_NPROC, 0)
    # macOS refuses to limit the address space, and has no prctl.
    if sys.platform == "linux":
        import ctypes

        set_limit(resource.RLIMIT_AS, memory)
        pr_set_no_new_privs = 38
        ctypes.CDLL(None).prctl(pr_set_no_new_privs, 1, 0, 0, 0)


def set_limit(kind: int, most: int) -> None:
    """Lower a limit; one that is lower already stays."""
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def check(path: Path, most_pages: int, memory: int, report: Report, clock: Clock) -> dict:
    """Report all that speaks against the file; return what describes it, as far as known."""
    description = {"pages": 0, "language": "", "tagged": False}
    outside = look_at_both_ends(path)
    if outside:
        report.find(outside)
        return description
    # Enough for a raw page of A4 at 600 dots an inch in colour, small enough to be held twice.
    most = memory // 3
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=most,
        png_max_memory=most,
        run_length_max_memory=most,
        tiff_max_memory=most,
        max_stream_filters=MOST_FILTERS,
    )
    troubles: list[object] = []
    try:
        look_inside(path, most_pages, description, troubles, report, clock)
    except pikepdf.PasswordError:
        report.find("password_to_open")
    except pikepdf.PdfError as error:
        troubles.append(error)
    except (MemoryError, TooMuchWorkError):
        report.find("too_much_work")
    told = [what_qpdf_says(str(trouble).replace(str(path), "")) for trouble in troubles]
    # The first that says something in particular; else the first, of which the others come.
    told.sort(key=lambda code_and_text: code_and_text[0] == "damaged")
    for code, text in told[:1]:
        report.find(code, text)
    return description


def look_at_both_ends(path: Path) -> str:
    """Return what is wrong with the file's first and last bytes; nothing when they are a PDF's."""
    data = path.read_bytes()
    if not data:
        return "empty"
    if not data.startswith(b"%PDF-"):
        if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|\?xml)", data, re.I):
            return "html"
        return "junk_before" if b"%PDF-" in data and b"%%EOF" in data else "not_pdf"
    if re.search(rb"startxref\s+\d+\s+%%EOF$", data.rstrip(WHITESPACE)[-TAIL:]):
        return ""
    last = data.rfind(b"%%EOF")
    # Objects after the last end are a later revision, of which the end is missing.
    cut = last < 0 or re.search(rb"\d+\s+\d+\s+obj\b", data[last:])
    return "truncated" if cut else "junk_after"


def look_inside(
    path: Path,
    most_pages: int,
    description: dict,
    troubles: list[object],
    report: Report,
    clock: Clock,
) -> None:
    """Report what the file holds that it should not; fill in the description, and qpdf's warnings.

    Raises pikepdf.PdfError, MemoryError or TooMuchWorkError where it cannot be read to the end.
    """
    with (
        pikepdf.explicit_conversion(),
        pikepdf.open(path, attempt_recovery=False, inherit_page_attributes=False) as pdf,
    ):
        try:
            if pdf.is_encrypted:
                report.find("password_to_change")
            look_at_objects(pdf, report, clock)
            look_at_catalog(pdf, description)
            look_at_pages(pdf, most_pages, description, report, clock)
        finally:
            troubles.extend(pdf.get_warnings())


def look_at_objects(pdf: pikepdf.Pdf, report: Report, clock: Clock) -> None:
    """Report what any object holds or does, whether something leads to it or nothing."""
    trees: dict[tuple[int, int], list[tuple[int, int]]] = {}
    found: list[tuple[str, str, tuple[int, int]]] = []
    for thing in [pdf.trailer, *pdf.objects]:
        clock.check()
        if thing is None:
            continue
        for value, branches in parts(thing):
            found.extend((*finding, thing.objgen) for finding in suspicions(value))
            if branches:
                trees.setdefault(thing.objgen, []).extend(branches)
        if isinstance(thing, pikepdf.Stream):
            unpack(thing)
    pages = pages_of_objects(pdf) if found else {}
    for code, detail, where in found:
        report.find(code, detail or pages.get(where, ""))
    try:
        TopologicalSorter(trees).prepare()
    except CycleError:
        report.find("loop")


def parts(
    thing: pikepdf.Object,
) -> Iterator[tuple[pikepdf.Object, list[tuple[int, int]]]]:
    """Yield an object and what it holds that holds more, each with what branches from it."""
    stack = [(thing, False)]
    while stack:
        value, in_tree = stack.pop()
        branches = []
        for key, child in children(value):
            if not isinstance(child, CONTAINERS):
                continue
            grows = key in BRANCHES if key else in_tree
            if not child.is_indirect:
                stack.append((child, grows))
            elif grows:
                branches.append(child.objgen)
        yield value, branches


def children(value: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object | None]]:
    """Yield what an object holds, with the name of the entry, or none in an array."""
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        yield from value.items()
    elif isinstance(value, pikepdf.Array):
        yield from (("", child) for child in value.as_list())


def suspicions(value: pikepdf.Object) -> Iterator[tuple[str, str]]:
    """Yield code and detail of what one object does that a filing should not."""
    if isinstance(value, pikepdf.Name) and value.is_indirect:
        # Nobody writes these apart but to hide them.
        code = ACTIONS.get(name_of(value)) or ANNOTATIONS.get(name_of(value))
        if code:
            yield code, ""
    if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return
    entries = ENTRIES | STREAM_ENTRIES if isinstance(value, pikepdf.Stream) else ENTRIES
    for key, child in value.items():
        if child is None:
            continue
        if key in entries:
            yield entries[key], ""
        elif key in NAMED and isinstance(child, pikepdf.Name | pikepdf.String):
            code = NAMED[key].get(name_of(child))
            if code:
                yield code, ""
        elif key == "/EmbeddedFiles" and not is_empty_tree(child):
            yield "attachment", ""
        elif key in LINKS and isinstance(child, pikepdf.String) and not is_safe_link(child):
            yield "unsafe_link", text_of(child)


def name_of(value: pikepdf.Name | pikepdf.String) -> str:
    """Return a name, or a string where a name should be, with the slash before it."""
    return "/" + latin(value).removeprefix("/")


def latin(value: pikepdf.Name | pikepdf.String) -> str:
    """Return the bytes as characters, whatever encoding they were meant in."""
    return bytes(value).decode("latin-1")


def text_of(value: pikepdf.String) -> str:
    """Return a string as its own marks say that it is encoded (7.9.2.2), where it really is."""
    try:
        return str(value)
    except UnicodeDecodeError:
        return latin(value)


def is_empty_tree(tree: pikepdf.Object) -> bool:
    """Return whether a name tree (7.9.6) is one that holds nothing."""
    return isinstance(tree, pikepdf.Dictionary) and not (
        tree.get("/Kids") or len(tree.get("/Names") or [])
    )


def is_safe_link(address: pikepdf.String) -> bool:
    """Return whether a link leads to the web, an e-mail address or a telephone number.

    Read as the most forgiving reader would: in either encoding, without blanks and control
    characters, with percent signs resolved, in any letters that look like Latin ones.
    """
    return all(
        is_safe_address(reading)
        for reading in {text_of(address), latin(address), unescape(text_of(address))}
    )


def is_safe_address(address: str) -> bool:
    """Return whether an address is relative or has a scheme that does no harm."""
    for _ in range(3):
        address = unquote(address)
    plain = unicodedata.normalize("NFKC", address).lower()
    plain = "".join(c for c in plain if unicodedata.category(c)[0] not in "CZ")
    scheme = SCHEME.match(plain)
    if scheme and not HOST_AND_PORT.match(plain):
        return scheme[1] in SAFE_SCHEMES
    return not plain.startswith("\\\\")


def pages_of_objects(pdf: pikepdf.Pdf) -> dict[tuple[int, int], int]:
    """Return the number of the page, from 1, for what belongs to one: annotations, actions."""
    numbers: dict[tuple[int, int], int] = {}
    for number, sheet in enumerate(pdf.pages, start=1):
        annotations = sheet.obj.get("/Annots")
        holders = [sheet.obj, *(annotations if isinstance(annotations, pikepdf.Array) else [])]
        for holder in holders:
            if not isinstance(holder, pikepdf.Dictionary):
                continue
            for part in (holder, holder.get("/A"), holder.get("/AA")):
                if isinstance(part, pikepdf.Object) and part.is_indirect:
                    numbers.setdefault(part.objgen, number)
    return numbers


def unpack(stream: pikepdf.Stream) -> None:
    """Read a stream to its end; pictures in formats of their own are left to who shows them.

    Raises pikepdf.PdfError when it is damaged, or unpacks to more than the limits allow.
    """
    filters = stream.get("/Filter")
    names = filters.as_list() if isinstance(filters, pikepdf.Array) else [filters]
    if all(name is None or latin(name) in DECODABLE for name in names):
        stream.get_stream_buffer(pikepdf.StreamDecodeLevel.generalized)
    else:
        stream.get_raw_stream_buffer()


def look_at_catalog(pdf: pikepdf.Pdf, description: dict) -> None:
    """Fill in the language (14.9.2) and whether the document is tagged (14.8)."""
    language = pdf.Root.get("/Lang")
    if isinstance(language, pikepdf.String):
        plain = text_of(language).strip()
        # As RFC 5646 writes them; 35 characters are what its section 4.4.1 asks to have room for.
        description["language"] = plain if re.fullmatch(r"[A-Za-z0-9-]{2,35}", plain) else ""
    marked = pdf.Root.get("/MarkInfo")
    marked = marked.get("/Marked") if isinstance(marked, pikepdf.Dictionary) else None
    structure = pdf.Root.get("/StructTreeRoot")
    description["tagged"] = bool(marked) and isinstance(structure, pikepdf.Dictionary)


def look_at_pages(
    pdf: pikepdf.Pdf, most_pages: int, description: dict, report: Report, clock: Clock
) -> None:
    """Count the pages and read what draws them; fill in their number."""
    kids = pdf.Root.get("/Pages", pikepdf.Dictionary()).get("/Kids")
    if isinstance(kids, pikepdf.Array) and not len(kids):
        report.find("no_pages")
        return
    description["pages"] = count = len(pdf.pages)
    stated = pdf.Root.Pages.get("/Count")
    if not isinstance(stated, pikepdf.Integer) or int(stated) != count:
        report.find("wrong_page_count", count)
    if count > most_pages:
        report.find("too_many_pages", count)
        return
    reader = ContentReader(clock)
    for sheet in pdf.pages:
        clock.check()
        sheet.parse_contents(reader)


def what_qpdf_says(message: str) -> tuple[str, str]:
    """Return the code and the text of an error or a warning of qpdf."""
    text = one_line(message).strip(":, ")
    for words, code in (
        ("encryption|password", "password_to_open"),
        ("loop", "loop"),
        ("nested|too many filters", "too_deep"),
        ("memory limit|bad_alloc", "bomb"),
    ):
        if re.search(words, text, re.IGNORECASE):
            return code, text
    return "damaged", text


def one_line(text: str) -> str:
    """Return text with its blanks made one, and without what no database or screen takes."""
    text = re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", " ", text)
    return " ".join(text.split())


def describe(path: Path, report: Report, clock: Clock) -> None:
    """Report the words and a picture of the first page, as far as they can be had in time."""
    # Not before the checks are through: the part of it that has met the most attackers.
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    pdf.init_forms()
    room = MOST_CHARACTERS
    for number in range(len(pdf)):
        if clock.past(TEXT_SHARE) or room <= 0:
            break
        text = words_of(pdf, number)[:room]
        room -= len(text) + 1
        report.say(text=text)
    picture = draw(pdf[0])
    report.say(thumbnail=base64.b64encode(picture).decode("ascii"))


def words_of(pdf, number: int) -> str:
    """Return the words of a page, from 0, in one line; none where it cannot be read."""
    import pypdfium2

    try:
        text = pdf[number].get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError:
        return ""
    # U+FFFE is how PDFium marks a hyphen that a line's end has put into a word.
    text = re.sub("\ufffe\\s*|\xad", "", text)
    return one_line(unicodedata.normalize("NFKC", text))


def draw(sheet) -> bytes:
    """Return a JPEG of a page's upper part, 480 pixels wide, on white."""
    width, height = sheet.get_size()
    bottom = max(0, height - width * THUMBNAIL_TALLEST)
    picture = sheet.render(
        scale=THUMBNAIL_WIDTH / width,
        crop=(0, bottom, 0, 0),
        fill_color=(255, 255, 255, 255),
    ).to_pil()
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=THUMBNAIL_QUALITY, optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Exception:
        traceback.print_exc()
        sys.exit(1)
