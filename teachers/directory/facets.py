"""How many teachers each further choice would find.

One question to the database counts the teachers of the place by what they offer, alike ones
together; all numbers follow from its answer, so that they agree with each other and with the
results. A choice's number is what is found when it is the only one of its kind.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache as cache_of
from typing import NamedTuple

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pages.fragments import fragment
from pages.generation import fragment_key
from teachers.directory.choice import FORMATS, IN_PERSON, Choice
from teachers.directory.query import everyone
from teachers.languages import language_name, unmarked
from teachers.models.directory_entry import DirectoryEntryQuerySet
from teachers.models.levels import Program, TrainingLevel
from teachers.models.settings import first_listed_rank

KINDS = ("levels", "languages", "formats", "programs")


@dataclass(frozen=True)
class Option:
    """One thing to choose: what the address says, in words, and how many it finds."""

    value: str
    label: str
    count: int
    is_chosen: bool


class Offer(NamedTuple):
    """What teachers offer who offer the same, kind by kind in the order of KINDS."""

    values: tuple[tuple, tuple, tuple, tuple]
    count: int


@dataclass(frozen=True)
class Facets:
    """How many are found in all, and what there is to choose from."""

    total: int
    levels: list[Option]
    languages: list[Option]
    formats: list[Option]
    programs: list[Option]


@dataclass(frozen=True)
class Names:
    """What levels, by rank, and programs, by key, are called, and the rank of each level.

    `first_rank` is that of the first level that is listed.
    """

    levels: dict[int, str]
    programs: dict[int, str]
    ranks: dict[int, int]
    first_rank: int


def names() -> Names:
    """Return the names in the active language, else as they were written first.

    Asked once in each generation of the site.
    """
    language = get_language()
    key = fragment_key("teacher-names", language)
    return fragment(key, lambda: _read_names(language))


def _read_names(language: str) -> Names:
    levels = list(TrainingLevel.objects.select_related("locale"))
    programs = list(Program.objects.select_related("locale"))
    level_names = {level.rank: level.name for level in reversed(levels)}
    level_names |= {one.rank: one.name for one in levels if one.locale.language_code == language}
    here = {one.translation_key: one for one in programs if one.locale.language_code == language}
    return Names(
        levels=dict(sorted(level_names.items())),
        programs={one.pk: here.get(one.translation_key, one).name for one in programs},
        ranks={level.pk: level.rank for level in levels},
        first_rank=first_listed_rank(),
    )


def offers(entries: DirectoryEntryQuerySet, ranks: dict[int, int]) -> list[Offer]:
    """Return what the entries offer, in one query."""
    # Thousands of offers say the same few hundred things.
    codes, keys, formats = cache_of(_codes), cache_of(_keys), cache_of(_format_names)
    columns = ("level", "in_person", "online", "spoken", "taught")
    grouped = entries.order_by().values(*columns).annotate(count=Count("*"))
    return [
        Offer(((ranks[level],), codes(spoken), formats(here, online), keys(taught)), count)
        for level, here, online, spoken, taught, count in grouped.values_list(*columns, "count")
    ]


def _format_names(in_person: bool, online: bool) -> tuple[str, ...]:
    return tuple(name for name, has in zip(FORMATS, (in_person, online), strict=True) if has)


def _codes(spoken: str) -> tuple[str, ...]:
    return tuple(unmarked(spoken))


def _keys(taught: str) -> tuple[int, ...]:
    return tuple(map(int, unmarked(taught)))


def offers_anywhere(ranks: dict[int, int]) -> list[Offer]:
    """Return what all entries offer, asked once a day in each generation of the site."""
    key = fragment_key("teacher-offers", timezone.localdate().isoformat())
    return fragment(key, lambda: offers(everyone(), ranks))


def facets_of(found: list[Offer], choice: Choice, known: Names) -> Facets:
    """Return the numbers that follow from what the teachers of a place offer."""
    wanted = [(kind, frozenset(getattr(choice, name))) for kind, name in enumerate(KINDS)]
    wanted = [(kind, values) for kind, values in wanted if values]
    counts = [Counter() for _kind in KINDS]
    total = 0
    for offer in found:
        unfit = [kind for kind, values in wanted if values.isdisjoint(offer.values[kind])]
        if len(unfit) > 1:
            continue  # no single other choice would find it
        if not unfit:
            total += offer.count
        for kind in unfit or range(len(KINDS)):
            for value in offer.values[kind]:
                counts[kind][value] += offer.count
    levels, languages, formats, programs = counts
    return Facets(
        total=total,
        levels=[
            Option(str(rank), label, levels[rank], rank in choice.levels)
            for rank, label in known.levels.items()
            if rank >= known.first_rank
        ],
        languages=_options(
            _languages({*languages, *choice.languages}), languages, choice.languages
        ),
        formats=[
            Option(name, label, formats[name], name in choice.formats)
            for name, label in _formats().items()
        ],
        programs=_options(known.programs, programs, choice.programs),
    )


def _options(labels: dict, counts: Counter, chosen: tuple) -> list[Option]:
    """The options that find someone or are chosen, in the order of their labels."""
    return [
        Option(str(value), label, counts[value], value in chosen)
        for value, label in labels.items()
        if counts[value] or value in chosen
    ]


def _languages(codes: set[str]) -> dict[str, str]:
    named = {code: language_name(code) for code in codes}
    return dict(sorted(named.items(), key=lambda item: item[1].casefold()))


def _formats() -> dict[str, str]:
    return {name: _("In person") if name == IN_PERSON else _("Online") for name in FORMATS}
