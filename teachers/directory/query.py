"""Turns a search into questions to the database: who fits, who is near, how many of what.

A distance is compared by the square of a straight line (`teachers/geometry.py`), so that SQLite
and PostgreSQL compute the same numbers and put the same teachers in the same order.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.expressions import ExpressionWrapper

from teachers.directory.choice import IN_PERSON, ONLINE, Choice
from teachers.geometry import Point, cells_around, chord_squared
from teachers.languages import MARK
from teachers.models.directory_entry import DirectoryEntry, DirectoryEntryQuerySet
from teachers.models.levels import TrainingLevel

# In one town even where the arithmetic of two roundings differs; far less than a kilometre.
SAME_PLACE = 1e-12


@dataclass(frozen=True)
class Where:
    """Where to look: around a point, or in an area; everywhere when both are empty."""

    point: Point | None = None
    country: str = ""
    region: str = ""

    @property
    def is_anywhere(self) -> bool:
        """Whether no place was asked for."""
        return self.point is None and not self.country


ANYWHERE = Where()


def square_to(point: Point) -> ExpressionWrapper:
    """Return the square of the straight line from an entry to a point, as the database has it."""
    x, y, z = point.vector
    east, north, up = F("x") - x, F("y") - y, F("z") - z
    return ExpressionWrapper(east * east + north * north + up * up, output_field=FloatField())


def within(entries: DirectoryEntryQuerySet, where: Where, distance: int) -> DirectoryEntryQuerySet:
    """Return those in the area, or not farther than `distance` km from the point."""
    if where.point is not None:
        cells = cells_around(where.point, distance)
        if cells is not None:
            entries = entries.filter(cell__in=cells)
        square = chord_squared(distance) + SAME_PLACE
        return (
            entries.filter(x__isnull=False)
            .annotate(square=square_to(where.point))
            .filter(square__lte=square)
        )
    if where.country:
        entries = entries.filter(country=where.country)
    if where.region:
        entries = entries.filter(region=where.region)
    return entries


def offering(entries: QuerySet, choice: Choice) -> QuerySet:
    """Return those of any chosen level who offer any of each kind of thing that was chosen."""
    if choice.levels:
        entries = entries.filter(level__in=TrainingLevel.objects.filter(rank__in=choice.levels))
    if choice.formats:
        ways = {IN_PERSON: Q(in_person=True), ONLINE: Q(online=True)}
        entries = entries.filter(_any(ways[name] for name in choice.formats))
    for column, values in (("spoken", choice.languages), ("taught", choice.programs)):
        if values:
            # A code stands between marks, so that none is a part of another.
            found = (Q(**{f"{column}__contains": f"{MARK}{value}{MARK}"}) for value in values)
            entries = entries.filter(_any(found))
    return entries


def _any(conditions: Iterable[Q]) -> Q:
    joined = Q()
    for condition in conditions:
        joined |= condition
    return joined


def nearest(point: Point, entries: DirectoryEntryQuerySet) -> DirectoryEntryQuerySet:
    """Return those who have a place, the nearest first, with the square of the way to them."""
    entries = entries.filter(x__isnull=False).annotate(square=square_to(point))
    return entries.order_by("square", "sort_name", "teacher_id")


def everyone() -> DirectoryEntryQuerySet:
    """Return all who may be shown today."""
    return DirectoryEntry.objects.current()
