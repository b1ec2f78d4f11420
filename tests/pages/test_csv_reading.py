"""Lists are read as people's programs write them, from any row on, and nonsense gets a sentence."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.csv_reading import (
    LONGEST_ROW,
    MOST_COLUMNS,
    MOST_ROWS,
    UnreadableListError,
    rewrite,
    rows,
    survey,
)

pytestmark = pytest.mark.without_database
LIST = "Email,Name\nana@example.org,Ana Müller\nben@example.org,Ben\n"
CELLS = [
    ["Email", "Name"],
    ["ana@example.org", "Ana Müller"],
    ["ben@example.org", "Ben"],
]


def rewritten(content: bytes) -> io.BytesIO:
    """Return the file as it is kept."""
    file = io.BytesIO()
    rewrite(io.BytesIO(content), file)
    return file


def cells_of(content: bytes) -> list[list[str]]:
    """Return all that is read in a file."""
    file = rewritten(content)
    return [row.cells for row in rows(file, survey(file).delimiter)]


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("windows-1252"),
        LIST.replace(",", "\t").encode("utf-16"),
        b"\xfe\xff" + LIST.replace(",", "\t").encode("utf-16-be"),
        LIST.replace(",", ";").encode(),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("\n", "\r").encode(),
        LIST.rstrip().encode(),
        LIST.replace("ana@example.org", '"ana@example.org"').encode(),
        LIST.replace(",", ", ").encode(),
    ],
    ids=[
        "UTF-8",
        "UTF-8 with a mark",
        "Windows-1252",
        "Excel's Unicode text",
        "the same from the other end",
        "semicolons",
        "CR LF",
        "CR",
        "no last line end",
        "quoted",
        "a space after each comma",
    ],
)
def test_each_way_to_write_a_list_is_read_alike(content):
    assert cells_of(content) == CELLS


def test_commas_in_names_do_not_hide_semicolons():
    content = "Doe, Jane;jane@example.org\nRoe, Rita;rita@example.org\n"
    assert cells_of(content.encode()) == [
        ["Doe, Jane", "jane@example.org"],
        ["Roe, Rita", "rita@example.org"],
    ]


def test_a_list_of_nothing_but_addresses_has_one_column():
    assert cells_of(b"ana@example.org\nben@example.org") == [
        ["ana@example.org"],
        ["ben@example.org"],
    ]


def test_rows_are_numbered_as_a_spreadsheet_does_and_empty_ones_left_out():
    file = rewritten(b'\nana@example.org,"two\nlines"\n,\n\nben@example.org,Ben\n\n')
    assert survey(file).rows == 2
    found = list(rows(file, ","))
    assert [row.number for row in found] == [2, 5]
    assert found[0].cells[1] == "two\nlines"


@given(
    st.lists(
        st.lists(st.sampled_from(["", "a", "é", '"b ""c"""', '"d\ne"', "f@g"]), max_size=3),
        max_size=12,
    ),
    st.integers(min_value=0, max_value=11),
)
def test_reading_goes_on_after_any_row_as_if_it_had_never_stopped(table, stop):
    text = "\n".join([",".join(row) for row in table] + ["h@i.example"])
    file = rewritten(text.encode())
    whole = list(rows(file, ","))
    stop = min(stop, len(whole) - 1)
    assert list(rows(file, ",", whole[stop].end)) == whole[stop + 1 :]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04" + b"\x00" * 100, "workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "workbook"),
        (b"ana@example.org\x00,Ana\n", "not a text file"),
        (LIST.encode("utf-16-le"), "not a text file"),
        (LIST.encode("utf-32"), "not a text file"),
        (b"\xff\xfea\x00@\x00b", "cannot be read"),
        (b"ana@example.org,\x81\x8d\n", "cannot be read"),
        (b"", "no email address"),
        (b"\xff\xfe", "no email address"),
        (b"ana+AEA-example.org,Ana\n", "no email address"),
        (b"%PDF-1.7 no list at all\n", "no email address"),
        (b'a@b.example,"never closed\n' + b"c@d.example,C\n" * 10, "do not come in pairs"),
        (b'a@b.example,"closed"too early\n', "do not come in pairs"),
        (b'a@b.example,"' + b"x" * 20_000_000 + b'"\n', "Row 1 is longer"),
        (b"a@b.example " * 1_700_000, "Row 1 is longer"),
        (b"a@b.example\n" + b"\xc3\xa9" * LONGEST_ROW, "Row 2 is longer"),
        (b"a@b.example\n" + b'"' + b"\n" * (LONGEST_ROW + 1), "Row 2 is longer"),
        (b"a@b.example" + b"," * 9_999 + b"\n", "10,000 columns"),
        (b"a@b.example" + b"," * MOST_COLUMNS + b"\n", "101 columns"),
        (b"a@b.example\n" * (MOST_ROWS + 1), "more than 200,000 rows"),
        (b"a@b.example" + b"\n" * 20_000_000, "more than 200,000 rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_is_no_list_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(UnreadableListError, match=sentence):
        survey(rewritten(content))


@pytest.mark.parametrize(
    "content",
    [
        b"a@b.example" + b"," * (MOST_COLUMNS - 1),
        b"a@b.example\n" * MOST_ROWS,
        b"a@b.example," + b"x" * (LONGEST_ROW - 13),
    ],
    ids=["columns", "rows", "a row's length"],
)
def test_what_is_just_within_the_bounds_is_read(content):
    assert survey(rewritten(content)).rows in {1, MOST_ROWS}


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_get_a_sentence(content):
    with suppress(UnreadableListError):
        assert survey(rewritten(b"a@b.example\n" + content)).rows >= 1
