"""A PDF that could harm a reader, or that is broken, is refused with the reason; any other is not.

What the checks find is tried within this process, which is quick; that a process with limits does
it, and may die of it, is tried with a case of each kind.
"""

import hashlib
import io
import json
import os
import select
import sys
import time
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from finance import examination, pdf_examiner
from finance.examination import Examination, examine
from finance.findings import FINDINGS, sentences
from finance.placeholder import placeholder_pdf
from tests.finance import hostile

pytestmark = pytest.mark.without_database

MEMORY = 512 * 2**20


@pytest.fixture
def findings_of(tmp_path):
    """Return a function that tells what the checks find in a file of these bytes."""
    limits = pikepdf.settings.get_qpdf_limits()

    def look(data: bytes, seconds: float = 60) -> set[str]:
        path, report = tmp_path / "upload.pdf", pdf_examiner.Report()
        path.write_bytes(data)
        pdf_examiner.check(path, 2000, MEMORY, report, pdf_examiner.Clock(seconds))
        return report.found

    yield look
    pikepdf.settings.set_qpdf_limits(**limits)


@pytest.fixture
def examined(tmp_path):
    """Return a function that examines a file of these bytes as an upload is examined."""

    def look(data: bytes) -> Examination:
        path = tmp_path / "upload.pdf"
        path.write_bytes(data)
        return examine(path)

    return look


@pytest.fixture
def examiner(monkeypatch, tmp_path):
    """Return a function that has another program, in Python, examine files from now on."""

    def replace(program: str) -> None:
        path = tmp_path / "examiner.py"
        path.write_text(f"print('{{\"begun\": true}}', flush=True)\n{program}")
        monkeypatch.setattr(examination, "EXAMINER", path)

    return replace


def of_each_code() -> list[str]:
    """Return the name of one light case for each finding."""
    light = {name: code for name, (code, _) in hostile.LIGHT.items()}
    return list({code: name for name, code in light.items()}.values())


def ordinary() -> dict[str, bytes]:
    """Return PDFs as programs write them every day."""
    whole = placeholder_pdf("Report", ["One", "Two"], pages=3)
    return {
        "of one empty page": hostile.plain(),
        "tagged": whole,
        "linearized": resaved(whole, linearize=True),
        "with object streams": resaved(whole, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "unpacked": resaved(whole, qdf=True),
        "with a later revision": hostile.revised(
            hostile.plain(), {3: hostile.SHEET, 9: b"(added)"}
        ),
        "with blanks at its end": hostile.plain() + b"\r\n \x00\n" * 100,
        "with a bookmark": hostile.catalog_with(
            hostile.OUTLINE, {4: hostile.OUTLINE_ITEM + b"/Dest [3 0 R /Fit] >>"}
        ),
        "that opens at a page": hostile.script_as(b"[3 0 R /Fit]"),
        "with the name JavaScript in its words": hostile.plain(trailer=b"/Note (/JavaScript /JS)"),
        "with names of another alphabet": hostile.plain(trailer=b"/K#e9y /N#e9me /Type /#ff#fe"),
        "with an empty list of attached files": hostile.catalog_with(
            b"/Names << /EmbeddedFiles << /Names [] >> >>"
        ),
        "with any metadata": hostile.catalog_with(
            b"/Metadata 4 0 R", {4: hostile.stream(b"<x>]]>", b"/Type /Metadata /Subtype /XML")}
        ),
        "with a form": filled_form(),
        "with a signature": hostile.catalog_with(
            b"/AcroForm << /SigFlags 3 /Fields [4 0 R] >> /Perms << /DocMDP 5 0 R >>",
            {
                4: b"<< /FT /Sig /T (s) /V 5 0 R /Kids [] >>",
                5: b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> >>",
            },
        ),
        "of a scanner": scanned(),
    }


def resaved(data: bytes, **options) -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(file, **options)
    return file.getvalue()


def filled_form() -> bytes:
    def add(pdf: pikepdf.Pdf) -> None:
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), V=String("5"),
            Rect=Array([9, 9, 99, 29]), F=4,
        )  # fmt: skip
        field = pdf.make_indirect(field)
        pdf.pages[0].Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), NeedAppearances=True)

    return hostile.saved(add)


def scanned() -> bytes:
    picture = io.BytesIO()
    Image.new("L", (200, 300), 200).save(picture, "JPEG")
    entries = b"/Subtype /Image /Width 200 /Height 300 /BitsPerComponent 8 /ColorSpace /DeviceGray "
    return hostile.drawn(
        b"200 0 0 200 0 0 cm /X Do",
        b"/XObject << /X 5 0 R >>",
        {5: hostile.stream(picture.getvalue(), entries + b"/Filter /DCTDecode")},
    )


class TestWhatIsFound:
    @pytest.mark.parametrize("name", hostile.LIGHT)
    def test_a_harmful_or_broken_file_is_refused_for_what_it_is(self, name, findings_of):
        code, make = hostile.LIGHT[name]
        assert code in findings_of(make())

    @pytest.mark.parametrize("name", hostile.UNSAFE_LINKS)
    def test_a_link_that_could_harm_is_refused_however_it_is_written(self, name, findings_of):
        address = hostile.UNSAFE_LINKS[name]
        assert findings_of(hostile.linking(address)) == {"unsafe_link"}

    @pytest.mark.parametrize("address", hostile.SAFE_LINKS)
    def test_a_link_to_the_web_to_mail_or_to_a_telephone_is_not(self, address, findings_of):
        assert findings_of(hostile.linking(address)) == set()

    def test_the_address_that_all_links_start_from_is_a_link_too(self, findings_of):
        data = hostile.catalog_with(b"/URI << /Base (javascript:) >>")
        assert findings_of(data) == {"unsafe_link"}

    @pytest.mark.parametrize(("name", "data"), ordinary().items())
    def test_an_ordinary_file_is_not_refused(self, name, data, findings_of):
        assert findings_of(data) == set()

    def test_all_that_is_wrong_is_told_at_once(self, findings_of):
        data = hostile.catalog_with(
            b"/OpenAction %b /AcroForm << /XFA [] >>" % hostile.JS,
            {2: hostile.PAGE_TREE.replace(b"Count 1", b"Count 2")},
        )
        assert findings_of(data) == {"javascript", "xfa", "wrong_page_count"}

    def test_checks_that_take_too_long_are_given_up(self, findings_of):
        assert findings_of(hostile.plain(), seconds=0) == {"too_much_work"}


class TestWhatIsTold:
    def test_the_page_with_the_program_is_named(self, examined):
        data = hostile.acting(hostile.JS)
        assert examined(data).details == {"javascript": "1"}

    def test_the_link_is_shown_in_one_short_line_without_invisible_letters(self, examined):
        address = "\ufeffjava\u202e\nscript:" + "x" * 500
        detail = examined(hostile.linking(address.encode("utf-16-be"))).details["unsafe_link"]
        assert detail.startswith("java script:xxx")
        assert len(detail) == 200

    def test_the_words_of_the_check_come_without_the_path_of_the_file(self, examined, tmp_path):
        code, make = hostile.BROKEN["stream damaged"]
        detail = examined(make()).details[code]
        assert "inflate" in detail
        assert str(tmp_path) not in detail

    def test_each_finding_has_a_sentence_of_its_own(self):
        codes = {code for code, _ in hostile.ALL.values()} | {"unsafe_link", "too_large"}
        assert codes | {"unreadable"} == set(FINDINGS)
        told = sentences(FINDINGS)
        assert len({sentence.split(". ")[0] for sentence in told}) == len(FINDINGS)
        assert not [sentence for sentence in told if "%" in sentence or "lease" not in sentence]

    def test_a_sentence_tells_details_and_limits(self, settings):
        settings.FILING_MAX_BYTES = 3 * 2**20
        settings.FILING_MAX_PAGES = 70
        details = {"unsafe_link": "file:%s", "javascript": "4", "too_many_pages": "71"}
        told = "\n".join(sentences(["too_large", *details], details))
        for words in ("3.0\xa0MB", "file:%s", "page 4", "more than 70 pages", "It has 71"):
            assert words in told

    def test_a_finding_without_a_sentence_is_still_told(self):
        assert sentences(["of tomorrow"]) == sentences(["unreadable"])


class TestWhatIsDescribed:
    def test_an_accepted_file_is_described(self, examined):
        data = placeholder_pdf("Café report", ["Placeholder"], pages=3, language="en-US")
        found = examined(data)
        assert found.findings == ()
        assert (found.pages, found.size, found.language) == (3, len(data), "en-US")
        assert found.sha256 == hashlib.sha256(data).hexdigest()
        assert found.tagged
        assert found.text == " ".join(f"Café report Placeholder {n} / 3" for n in (1, 2, 3))
        with Image.open(io.BytesIO(found.thumbnail)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (480, 622))

    def test_a_refused_file_has_neither_words_nor_picture(self, examined):
        found = examined(hostile.acting(hostile.JS))
        assert (found.text, found.thumbnail) == ("", b"")
        assert found.pages == 1

    @pytest.mark.parametrize("language", [b"<script>", b"", b"x" * 50, b"\xef\xbb\xbf\xff"])
    def test_a_language_that_is_none_is_passed_over(self, language, examined):
        data = hostile.catalog_with(b"/Lang <%b>" % language.hex().encode())
        assert examined(data).language == ""

    def test_a_file_is_tagged_only_with_a_structure(self, examined):
        assert not examined(hostile.catalog_with(b"/MarkInfo << /Marked true >>")).tagged

    def test_words_have_nothing_that_a_database_refuses(self, examined):
        cmap = b"begincmap 4 beginbfchar <41> <0000> <42> <FB01> <43> <D800> <44> <0078> endbfchar"
        font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R"
        data = hostile.drawn(
            b"BT /F 9 Tf 9 9 Td (ABCD) Tj ET", font + b">> >>", {5: hostile.stream(cmap)}
        )
        text = examined(data).text
        assert text.replace(" ", "") == "fix"
        assert text.encode().count(0) == 0

    def test_words_broken_at_the_end_of_a_line_are_made_whole(self):
        class Sheets(dict):
            def get_textpage(self):
                return self

            def get_text_bounded(self):
                return "in\x01for\ufffe\r\nmation \xadﬁne\x00\ud800 \t x"

        sheets = Sheets()
        sheets[0] = sheets
        assert pdf_examiner.words_of(sheets, 0) == "in for mation fine x".replace("for m", "form")

    @pytest.mark.parametrize(
        ("box", "size"),
        [(b"1 100000", (480, 720)), (b"100000 1", (480, 1)), (b"200 200", (480, 480))],
    )
    def test_the_picture_is_of_the_upper_part_of_any_page(self, box, size, examined):
        data = hostile.plain({3: hostile.SHEET.replace(b"200 200", box)})
        with Image.open(io.BytesIO(examined(data).thumbnail)) as picture:
            assert picture.size == size
            assert picture.getpixel((0, 0)) == (255, 255, 255)

    def test_the_description_is_written_line_by_line(self, tmp_path, capsys):
        path = tmp_path / "upload.pdf"
        path.write_bytes(placeholder_pdf("A", ["B"]))
        pdf_examiner.describe(path, pdf_examiner.Report(), pdf_examiner.Clock(60))
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert lines[:2] == [{"text": "A B 1 / 2"}, {"text": "A B 2 / 2"}]
        assert list(lines[2]) == ["thumbnail"]

    def test_words_that_take_too_long_are_left_out_but_the_picture_is_tried(self, tmp_path, capsys):
        path = tmp_path / "upload.pdf"
        path.write_bytes(placeholder_pdf("A", ["B"]))
        pdf_examiner.describe(path, pdf_examiner.Report(), pdf_examiner.Clock(0))
        assert list(json.loads(capsys.readouterr().out)) == ["thumbnail"]

    def test_what_cannot_be_drawn_in_time_is_accepted_without_a_picture(self, examined, settings):
        settings.FILING_CHECK_SECONDS = 2
        step = b"/BBox [0 0 1 1] /XStep .0001 /YStep .0001 /Resources << >>"
        pattern = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 " + step
        data = hostile.drawn(
            b"/Pattern cs /P scn 0 0 200 200 re f",
            b"/Pattern << /P 5 0 R >>",
            {5: hostile.stream(b"0 0 .01 .01 re f", pattern)},
        )
        found = examined(data)
        assert (found.findings, found.pages, found.thumbnail) == ((), 1, b"")


class TestTheProcess:
    @pytest.mark.parametrize("name", of_each_code())
    def test_a_case_of_each_kind_is_refused_by_the_process(self, name, examined):
        code, make = hostile.LIGHT[name]
        data = make()
        found = examined(data)
        assert code in found.findings
        assert found.sha256 == hashlib.sha256(data).hexdigest()

    @pytest.mark.parametrize("name", hostile.HEAVY)
    def test_a_file_that_grows_or_never_ends_is_refused_in_time(self, name, examined, settings):
        settings.FILING_CHECK_SECONDS = 3
        code, make = hostile.HEAVY[name]
        data = make()
        began = time.monotonic()
        assert examined(data).findings == (code,)
        assert time.monotonic() - began < 10

    def test_a_file_over_the_limit_is_not_even_read(self, examined, settings, examiner):
        examiner("raise SystemExit(1)")
        settings.FILING_MAX_BYTES = 100
        assert examined(bytes(101)) == Examination(findings=("too_large",), size=101)

    def test_the_limit_of_pages_is_a_setting(self, examined, settings):
        settings.FILING_MAX_PAGES = 3
        assert examined(hostile.pages(3)).findings == ()
        refused = examined(hostile.pages(4))
        assert (refused.findings, refused.details) == (("too_many_pages",), {"too_many_pages": "4"})

    def test_a_missing_file_is_our_fault(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            examine(tmp_path / "absent.pdf")

    def test_a_process_that_does_not_begin_is_our_fault(self, examined, monkeypatch, tmp_path):
        monkeypatch.setattr(examination, "EXAMINER", tmp_path / "absent.py")
        with pytest.raises(ChildProcessError, match=r"absent\.py"):
            examined(b"x")

    @pytest.mark.parametrize(
        ("program", "code"),
        [
            ("import os; os.kill(os.getpid(), 11)", "unreadable"),
            ("import os; os.abort()", "unreadable"),
            ("raise ValueError", "unreadable"),
            ("import os; os.kill(os.getpid(), 24)", "too_much_work"),
            ("while True: pass", "too_much_work"),
            ("print('[1]')", "unreadable"),
            ("print('{')", "unreadable"),
            ("print('{\"checked\": 5}')", "unreadable"),
            ("print('{\"finding\": 5}')", "unreadable"),
            ('print(\'{"checked": {}, "thumbnail": "?"}\')', "unreadable"),
            ("print('x' * 20_000_000)", "unreadable"),
        ],
    )
    def test_a_process_that_fails_refuses_the_file(
        self, program, code, examiner, examined, settings
    ):
        settings.FILING_CHECK_SECONDS = 1
        examiner(program)
        assert examined(b"x").findings == (code,)

    def test_what_was_found_outlives_the_process(self, examiner, examined):
        examiner("""
import os
print('{"finding": "javascript", "detail": "7"}', flush=True)
os.abort()
""")
        found = examined(b"x")
        assert found.findings == ("javascript", "unreadable")
        assert found.details == {"javascript": "7"}

    def test_a_process_that_dies_while_describing_refuses_nothing(self, examiner, examined):
        examiner("""
import os
print('{"checked": {"pages": 9, "language": "en", "tagged": true}}')
print('{"text": "words"}')
print('{"text": "cut of', end="", flush=True)
os.abort()
""")
        found = examined(b"x")
        assert (found.findings, found.pages, found.text) == ((), 9, "words")

    def test_the_process_sees_nothing_of_the_site(self, examiner, examined, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "hidden")
        examiner("""
import json, os, sys
seen = [sys.stdin.read(), os.getcwd(), os.environ.get("SECRET_KEY"), os.getsid(0) == os.getpid()]
print('{"checked": {"pages": 1, "language": "", "tagged": false}}')
print(json.dumps({"text": json.dumps([*seen, len(os.listdir("/dev/fd"))])}))
""")
        *seen, descriptors = json.loads(examined(b"x").text)
        assert seen == ["", "/", None, True]
        assert descriptors <= 4

    @pytest.mark.skipif(sys.platform != "linux", reason="macOS has not all of these limits")
    def test_the_process_gives_up_what_it_does_not_need(self, examiner, examined):
        examiner(f"""
import json, resource, sys
sys.path.insert(0, {str(Path(pdf_examiner.__file__).parent)!r})
import pdf_examiner
pdf_examiner.give_up_privileges(2.5, 300 * 2**20)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
names = ["AS", "CPU", "FSIZE", "CORE", "NPROC"]
limits = [resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names]
try:
    bytes(400 * 2**20)
except MemoryError:
    limits.append("MemoryError")
print('{{"checked": {{"pages": 1, "language": "", "tagged": false}}}}')
print(json.dumps({{"text": json.dumps([int(status["NoNewPrivs"]), *limits])}}))
""")
        assert json.loads(examined(b"x").text) == [
            1, [300 * 2**20] * 2, [3, 3], [16 * 2**20] * 2, [0, 0], [0, 0], "MemoryError",
        ]  # fmt: skip

    def test_whatever_the_process_has_started_ends_with_it(
        self, examiner, examined, settings, tmp_path
    ):
        settings.FILING_CHECK_SECONDS = 1
        alive = tmp_path / "alive"
        os.mkfifo(alive)
        examiner(f"""
import os
os.fork()
os.write(os.open({str(alive)!r}, os.O_WRONLY), b"x")
while True: pass
""")
        reading = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
        try:
            assert examined(b"x").findings == ("too_much_work",)
            assert os.read(reading, 9) == b"xx"
            # Ready with nothing to read: nobody holds the other end any more.
            assert select.select([reading], [], [], 5)[0]
            assert os.read(reading, 9) == b""
        finally:
            os.close(reading)

    def test_sixty_pages_take_well_under_two_seconds(self, examined):
        line = "Net assets at the end of the year were what they were at its beginning."
        data = placeholder_pdf("Annual report", [line] * 12, pages=60)
        began = time.monotonic()
        found = examined(data)
        assert time.monotonic() - began < 2
        assert (found.pages, found.text.count("Net assets")) == (60, 720)
