"""All that the directory's page shows for a search, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from library.layouts import prefetched
from pages.page_links import PageLink, page_links
from teachers.directory.areas import areas_of
from teachers.directory.choice import DISTANCES, ONLINE, Choice, Reading
from teachers.directory.distances import Unit, choice_in_words, way_in_words
from teachers.directory.facets import (
    Facets,
    Names,
    Option,
    facets_of,
    names,
    offers,
    offers_anywhere,
)
from teachers.directory.query import everyone, nearest, offering, within
from teachers.directory.where import Asked, ask_where
from teachers.directory.words import found_by_words
from teachers.gazetteer.labels import labels_of
from teachers.geometry import Point, chord_squared, kilometres
from teachers.languages import language_name, unmarked
from teachers.maps.around import AroundMap, Town, around_map
from teachers.maps.world import WorldMap, world_map
from teachers.models.directory_entry import DirectoryEntry, DirectoryEntryQuerySet

PER_PAGE = 20
MOST_ONLINE = 6
MOST_NEAREST = 3


@dataclass(frozen=True)
class Card:
    """A teacher in a list."""

    entry: DirectoryEntry
    level: str
    place: str
    way: str
    languages: list[str]
    programs: list[str]

    @property
    def anchor(self) -> str:
        """The name of the card within the page, where the map leads."""
        return f"teacher-{self.entry.slug}"


@dataclass
class Results:
    """What a search found; where it asks back, nobody yet."""

    choice: Choice
    asked: Asked
    problems: list[str]
    facets: Facets
    pages: int = 1
    cards: list[Card] = field(default_factory=list)
    online: list[Card] = field(default_factory=list)
    nearest: list[Card] = field(default_factory=list)
    world: WorldMap | None = None
    around: AroundMap | None = None

    @property
    def total(self) -> int:
        """How many were found in all."""
        return self.facets.total

    @property
    def heading(self) -> str:
        """Return how many were found and where, in words."""
        number = _("No teachers")
        if self.total:
            number = ngettext("%(count)s teacher", "%(count)s teachers", self.total) % {
                "count": f"{self.total:,}"
            }
        if self.asked.where.point is not None:
            return _("%(teachers)s near %(place)s") % {
                "teachers": number,
                "place": self.asked.label,
            }
        if self.asked.label:
            return _("%(teachers)s in %(place)s") % {"teachers": number, "place": self.asked.label}
        return number

    @property
    def distances(self) -> list[Option]:
        """How far from the place to look: what there is to choose, and what was chosen."""
        chosen = self.choice.distance
        return [
            Option(str(far), choice_in_words(far, self.asked.unit), 0, far == chosen)
            for far in sorted({*DISTANCES, chosen})
        ]

    @property
    def samples_begin(self) -> str:
        """The first list that shows samples, where the page says so: "cards", "nearest", "online".

        Empty where nobody who is shown is one.
        """
        lists = {"cards": self.cards, "nearest": self.nearest, "online": self.online}
        with_samples = (
            name
            for name, cards in lists.items()
            if any(card.entry.teacher.is_sample for card in cards)
        )
        return next(with_samples, "")

    @property
    def all_online(self) -> str:
        """The query string of all who teach online, wherever they are."""
        return self.choice.address(near="", formats=(ONLINE,))

    @property
    def widened(self) -> str:
        """The query string of the same place without all that narrows the search."""
        return self.choice.widened().address()

    @property
    def page_links(self) -> list[PageLink]:
        """The links to the pages before and after this one, and to some next to it."""
        return page_links(
            self.choice.page, self.pages, lambda number: self.choice.address(page=number)
        )


def search(reading: Reading) -> Results:
    """Return what the page shows for what was read from its address."""
    known = names().programs
    programs = tuple(key for key in reading.choice.programs if key in known)
    reading = replace(reading, choice=replace(reading.choice, programs=programs))
    asked = ask_where(reading.choice)
    if not asked.is_answered:
        unasked = facets_of([], reading.choice, names())
        return Results(reading.choice, asked, reading.problems, unasked)
    return _Search(reading, asked).results()


class _Search:
    """One search, step by step: who is there, how many of what, one page of them, who else."""

    def __init__(self, reading: Reading, asked: Asked) -> None:
        self.choice, self.asked, self.problems = reading.choice, asked, list(reading.problems)
        self.names: Names = names()
        self.point: Point | None = asked.where.point

    @cached_property
    def by_words(self) -> list[int] | None:
        """The keys of those whom the words find, best first; None where none were typed."""
        return found_by_words(self.choice.q) if self.choice.q else None

    @cached_property
    def worded(self) -> DirectoryEntryQuerySet:
        """Those whom the words find, wherever they are."""
        return everyone() if self.by_words is None else everyone().filter(pk__in=self.by_words)

    def results(self) -> Results:
        """Return what the page shows."""
        here = within(self.worded, self.asked.where, self.choice.distance)
        is_everyone = self.asked.where.is_anywhere and self.by_words is None
        ranks = self.names.ranks
        found = offers_anywhere(ranks) if is_everyone else offers(here, ranks)
        facets = facets_of(found, self.choice, self.names)
        pages = max(1, ceil(facets.total / PER_PAGE))
        choice = self._on_a_page_that_is_there(pages)
        keys = self._page(offering(here, choice), choice.page) if facets.total else []
        closest = self._nearest() if not facets.total else []
        online = self._online(besides=closest) if choice.page == pages else []
        cards = self._cards([*keys, *online, *closest])
        return Results(
            choice=choice,
            asked=self.asked,
            problems=self.problems,
            facets=facets,
            pages=pages,
            cards=[cards[key] for key in keys],
            online=[cards[key] for key in online],
            nearest=[cards[key] for key in closest],
            world=self._world(here),
            around=self._around([cards[key] for key in keys]),
        )

    def _on_a_page_that_is_there(self, pages: int) -> Choice:
        if self.choice.page <= pages:
            return self.choice
        self.problems.append(
            ngettext(
                "There is one page of results, and this is it.",
                "There are %(pages)d pages of results, and this is the last.",
                pages,
            )
            % {"pages": pages}
        )
        return replace(self.choice, page=pages)

    def _page(self, found: DirectoryEntryQuerySet, page: int) -> list[int]:
        """The keys of one page: nearest first, else as the words found them, else by name."""
        start = (page - 1) * PER_PAGE
        if self.point is not None:
            ordered = found.order_by("square", "sort_name", "teacher_id")
        elif self.by_words is not None:
            fit = set(found.values_list("pk", flat=True))
            return [key for key in self.by_words if key in fit][start : start + PER_PAGE]
        else:
            ordered = found.order_by("sort_name", "teacher_id")
        return list(ordered.values_list("pk", flat=True)[start : start + PER_PAGE])

    def _online(self, besides: list[int]) -> list[int]:
        """The keys of some who teach online from elsewhere, in the chosen languages.

        Those who are shown as the nearest already need not be shown twice.
        """
        wants_none = self.choice.formats and ONLINE not in self.choice.formats
        if self.asked.where.is_anywhere or wants_none:
            return []
        choice = replace(self.choice, formats=(ONLINE,))
        entries = offering(self.worded, choice)
        if self.point is None:
            where = self.asked.where
            here = Q(country=where.country) & (Q(region=where.region) if where.region else Q())
            entries = entries.exclude(here).order_by("sort_name", "teacher_id")
        else:
            beyond = Q(square__gt=chord_squared(self.choice.distance))
            entries = nearest(self.point, entries).filter(beyond)
        found = entries.values_list("pk", flat=True)[: MOST_ONLINE + len(besides)]
        return [key for key in found if key not in besides][:MOST_ONLINE]

    def _nearest(self) -> list[int]:
        """The keys of the nearest who fit; where nobody does, of the nearest at all."""
        if self.point is None:
            return []
        for entries in (offering(self.worded, self.choice), everyone()):
            keys = nearest(self.point, entries).values_list("pk", flat=True)[:MOST_NEAREST]
            if found := list(keys):
                return found
        return []

    def _world(self, here: DirectoryEntryQuerySet) -> WorldMap | None:
        is_overview = self.asked.where.is_anywhere and self.by_words is None
        if not is_overview or self.choice.page > 1:
            return None
        areas = areas_of(offering(here, self.choice), self.choice)
        return world_map(areas) if areas else None

    def _around(self, cards: list[Card]) -> AroundMap | None:
        """The teachers of this page of results around the place, those of a town as one."""
        if self.point is None or not cards:
            return None
        by_town: dict[int, list[Card]] = {}
        for card in cards:
            by_town.setdefault(card.entry.place_id, []).append(card)
        towns = [
            Town(
                label=found[0].entry.place.name,
                count=len(found),
                point=Point(found[0].entry.place.latitude, found[0].entry.place.longitude),
                url=f"#{found[0].anchor}",
            )
            for found in by_town.values()
        ]
        unit = self.asked.unit or Unit.KILOMETRES
        return around_map(self.point, self.choice.distance, towns, unit)

    def _cards(self, keys: Iterable[int]) -> dict[int, Card]:
        entries = everyone().filter(pk__in=set(keys)).select_related("teacher__portrait", "place")
        entries = list(entries.prefetch_related(prefetched("teacher__portrait", "portrait")))
        places = labels_of({entry.place for entry in entries if entry.place})
        return {entry.pk: self._card(entry, places) for entry in entries}

    def _card(self, entry: DirectoryEntry, places: dict[int, str]) -> Card:
        return Card(
            entry=entry,
            level=self.names.levels[self.names.ranks[entry.level_id]],
            place=places.get(entry.place_id, ""),
            way=self._way(entry),
            languages=sorted(map(language_name, unmarked(entry.spoken)), key=str.casefold),
            programs=[
                name
                for key, name in self.names.programs.items()
                if str(key) in unmarked(entry.taught)
            ],
        )

    def _way(self, entry: DirectoryEntry) -> str:
        if self.point is None or entry.x is None:
            return ""
        east, north, up = self.point.vector
        square = (entry.x - east) ** 2 + (entry.y - north) ** 2 + (entry.z - up) ** 2
        return way_in_words(kilometres(square), self.asked.unit or Unit.KILOMETRES, self.asked.name)
