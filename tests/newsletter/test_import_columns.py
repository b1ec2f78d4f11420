"""Columns are guessed as a person would, and a row says no more of someone than it should."""

import pytest

from newsletter.import_columns import Columns, entry_of, guessed_columns
from pages.csv_reading import Row
from pages.transfers.columns import begins_with_heads

pytestmark = pytest.mark.without_database


def table(*lines: str) -> list[Row]:
    """Return rows of these cells."""
    return [Row(number, line.split("|"), None) for number, line in enumerate(lines, start=1)]


@pytest.mark.parametrize(
    ("lines", "heads", "columns"),
    [
        (["ana@example.org"], False, Columns(0)),
        (["Ana|ana@example.org"], False, Columns(1)),
        (["Name|E-mail", "Ana|ana@example.org"], True, Columns(1, name=0)),
        (
            ["Email Address|First Name|Last Name|LANGUAGE", "a@b.example|A|B|en"],
            True,
            Columns(0, name=1, surname=2, language=3),
        ),
        (["Last name|Full name|Mail", "B|A B|a@b.example"], True, Columns(2, name=1)),
        (["Twitter|Email", "@ana|ana@example.org"], True, Columns(1)),
        (["Mail sent|To", "yes|ana@example.org"], True, Columns(1)),
        ([], False, Columns(0)),
    ],
)
def test_columns_are_guessed_from_their_heads_and_what_is_in_them(lines, heads, columns):
    rows = table(*lines)
    assert (begins_with_heads(rows), guessed_columns(rows)) == (heads, columns)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Ana   María ", "Ana María"),
        ("Ana\nBcc: all@example.org", "Ana Bcc: all@example.org"),
        ("evil\u202egnp.exe\u2066", "evilgnp.exe"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("A" * 101, "A" * 100),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_a_name_is_one_line_of_what_can_be_seen(written, name):
    row = Row(1, ["ana@example.org", written], None)
    assert entry_of(row, Columns(0, name=1), language="en").name == name


@pytest.mark.parametrize(
    ("written", "language"),
    [("es", "es"), ("ES-mx", "es"), ("pt_BR", "pt-br"), ("pt", "en"), ("tlh", "en"), ("", "en")],
)
def test_a_language_is_one_of_the_sites_or_the_one_chosen_for_all(settings, written, language):
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("es", "Spanish"), ("pt-br", "Port.")]
    row = Row(1, ["ana@example.org", written], None)
    assert entry_of(row, Columns(0, language=1), language="en").language == language


def test_a_row_that_is_too_short_has_no_address():
    entry = entry_of(Row(3, ["Ana"], None), Columns(4, name=0), language="en")
    assert (entry.address, entry.name) == (None, "Ana")
    assert entry.refusal == "There is no address in this row."
