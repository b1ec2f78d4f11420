"""PDFs that mean harm, or are broken, and what each must be refused for.

Most are written byte by byte, since the libraries that write PDFs refuse to write these.
"""

import io
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

Objects = dict[int, bytes]

SCRIPT = "app.alert(1)"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE_TREE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
SHEET = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << >> >>"
PLAIN: Objects = {1: CATALOG, 2: PAGE_TREE, 3: SHEET}


def write(objects: Objects, trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, with a true table of where they are."""
    file = io.BytesIO()
    file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    table = io.BytesIO()
    for number, body in sorted(objects.items()):
        table.write(b"%d 1\n%010d 00000 n \n" % (number, file.tell()))
        file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start, size = file.tell(), max(objects) + 1
    file.write(b"xref\n0 1\n0000000000 65535 f \n" + table.getvalue())
    file.write(b"trailer\n<< /Root 1 0 R /Size %d %b >>\n" % (size, trailer))
    file.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return file.getvalue()


def plain(changed: Objects | None = None, trailer: bytes = b"") -> bytes:
    """Return a PDF of one empty page, with some objects changed or added."""
    return write(PLAIN | (changed or {}), trailer)


def catalog_with(entries: bytes, others: Objects | None = None) -> bytes:
    """Return a PDF whose catalog has more entries."""
    return plain({1: CATALOG[:-2] + entries + b" >>"} | (others or {}))


def sheet_with(entries: bytes, others: Objects | None = None) -> bytes:
    """Return a PDF whose page has more entries."""
    return plain({3: SHEET[:-2] + entries + b" >>"} | (others or {}))


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object's body."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def annotated(entries: bytes, others: Objects | None = None) -> bytes:
    """Return a PDF whose page has one annotation."""
    note = b"<< /Type /Annot /Rect [9 9 99 99] " + entries + b" >>"
    return sheet_with(b"/Annots [4 0 R]", {4: note} | (others or {}))


def acting(action: bytes, others: Objects | None = None) -> bytes:
    """Return a PDF with a link that does something."""
    return annotated(b"/Subtype /Link /A " + action, others)


def linking(address: bytes) -> bytes:
    """Return a PDF with a link to that address, written as a string of hexadecimal digits."""
    return acting(b"<< /S /URI /URI <" + address.hex().encode() + b"> >>")


def saved(change: Callable[[pikepdf.Pdf], None], **options) -> bytes:
    """Return a PDF of one empty page, changed and saved by pikepdf."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    change(pdf)
    file = io.BytesIO()
    pdf.save(file, **options)
    return file.getvalue()


def locked(owner: str, user: str, **options) -> bytes:
    """Return an encrypted PDF."""
    encryption = pikepdf.Encryption(owner=owner, user=user, **options)
    return saved(lambda pdf: None, encryption=encryption)


def script_in_object_stream(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=SCRIPT))


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["payroll.xlsx"] = b"not for everyone"


def listed_attachment(pdf: pikepdf.Pdf) -> None:
    names = Array([String("a"), Dictionary(Type=Name.Filespec, F=String("a"))])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))


def zeros(megabytes: int) -> bytes:
    """Return zeros, deflated, without deflating them all."""
    once = zlib.compressobj(9)
    start = once.compress(bytes(2**20)) + once.flush(zlib.Z_FULL_FLUSH)
    again = once.compress(bytes(2**20)) + once.flush(zlib.Z_FULL_FLUSH)
    return start + again * (megabytes - 1) + once.flush()


def unpacking(data: bytes, filters: bytes, entries: bytes = b"") -> bytes:
    """Return a PDF whose page is drawn by a stream with these filters."""
    packed = stream(data, b"/Filter " + filters + entries)
    return sheet_with(b"/Contents 4 0 R", {4: packed})


def drawn(content: bytes, resources: bytes, others: Objects | None = None) -> bytes:
    """Return a PDF whose page is drawn so, with what that needs."""
    entries = b"/Resources << %b >> /Contents 4 0 R" % resources
    sheet = SHEET.replace(b"/Resources << >>", entries)
    return plain({3: sheet, 4: stream(content)} | (others or {}))


def many_bombs() -> bytes:
    """Return a PDF of 300 streams of 150 MB each, none too large alone."""
    packed = stream(zeros(150), b"/Filter /FlateDecode")
    return plain(dict.fromkeys(range(4, 304), packed))


def busy_page() -> bytes:
    """Return a PDF whose page is drawn by 75 million operators."""
    return unpacking(zlib.compress(zlib.compress(b"q " * 75_000_000, 1), 9), b"[/Fl /Fl]")


def object_stream_bomb() -> bytes:
    """Return a PDF whose pages are in an object stream of 10 GB."""
    return with_object_stream(zeros(10_000), b"/Filter /FlateDecode /N 1 /First 4")


def with_object_stream(data: bytes, entries: bytes) -> bytes:
    """Return a PDF whose only page is in an object stream, with a stream for its table."""
    file = io.BytesIO()
    file.write(b"%PDF-1.7\n")
    places = {}
    bodies = {1: CATALOG, 2: PAGE_TREE, 4: stream(data, b"/Type /ObjStm " + entries)}
    for number, body in bodies.items():
        places[number] = file.tell()
        file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    places[5] = file.tell()
    rows = [b"\0" * 7 + b"\xff" * 2]
    rows += [
        b"\2" + (4).to_bytes(6, "big") + b"\0\0"
        if number == 3
        else b"\1" + places[number].to_bytes(6, "big") + b"\0\0"
        for number in range(1, 6)
    ]
    table = stream(b"".join(rows), b"/Type /XRef /W [1 6 2] /Size 6 /Root 1 0 R")
    file.write(b"5 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, places[5]))
    return file.getvalue()


def deep_page_tree(depth: int) -> bytes:
    """Return a PDF whose page lies under that many nodes."""
    nodes = {
        n: b"<< /Type /Pages /Count 1 /Parent %d 0 R /Kids [%d 0 R] >>" % (n - 1, n + 1)
        for n in range(4, depth)
    }
    top = {2: b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>"}
    last = {depth: SHEET.replace(b"2 0 R", b"%d 0 R" % (depth - 1))}
    objects = PLAIN | top | nodes | last
    del objects[3]
    return write(objects)


def pages(count: int) -> bytes:
    """Return a PDF of that many empty pages."""
    first = 10
    kids = b" ".join(b"%d 0 R" % n for n in range(first, first + count))
    tree = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count)
    return write({1: CATALOG, 2: tree} | dict.fromkeys(range(first, first + count), SHEET))


def script_as(action: bytes, others: Objects | None = None) -> bytes:
    """Return a PDF that does something when it is opened."""
    return catalog_with(b"/OpenAction " + action, others)


JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
BUTTON = b"/Subtype /Widget /FT /Btn /T (b) /AA << /K %b >>" % JS
OUTLINE = b"/Outlines << /First 4 0 R /Last 4 0 R /Count 1 >>"
OUTLINE_ITEM = b"<< /Title (x) /Parent 1 0 R "
MOVING = b"<< /S /GoTo /D [3 0 R /Fit] /Next %b >>"

# Name: what it is refused for, and how it is made.
ACTIVE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "script on opening": ("javascript", lambda: script_as(JS)),
    "script in the names": (
        "javascript",
        lambda: catalog_with(b"/Names << /JavaScript << /Names [(a) %b] >> >>" % JS),
    ),
    "script on closing": ("javascript", lambda: catalog_with(b"/AA << /WC %b >>" % JS)),
    "script on turning to a page": ("javascript", lambda: sheet_with(b"/AA << /O %b >>" % JS)),
    "script on a link": ("javascript", lambda: acting(JS)),
    "script on hovering": ("javascript", lambda: annotated(b"/Subtype /Link /AA << /E %b >>" % JS)),
    "script on typing": ("javascript", lambda: annotated(BUTTON)),
    "script in a form without a page": (
        "javascript",
        lambda: catalog_with(b"/AcroForm << /Fields [4 0 R] >>", {4: b"<<" + BUTTON + b">>"}),
    ),
    "script on a bookmark": (
        "javascript",
        lambda: catalog_with(OUTLINE, {4: OUTLINE_ITEM + b"/A %b >>" % JS}),
    ),
    "script after a movement": ("javascript", lambda: acting(MOVING % JS)),
    "script after movements in an array": ("javascript", lambda: acting(MOVING % b"[[%b]]" % JS)),
    "script in a rendition": (
        "javascript",
        lambda: acting(b"<< /S /Rendition /OP 0 /JS (app.alert\\(1\\)) >>"),
    ),
    "script in an object stream": (
        "javascript",
        lambda: saved(
            script_in_object_stream, object_stream_mode=pikepdf.ObjectStreamMode.generate
        ),
    ),
    "script that nothing leads to": ("javascript", lambda: plain({9: JS})),
    "script deep inside": (
        "javascript",
        lambda: plain({9: b"[" * 300 + JS + b"]" * 300}),
    ),
    "script with escaped names": (
        "javascript",
        lambda: script_as(b"<< /#53 /J#61vaScri#70t /#4aS (x) >>"),
    ),
    "script with its kind apart": (
        "javascript",
        lambda: script_as(b"<< /S 4 0 R /Nothing 5 0 R >>", {4: b"/JavaScript", 5: b"(x)"}),
    ),
    "script in a stream": (
        "javascript",
        lambda: script_as(b"<< /S /Hidden /JS 4 0 R >>", {4: stream(SCRIPT.encode())}),
    ),
    "script of an unknown kind": ("javascript", lambda: script_as(b"<< /S (JavaScript) >>")),
    "script in the trailer": ("javascript", lambda: plain(trailer=b"/Odd " + JS)),
    "script in a later revision": (
        "javascript",
        lambda: revised(plain(), {1: CATALOG[:-2] + b"/OpenAction " + JS + b">>"}),
    ),
    "program started": (
        "launch",
        lambda: script_as(b"<< /S /Launch /F (cmd.exe) /Win << /F (cmd.exe) >> >>"),
    ),
    "program started by a bookmark": (
        "launch",
        lambda: catalog_with(OUTLINE, {4: OUTLINE_ITEM + b"/A << /S /L#61unch /F (x) >> >>"}),
    ),
    "form sent away": (
        "form_submission",
        lambda: acting(b"<< /S /SubmitForm /F << /FS /URL /F (https://example.org) >> >>"),
    ),
    "form filled from a file": ("data_import", lambda: acting(b"<< /S /ImportData /F (x.fdf) >>")),
    "link into another file": (
        "other_file",
        lambda: acting(b"<< /S /GoToR /F (\\\\\\\\evil\\\\share) /D [0 /Fit] >>"),
    ),
    "link into an attached file": ("other_file", lambda: acting(b"<< /S /GoToE /T << >> >>")),
    "content in another file": (
        "other_file",
        lambda: plain({4: stream(b"", b"/F (/etc/passwd)")}),
    ),
    "page of another file": (
        "other_file",
        lambda: plain({4: stream(b"", b"/Subtype /Form /Ref << /F (x.pdf) /Page 0 >>")}),
    ),
    "form of XML": ("xfa", lambda: catalog_with(b"/AcroForm << /Fields [] /XFA [] >>")),
    "attached file": ("attachment", lambda: saved(attach)),
    "attached file that is only listed": ("attachment", lambda: saved(listed_attachment)),
    "attached file on a page": (
        "attachment",
        lambda: annotated(b"/Subtype /FileAttachment /FS << /Type /Filespec /F (x) >>"),
    ),
    "attached file beside the text": (
        "attachment",
        lambda: catalog_with(b"/AF [<< /F (x) /EF << /F 4 0 R >> >>]", {4: stream(b"x")}),
    ),
    "attached file that nothing leads to": (
        "attachment",
        lambda: plain({4: stream(b"x", b"/Type /EmbeddedFile")}),
    ),
    "rich media": ("media", lambda: annotated(b"/Subtype /RichMedia")),
    "three dimensions": ("media", lambda: annotated(b"/Subtype /3D")),
    "screen": ("media", lambda: annotated(b"/Subtype /Screen")),
    "film": ("media", lambda: annotated(b"/Subtype /Movie /Movie << /F (x.avi) >>")),
    "sound": ("media", lambda: annotated(b"/Subtype /Sound")),
    "film on opening": ("media", lambda: script_as(b"<< /S /Rendition /OP 0 >>")),
}

UNSAFE_LINKS: dict[str, bytes] = {
    "script": b"javascript:alert(1)",
    "script in capitals": b"JaVaScRiPt:alert(1)",
    "script after blanks": b" \t\n javascript:alert(1)",
    "script with a line end inside": b"java\r\nscript\t:alert(1)",
    "script with a null inside": b"java\x00script:alert(1)",
    "script with percent signs": b"%6A%61vascript%3Aalert(1)",
    "script with percent signs twice": b"%256Aavascript%253Aalert(1)",
    "script with HTML entities": b"&#106;avascript&colon;alert(1)",
    "script in UTF-16": b"\xfe\xff" + "javascript:alert(1)".encode("utf-16-be"),
    "script in wide letters": b"\xfe\xff" + "ｊavascript：alert(1)".encode("utf-16-be"),
    "script with invisible letters": b"\xfe\xff" + "java\u200bscript:1".encode("utf-16-be"),
    "script like a port": b"javascript:8080/alert(1)",
    "file": b"file:///etc/passwd",
    "data": b"data:text/html,<script>alert(1)</script>",
    "Visual Basic": b"vbscript:msgbox(1)",
    "Windows share": b"\\\\evil.example\\share",
    "program's own scheme": b"ms-msdt:/id",
}
SAFE_LINKS: tuple[bytes, ...] = (
    b"https://example.org/a%20b?javascript:1#x:y",
    b"HTTP://example.org",
    b"mailto:someone@example.org?subject=Data:%20x",
    b"tel:+1-555-0100",
    b"www.example.org/page",
    b"www.example.org:8080/page",
    b"/about/#file:x",
    b"\xfe\xff" + "https://example.org/ü".encode("utf-16-be"),
    b"",
)

ENCRYPTED: dict[str, tuple[str, Callable[[], bytes]]] = {
    f"{what}, {how}": (code, lambda user=user, options=options: locked("o", user, **options))
    for what, user, code in (
        ("password to open", "u", "password_to_open"),
        ("password to change", "", "password_to_change"),
    )
    for how, options in (
        ("RC4 of 40 bits", {"R": 2, "metadata": False, "aes": False}),
        ("RC4 of 128 bits", {"R": 3, "metadata": False, "aes": False}),
        ("AES of 128 bits", {"R": 4}),
        ("AES of 256 bits", {"R": 6}),
    )
}


def revised(earlier: bytes, changed: Objects) -> bytes:
    """Return a PDF with a later revision appended, as programs do that add and never rewrite."""
    table, file = b"", io.BytesIO()
    for number, body in sorted(changed.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(earlier) + file.tell())
        file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = len(earlier) + file.tell()
    previous = earlier.rsplit(b"startxref\n", 1)[1].split(b"\n")[0]
    size = max(3, *changed) + 1
    trailer = b"trailer\n<< /Root 1 0 R /Size %d /Prev %b >>\n" % (size, previous)
    end = b"startxref\n%d\n%%%%EOF\n" % start
    return earlier + file.getvalue() + b"xref\n" + table + trailer + end


BROKEN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("empty", lambda: b""),
    "text": ("not_pdf", lambda: b"Dear board,\n"),
    "picture": ("not_pdf", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "web page": ("html", lambda: b"<!DOCTYPE html>\n<title>Sign in</title>"),
    "web page after blanks": ("html", lambda: b"\xef\xbb\xbf \n<html lang=en>%PDF-1.7 %%EOF"),
    "byte order mark before": ("junk_before", lambda: b"\xef\xbb\xbf" + plain()),
    "script before": ("junk_before", lambda: b"<script>alert(1)</script>\n" + plain()),
    "script after": ("junk_after", lambda: plain() + b"<script>alert(1)</script>"),
    "archive after": ("junk_after", lambda: plain() + b"PK\x03\x04" + bytes(5000)),
    "archive after, and an end after that": (
        "junk_after",
        lambda: plain() + b"PK\x03\x04" + bytes(50) + b"\n%%EOF\n",
    ),
    "cut in half": ("truncated", lambda: pages(50)[:3000]),
    "cut before its end": ("truncated", lambda: plain()[:-3]),
    "later revision cut": (
        "truncated",
        lambda: revised(plain(), {9: b"<< >>"})[: len(plain()) + 30],
    ),
    "table that leads astray": (
        "damaged",
        lambda: plain().replace(b"startxref\n", b"startxref\n9"),
    ),
    "table with wrong places": ("damaged", lambda: plain().replace(b"%PDF-1.7", b"%PDF-1.7\n% ")),
    "stream damaged": ("damaged", lambda: unpacking(b"not deflated", b"/FlateDecode")),
    "stream longer than it says": (
        "damaged",
        lambda: plain({4: stream(b"x" * 100).replace(b"100", b"10")}),
    ),
    "drawn wrongly": ("damaged", lambda: sheet_with(b"/Contents 4 0 R", {4: stream(b"<< q ] )")})),
    "object that is itself": ("damaged", lambda: plain({4: b"4 0 R"})),
    "objects that are each other": ("damaged", lambda: plain({4: b"5 0 R", 5: b"4 0 R"})),
    "no page": ("no_pages", lambda: plain({2: b"<< /Type /Pages /Kids [] /Count 0 >>"})),
    "two thousand million pages stated": (
        "wrong_page_count",
        lambda: plain({2: PAGE_TREE.replace(b"Count 1", b"Count 2147483647")}),
    ),
    "fewer than no pages stated": (
        "wrong_page_count",
        lambda: plain({2: PAGE_TREE.replace(b"Count 1", b"Count -1")}),
    ),
    "pages that are none": ("damaged", lambda: plain({1: b"<< /Type /Catalog /Pages 7 0 R >>"})),
    "row of two thousand million dots": (
        "damaged",
        lambda: unpacking(
            zlib.compress(b"x"),
            b"/Fl",
            b"/DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 4 >>",
        ),
    ),
    "one page five hundred times": (
        "damaged",
        lambda: plain({2: PAGE_TREE.replace(b"3 0 R", b"3 0 R " * 500)}),
    ),
    "no catalog": ("damaged", lambda: plain({1: b"null"})),
    "too many pages": ("too_many_pages", lambda: pages(2001)),
    "huge object number": ("damaged", lambda: plain(trailer=b"/Odd 99999999999 0 R")),
    "object number at the end of numbers": ("damaged", lambda: write(PLAIN | {2**31 - 1: b"1"})),
    "huge table": ("damaged", lambda: plain().replace(b"0 1\n", b"0 2147483647\n")),
}

LOOPS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pages": ("loop", lambda: plain({2: PAGE_TREE.replace(b"[", b"[2 0 R ")})),
    "pages in two steps": (
        "loop",
        lambda: plain(
            {2: PAGE_TREE.replace(b"[", b"[4 0 R "), 4: PAGE_TREE.replace(b"3 0", b"2 0")}
        ),
    ),
    "bookmarks": (
        "loop",
        lambda: catalog_with(
            OUTLINE, {4: OUTLINE_ITEM + b"/Next 5 0 R >>", 5: OUTLINE_ITEM + b"/Next 4 0 R >>"}
        ),
    ),
    "bookmark within itself": (
        "loop",
        lambda: catalog_with(OUTLINE, {4: OUTLINE_ITEM + b"/First 4 0 R >>"}),
    ),
    "names": (
        "loop",
        lambda: catalog_with(b"/Names << /Dests 4 0 R >>", {4: b"<< /Kids [4 0 R] >>"}),
    ),
    "structure": (
        "loop",
        lambda: catalog_with(
            b"/StructTreeRoot 4 0 R",
            {4: b"<< /Type /StructTreeRoot /K 5 0 R >>", 5: b"<< /S /P /K [<< /K 5 0 R >>] >>"},
        ),
    ),
    "actions": ("loop", lambda: acting(b"5 0 R", {5: MOVING % b"5 0 R"})),
    "length of itself": (
        "loop",
        lambda: plain({4: stream(b"x").replace(b"/Length 1 ", b"/Length 4 0 R ")}),
    ),
    "revisions": ("loop", lambda: looping_revisions()),
}


def looping_revisions() -> bytes:
    """Return a PDF whose table's earlier table is the same."""
    start = plain(trailer=b"/Prev 00000").rindex(b"xref\n0 1")
    return plain(trailer=b"/Prev %05d" % start)


HEAVY: dict[str, tuple[str, Callable[[], bytes]]] = {
    "10 GB of zeros": ("bomb", lambda: unpacking(zeros(10_000), b"/FlateDecode")),
    "zeros deflated three times": (
        "bomb",
        lambda: unpacking(zlib.compress(zlib.compress(zeros(10_000))), b"[/Fl /Fl /Fl]"),
    ),
    "10 GB object stream": ("bomb", object_stream_bomb),
    "300 streams of 150 MB": ("too_much_work", many_bombs),
    "75 million operators": ("too_much_work", busy_page),
    "a thousand filters": (
        "too_deep",
        lambda: unpacking(b"x", b"[" + b"/ASCIIHexDecode " * 1000 + b"]"),
    ),
    "arrays 100,000 deep": ("too_deep", lambda: plain({4: b"[" * 100_000 + b"]" * 100_000})),
    "dictionaries 100,000 deep": (
        "too_deep",
        lambda: plain({4: b"<< /A " * 100_000 + b"1" + b">>" * 100_000}),
    ),
    "drawing 100,000 deep": (
        "too_deep",
        lambda: sheet_with(b"/Contents 4 0 R", {4: stream(b"[" * 100_000)}),
    ),
    "page tree 20,000 deep": ("too_deep", lambda: deep_page_tree(20_000)),
    "one page five million times": (
        "too_much_work",
        lambda: plain({2: PAGE_TREE.replace(b"3 0 R", b"3 0 R " * 5_000_000)}),
    ),
}

LIGHT = ACTIVE | ENCRYPTED | BROKEN | LOOPS
ALL = LIGHT | HEAVY
