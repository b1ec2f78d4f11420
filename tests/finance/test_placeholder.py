"""Where a document is still to come, a PDF says so on each page, and is a good PDF itself."""

import io

import pikepdf
import pypdfium2
import pytest

from finance.examination import examine
from finance.placeholder import HEIGHT, MARGIN, WIDTH, placeholder_pdf

pytestmark = pytest.mark.without_database

TITLE = "Form 990 for tax year 2021, July 2021 to June 2022"
LINES = [
    "This is a placeholder.",
    "Staff: open this filing under “Finance”, choose the file and publish (it replaces this one).",
    "Nothing here is a figure of the organisation.",
]


def words_by_page(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [" ".join(sheet.get_textpage().get_text_bounded().split()) for sheet in pdf]


def test_each_page_says_all_of_it_and_its_number():
    assert words_by_page(placeholder_pdf(TITLE, LINES, pages=3)) == [
        " ".join([TITLE, *LINES, f"{n} / 3"]) for n in (1, 2, 3)
    ]


def test_the_site_itself_would_accept_it(tmp_path):
    path = tmp_path / "placeholder.pdf"
    path.write_bytes(placeholder_pdf(TITLE, LINES, language="en-US"))
    found = examine(path)
    assert (found.findings, found.pages) == ((), 2)
    assert found.tagged
    assert found.language == "en-US"
    assert found.thumbnail


def test_the_same_words_give_the_same_bytes_and_others_do_not():
    assert placeholder_pdf(TITLE, LINES) == placeholder_pdf(TITLE, LINES)
    assert placeholder_pdf(TITLE, LINES) != placeholder_pdf(TITLE, LINES[:2])


def test_a_reader_shows_the_title_and_a_screen_reader_the_order():
    with pikepdf.open(io.BytesIO(placeholder_pdf(TITLE, LINES))) as pdf:
        assert str(pdf.docinfo.Title) == TITLE
        assert pdf.open_metadata()["dc:title"] == TITLE
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        document = pdf.Root.StructTreeRoot.K
        assert [str(element.S) for element in document.K] == ["/H1", "/P", "/P", "/P"] * 2
        assert [element.Pg.objgen for element in document.K] == [
            sheet.obj.objgen for sheet in pdf.pages for _ in range(4)
        ]
        places = pdf.Root.StructTreeRoot.ParentTree.Nums
        assert [element.objgen for element in places[3]] == [
            element.objgen for element in list(document.K)[4:]
        ]
        assert not list(pdf.check_pdf_syntax())


def test_the_first_line_is_the_largest():
    with pypdfium2.PdfDocument(placeholder_pdf(TITLE, LINES)) as pdf:
        sizes = {}
        sheet = pdf[0]
        words = sheet.get_textpage()
        kinds = [pypdfium2.raw.FPDF_PAGEOBJ_TEXT]
        for thing in sheet.get_objects(filter=kinds, textpage=words):
            sizes[thing.extract().strip()] = thing.get_font_size()
    first = sizes.pop(LINES[0])
    assert first >= 24
    assert max(sizes.values()) < first


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        ["W" * 300],
        ["WWWWWWWW " * 20, "iiii " * 100],
        ["@" * 90, "Ünïcödé — “quotes” … € " * 8],
        ["word " * 200, "word " * 200],
    ],
)
def test_no_letter_leaves_the_page(lines):
    with pypdfium2.PdfDocument(placeholder_pdf(TITLE * 2, lines)) as pdf:
        words = pdf[0].get_textpage()
        letters = [n for n in range(words.count_chars()) if words.get_text_range(n, 1).strip()]
        boxes = [words.get_charbox(n) for n in letters]
    assert min(box[0] for box in boxes) >= MARGIN - 1
    assert max(box[2] for box in boxes) <= WIDTH - MARGIN + 1
    assert min(box[1] for box in boxes) > 36
    assert max(box[3] for box in boxes) < HEIGHT - 36


def test_letters_that_the_font_lacks_become_the_nearest():
    (words,) = words_by_page(placeholder_pdf("Łódź ﬁ \u2460 東京 (a\\b)", ["é – “x”"], pages=1))
    assert words == "?ódz fi 1 ?? (a\\b) é – “x” 1 / 1"


def test_without_lines_there_is_still_the_title():
    assert words_by_page(placeholder_pdf(TITLE, [], pages=1)) == [f"{TITLE} 1 / 1"]


def test_more_than_a_page_holds_is_an_error():
    with pytest.raises(ValueError, match="too many words"):
        placeholder_pdf(TITLE, ["word " * 5000])
