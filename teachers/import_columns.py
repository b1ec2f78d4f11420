"""Which column of a list of teachers holds what."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from pages.csv_reading import Row
from pages.transfers.columns import cell_of, plain_head

# What may be in a list, with the head of its column in our own exports. The address comes first,
# since teachers are told apart by it.
HEADS = {
    "contact_address": _("Contact address"),
    "name": _("Name"),
    "sort_name": _("Sort name"),
    "credentials": _("Credentials"),
    "level": _("Training level"),
    "level_date": _("Reached on"),
    "is_trainer": _("Teacher Trainer"),
    "languages": _("Languages"),
    "formats": _("Formats"),
    "programs": _("Programs"),
    "place": _("Town"),
    "website": _("Website"),
    "public_phone": _("Public phone"),
    "agreed_to_be_listed": _("Agreed to be listed"),
    "last_confirmed": _("Last confirmed"),
    "biography": _("Biography"),
}
# What else such a column may be called, without spaces and the like.
OTHER_HEADS = {
    "contact_address": ("email", "emailaddress", "mail", "address", "contact", "contactemail"),
    "name": ("fullname", "teacher", "teachername"),
    "sort_name": ("filedas",),
    "credentials": ("titles", "degrees"),
    "level": ("level", "certification", "status"),
    "level_date": ("leveldate", "certified", "certifiedon", "certificationdate"),
    "is_trainer": ("trainer", "istrainer"),
    "languages": ("language", "lang", "teachesin"),
    "formats": ("format", "teaches"),
    "programs": ("program", "courses", "programstaught"),
    "place": ("place", "city", "location", "cityandcountry"),
    "website": ("url", "web", "homepage", "site"),
    "public_phone": ("phone", "telephone"),
    "agreed_to_be_listed": ("consent", "agreed", "listed"),
    "last_confirmed": ("confirmed", "confirmedon", "renewed"),
    "biography": ("bio", "about"),
}
Columns = dict[str, int | None]  # what is held: the number of its column, from 0


def guessed_columns(rows: list[Row]) -> Columns:
    """Return the likely columns of a list that begins with these rows, by what its heads say.

    Where no head names the address, it is where most rows have an @.
    """
    heads = [plain_head(cell) for cell in rows[0].cells] if rows else []
    guess: Columns = {}
    for held, head in HEADS.items():
        free = set(range(len(heads))) - {column for column in guess.values() if column is not None}
        guess[held] = _first((plain_head(str(head)), *OTHER_HEADS[held]), heads, free)
    if guess["contact_address"] is None:
        guess["contact_address"] = max(
            range(max(len(heads), 1)),
            key=lambda column: sum("@" in cell_of(row, column) for row in rows),
        )
    return guess


def _first(wanted: Iterable[str], heads: list[str], free: set[int]) -> int | None:
    """The free column with the first of the wanted heads that there is."""
    return next(
        (column for head in wanted for column in sorted(free) if heads[column] == head), None
    )
