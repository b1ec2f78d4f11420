"""What a row of a list says of a teacher, or why it says nothing that can be taken."""

import datetime
import re
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.whitelist import Whitelister, allow_without_attributes

from pages.csv_reading import Row
from pages.email_addresses import BadAddress, parse_address
from pages.spreadsheets import plain_cell
from pages.transfers.columns import cell_of
from teachers.folding import fold
from teachers.gazetteer.labels import label_of
from teachers.gazetteer.search import resolve
from teachers.import_columns import HEADS, Columns
from teachers.languages import language_names
from teachers.models import Place, Program, Teacher, TrainingLevel
from teachers.own_entry_words import rich_text

LONGEST_REASON = 600
MOST_CANDIDATES = 4
MOST_TOWNS = 20_000  # texts of towns that are remembered
YES = {"yes", "y", "true", "1", "x"}
NO = {"no", "n", "false", "0"}
ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
# Before what a spreadsheet would take for a formula in the middle of a cell.
GUARD = re.compile(r"""([;|\t][\s"']*)'(?=[=+\-@\u2212\uff0b\uff0d\uff1d\uff20])""")
LIST_SIGNS = re.compile(r"[;,\n]")
IN_PERSON = {"in person", "inperson", "onsite", "live", "face to face"}
ONLINE = {"online", "on line", "virtual", "remote"}
# What is taken out of a teacher when the cell is empty and empty cells delete.
EMPTY = {
    "sort_name": "", "credentials": "", "level_date": None, "languages": [], "programs": [],
    "place_id": None, "website": "", "public_phone": "", "last_confirmed": None, "biography": "",
}  # fmt: skip
FIELD_OF = {"place": "place_id", "level": "level_id"}


class Refusal(ValueError):  # noqa: N818 - it names what becomes of the row
    """A cell cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class Entry:
    """What a row says: values by the teacher's fields, programs by their keys.

    Where it cannot be taken, `refusal` says why. `key` is what the address is compared as.
    """

    row: Row
    key: str = ""
    values: dict[str, object] = field(default_factory=dict)
    refusal: str = ""


class Known:
    """What rows may name: levels, programs, languages, and towns as far as they were asked for.

    Made anew for some hundred rows. `towns` may be that of the rows before, since a town is most
    of the work that a row makes and comes again and again; it is emptied before it grows too large.
    """

    def __init__(self, towns: dict[str, Place | Refusal] | None = None) -> None:
        self.towns = {} if towns is None else towns

    @cached_property
    def levels(self) -> dict[str, int]:
        """The keys of levels by their folded names."""
        return {fold(level.name): level.pk for level in TrainingLevel.objects.all()}

    @cached_property
    def programs(self) -> dict[str, int]:
        """The keys of programs by their folded names."""
        return {fold(program.name): program.pk for program in Program.objects.all()}

    @cached_property
    def languages(self) -> dict[str, str]:
        """The codes of languages by themselves and by their folded names."""
        names = language_names()
        return {**{fold(name): code for code, name in names.items()}, **{c: c for c in names}}

    def town(self, text: str) -> Place:
        """Return the town that a text means; raises Refusal where it is none, or more than one."""
        if text not in self.towns:
            if len(self.towns) >= MOST_TOWNS:
                self.towns.clear()
            try:
                self.towns[text] = _town(text)
            except Refusal as refusal:
                self.towns[text] = refusal
        found = self.towns[text]
        if isinstance(found, Refusal):
            raise Refusal(str(found))
        return found


def address_key(text: str) -> str:
    """Return what an address is compared as; raises Refusal."""
    if not text:
        raise Refusal(_("There is no contact address in this row, by which teachers are known."))
    try:
        return parse_address(text).key
    except BadAddress as error:
        raise Refusal(str(error)) from error


def entry_of(
    row: Row,
    columns: Columns,
    known: Known,
    *,
    teacher: Teacher | None,
    empty_clears: bool = False,
) -> Entry:
    """Return what a row says of `teacher`; None stands for one who is new."""
    try:
        address = written(cell_of(row, columns["contact_address"]))
        key = address_key(address)
        values: dict[str, object] = {} if teacher else {"contact_address": address}
        for held, column in columns.items():
            if column is None or held == "contact_address":
                continue
            text = written(cell_of(row, column))
            if text:
                values |= _values(held, text, known, teacher)
            elif empty_clears and teacher and FIELD_OF.get(held, held) in EMPTY:
                values[FIELD_OF.get(held, held)] = EMPTY[FIELD_OF.get(held, held)]
        _check(values, is_new=teacher is None)
    except Refusal as refusal:
        return Entry(row, refusal=Truncator(str(refusal)).chars(LONGEST_REASON))
    return Entry(row, key, values)


def written(cell: str) -> str:
    """Return what was written into a cell, without the apostrophes by which our files guard it."""
    text = cell.strip()
    bare = GUARD.sub(r"\1", text)
    return next((one for one in (bare.removeprefix("'"), bare) if plain_cell(one) == text), text)


def _values(held: str, text: str, known: Known, teacher: Teacher | None) -> dict[str, object]:
    """The values of the fields that a cell holds; raises Refusal."""
    match held:
        case "level":
            return {"level_id": _named(text, known.levels, "level")}
        case "programs":
            return {"programs": sorted({_named(t, known.programs, held) for t in _programs(text)})}
        case "languages":
            codes = [_named(part, known.languages, held) for part in _parts(text)]
            return {"languages": sorted(set(codes))}
        case "formats":
            return _formats(text)
        case "place":
            if teacher and teacher.place and label_of(teacher.place) == text:
                return {"place_id": teacher.place_id}
            return {"place_id": known.town(text).pk}
        case "level_date" | "last_confirmed":
            return {held: _date(held, text)}
        case "is_trainer" | "agreed_to_be_listed":
            return {held: _yes_or_no(held, text)}
        case "website":
            return {held: _website(text)}
        case "biography":
            same = teacher is not None and text == teacher.biography.strip()
            return {held: teacher.biography if same else _rich(text)}
        case _:
            return {held: " ".join(text.split())}


def _check(values: dict[str, object], *, is_new: bool) -> None:
    """Ask the model's own fields; raises Refusal with the first thing that they refuse."""
    if is_new and not values.get("name"):
        raise Refusal(_("A new teacher needs a name."))
    if is_new and not values.get("level_id"):
        raise Refusal(_("A new teacher needs a training level."))
    for name in values.keys() - {"programs", "level_id", "place_id", "contact_address"}:
        model_field = Teacher._meta.get_field(name)
        try:
            model_field.clean(values[name], None)
        except ValidationError as error:
            label = HEADS.get(name, model_field.verbose_name)
            raise Refusal(f"{label}: {' '.join(error.messages)}") from error


def _parts(text: str) -> list[str]:
    return [part.strip() for part in LIST_SIGNS.split(text) if part.strip()]


def _programs(text: str) -> list[str]:
    """The names in a cell; a comma may be part of one."""
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _named(text: str, among: dict[str, object], held: str) -> object:
    found = among.get(fold(text), among.get(text.lower()))
    if found is None:
        raise Refusal(_UNKNOWN[held]() % {"name": Truncator(text).chars(60)})
    return found


_UNKNOWN = {
    "level": lambda: _("There is no training level “%(name)s”. See Teachers → Levels."),
    "programs": lambda: _(
        "There is no program “%(name)s”. See Teachers → Programs; several are parted by semicolons."
    ),
    "languages": lambda: _(
        "There is no language “%(name)s”. Write its English name or its code, such as “es”."
    ),
}


def _formats(text: str) -> dict[str, bool]:
    parts = {fold(part) for part in _parts(text.replace("/", ";").replace(" and ", ";"))}
    if parts == {"both"}:
        parts = {"in person", "online"}
    if strange := parts - IN_PERSON - ONLINE:
        raise Refusal(
            _("“%(name)s” is no format. Write “in person”, “online” or both.")
            % {"name": Truncator(min(strange)).chars(60)}
        )
    return {"teaches_in_person": bool(parts & IN_PERSON), "teaches_online": bool(parts & ONLINE)}


def _date(held: str, text: str) -> datetime.date:
    if found := ISO_DATE.fullmatch(text):
        year, month, day = found.groups()
    elif found := US_DATE.fullmatch(text):
        month, day, year = found.groups()
    else:
        raise Refusal(_no_date(held, text))
    try:
        date = datetime.date(int(year), int(month), int(day))
    except ValueError as error:
        raise Refusal(_no_date(held, text)) from error
    if date > timezone.localdate():
        raise Refusal(
            _("%(column)s: %(date)s has not come yet.")
            % {"column": HEADS[held], "date": date.isoformat()}
        )
    return date


def _no_date(held: str, text: str) -> str:
    return _("%(column)s: “%(text)s” is no date. Write it as 2026-05-31 or 5/31/2026.") % {
        "column": HEADS[held],
        "text": Truncator(text).chars(40),
    }


def _yes_or_no(held: str, text: str) -> bool:
    word = text.lower()
    if word in YES or word == _("yes"):
        return True
    if word in NO or word == _("no"):
        return False
    raise Refusal(
        _("%(column)s: “%(text)s” is neither yes nor no.")
        % {"column": HEADS[held], "text": Truncator(text).chars(40)}
    )


def _website(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    if not address.lower().startswith(("https://", "http://")):
        raise Refusal(_("The website has to begin with https:// or http://."))
    return address


def _town(text: str) -> Place:
    if text.isascii() and text.isdigit() and len(text) < 16:
        towns = Place.objects.filter(pk=int(text), kind=Place.Kind.TOWN)
        if town := towns.first():
            return town
    meant = resolve(text)
    shown = Truncator(text).chars(60)
    if isinstance(meant.place, Place) and meant.place.kind == Place.Kind.TOWN:
        return meant.place
    towns = [place for place in meant.candidates if place.kind == Place.Kind.TOWN]
    if towns:
        labels = "; ".join(f"{label_of(town)} [{town.pk}]" for town in towns[:MOST_CANDIDATES])
        raise Refusal(
            _(
                "There are several places “%(name)s”. Write one of these, or its number: "
                "%(candidates)s."
            )
            % {"name": shown, "candidates": labels}
        )
    if isinstance(meant.place, Place):
        raise Refusal(_("“%(name)s” is no town. Write the nearest town.") % {"name": shown})
    if meant.near_spellings:
        near = "; ".join(meant.near_spellings[:MOST_CANDIDATES])
        raise Refusal(
            _("No town “%(name)s” is known. Did you mean: %(near)s?")
            % {"name": shown, "near": near}
        )
    raise Refusal(
        _("No town “%(name)s” is known. Write it with its country, or take the nearest larger one.")
        % {"name": shown}
    )


class _Biography(Whitelister):
    """Leaves those marks that a biography may have."""

    element_rules = dict.fromkeys(
        ("[document]", "p", "b", "strong", "i", "em", "ol", "ul", "li", "br"),
        allow_without_attributes,
    )


def _rich(text: str) -> str:
    """A biography as it is stored, from plain text or from one of our own files."""
    if re.search(r"<(p|ul|ol)\b", text):
        return _Biography().clean(text)
    return rich_text(text)
