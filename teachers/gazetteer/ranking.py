"""Decides which of several places of one name is meant.

The weight of a name is the population of its place, less where people seldom mean it (below). The
first is meant without asking when its weight is DWARFS times that of the next one elsewhere:
"Moscow" is the one in Russia, while "Portland" asks which, since the largest in Oregon has but 9.8
times the people of the one in Maine. What lies inside the first, or as near to it as a suburb, is
no rival: a search for teachers finds the same ones. Nor is what has the name as a nickname or in
another language alone, where a place of that very name has as much weight: "York" is not Warner
Robins in Georgia.
"""

from collections.abc import Iterable
from typing import NamedTuple

from teachers.folding import fold, place_key
from teachers.geometry import Point, distance

DWARFS = 10
SUBURB = 20  # km
# A name that is not the place's own first one (a nickname, another language) is weaker evidence.
OTHER_NAME = 8
# Regions are searched for less than towns of their name; the states of the US more than others.
US_STATE, OTHER_REGION = 4, 32
CODE_WEIGHT = 1000  # of "CA", "OR", "FR", "DEU"
SMALLEST = 100  # the weight of places whose population GeoNames does not know
LARGEST = 2_000_000_000  # what an integer column holds

_ORDER = {"country": 0, "town": 1, "state": 2, "postcode": 3}


class Hit(NamedTuple):
    """A place that has a name that was looked for."""

    pk: int
    weight: int
    kind: str
    country: str
    region: str
    latitude: float
    longitude: float
    population: int
    name: str  # the place's own first one

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.latitude, self.longitude)

    @property
    def is_other_name(self) -> bool:
        """Whether a town is found by another name than its own first one."""
        return self.kind == "town" and self.weight < weigh(self.population)


def weigh(population: int, divisor: int = 1) -> int:
    """Return the weight of a name whose place has so many people."""
    return min(max(population, SMALLEST) // divisor, LARGEST)


def in_order(hits: Iterable[Hit]) -> list[Hit]:
    """Return each place once, the likeliest first."""
    best: dict[int, Hit] = {}
    for hit in hits:
        if hit.pk not in best or hit.weight > best[hit.pk].weight:
            best[hit.pk] = hit
    return sorted(best.values(), key=lambda hit: (-hit.weight, _ORDER[hit.kind], hit.pk))


def likely(ordered: list[Hit]) -> list[Hit]:
    """Return them without those of another name that weigh no more than one of this very name."""
    own = max((hit.weight for hit in ordered if not hit.is_other_name), default=0)
    return [hit for hit in ordered if not hit.is_other_name or hit.weight > own]


def as_written(ordered: list[Hit], typed: str) -> list[Hit]:
    """Put back, in order, those that write the name otherwise: "St. Louis" is no "Saint-Louis".

    So the one in Missouri is meant as long as it is the largest that writes it so.
    """
    key, letters = place_key(typed), fold(typed).replace(" ", "")
    named = {hit.pk for hit in ordered if key.startswith(place_key(hit.name))}
    written = {hit.pk for hit in ordered if letters.startswith(fold(hit.name).replace(" ", ""))}
    if not written or named <= written:
        return ordered
    return in_order(
        hit._replace(weight=hit.weight // DWARFS) if hit.pk in named - written else hit
        for hit in ordered
    )


def meant(ordered: list[Hit]) -> Hit | None:
    """Return the place that is meant without a doubt; None where it must be asked."""
    ordered = likely(ordered)
    if not ordered:
        return None
    first = ordered[0]
    for rival in ordered[1:]:
        if first.weight >= DWARFS * rival.weight:
            return first
        if not is_same_whereabouts(first, rival):
            return None
    return first


def is_same_whereabouts(one: Hit, other: Hit) -> bool:
    """Tell whether one of two places lies in the other, or beside it in the same country."""
    return (
        contains(one, other)
        or contains(other, one)
        or (
            one.kind == other.kind == "town"
            and one.country == other.country
            and distance(one.point, other.point) <= SUBURB
        )
    )


def contains(area: Hit, place: Hit) -> bool:
    """Tell whether a place lies in a country or region."""
    if area.pk == place.pk or area.country != place.country:
        return False
    if area.kind == "country":
        return True
    return area.kind == "state" and place.kind == "town" and area.region == place.region
