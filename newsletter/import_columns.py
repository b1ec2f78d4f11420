"""Which column of a list holds what, and what a row says of a person."""

import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from newsletter.forms import JOINERS, MOST_OF_A_NAME, NOT_IN_A_NAME
from pages.csv_reading import Row
from pages.email_addresses import Address, BadAddress, parse_address
from pages.transfers.columns import cell_of, plain_head

LONGEST_REASON = 300
# What programs that keep lists write above their columns, without spaces and the like.
NAME_HEADS = ("name", "fullname", "firstname", "givenname", "fname")
SURNAME_HEADS = ("lastname", "surname", "familyname", "lname")
LANGUAGE_HEADS = ("language", "lang", "locale")


@dataclass(frozen=True)
class Columns:
    """The column of each, counted from 0; None where there is none."""

    address: int
    name: int | None = None
    surname: int | None = None
    language: int | None = None


@dataclass(frozen=True)
class Entry:
    """What a row says. Without an address, `refusal` says why."""

    number: int
    address: Address | None
    name: str
    language: str
    refusal: str = ""


def guessed_columns(rows: list[Row]) -> Columns:
    """Return the likely columns of a list that begins with these rows.

    The address is where most of them have an @, and among such columns where the head says so.
    """
    width = max((len(row.cells) for row in rows), default=1)
    heads = [plain_head(cell) for cell in rows[0].cells] if rows else []
    heads += [""] * (width - len(heads))

    def likeness(column: int) -> tuple[int, bool]:
        found = sum("@" in cell_of(row, column) for row in rows)
        return found, "mail" in heads[column]

    name = _first(NAME_HEADS, heads)
    is_whole_name = name is not None and heads[name] in NAME_HEADS[:2]
    return Columns(
        address=max(range(width), key=likeness),
        name=name,
        surname=None if is_whole_name else _first(SURNAME_HEADS, heads),
        language=_first(LANGUAGE_HEADS, heads),
    )


def entry_of(row: Row, columns: Columns, *, language: str) -> Entry:
    """Return what a row says; `language` is that of a row that names none of the site's."""
    name = _name(f"{cell_of(row, columns.name)} {cell_of(row, columns.surname)}")
    own_language = _language(cell_of(row, columns.language)) or language
    text = cell_of(row, columns.address)
    if not text.strip():
        return Entry(row.number, None, name, own_language, _("There is no address in this row."))
    try:
        return Entry(row.number, parse_address(text), name, own_language)
    except BadAddress as error:
        return Entry(row.number, None, name, own_language, str(error)[:LONGEST_REASON])


def _first(wanted: tuple[str, ...], heads: list[str]) -> int | None:
    """The column with the first of the wanted heads that there is."""
    return next((heads.index(head) for head in wanted if head in heads), None)


def _name(text: str) -> str:
    """The name on one line and without signs that nobody sees, since nobody is there to ask."""
    seen = (
        " " if sign.isspace() else sign
        for sign in text
        if sign.isspace() or sign in JOINERS or unicodedata.category(sign) not in NOT_IN_A_NAME
    )
    return " ".join("".join(seen).split())[:MOST_OF_A_NAME].rstrip()


def _language(text: str) -> str:
    """The site's language of that code, as in "es" or "es-MX"; empty where it is none."""
    code = text.strip().replace("_", "-").lower()
    codes = {known.lower(): known for known, _label in settings.WAGTAIL_CONTENT_LANGUAGES}
    return codes.get(code) or codes.get(code.partition("-")[0], "")
