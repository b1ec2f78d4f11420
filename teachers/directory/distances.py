"""Distances in words: honest about how well they are known, in the unit that a region uses."""

from enum import Enum

from django.utils.translation import gettext as _

KILOMETRES_IN_A_MILE = 1.609344
# Where roads are signed in miles.
MILES_IN = {"US", "GB", "LR", "MM", "PR", "VI", "GU", "AS", "MP", "IM", "JE", "GG"}


class Unit(Enum):
    """The unit in which a region speaks of distances."""

    KILOMETRES = "km"
    MILES = "mi"


def unit_of(country: str) -> Unit:
    """Return the unit of a country (ISO 3166-1); kilometres where none is known."""
    return Unit.MILES if country in MILES_IN else Unit.KILOMETRES


def in_unit(kilometres: float, unit: Unit) -> int:
    """Return a distance in the unit, as a whole number no more exact than towns are far apart."""
    number = kilometres / KILOMETRES_IN_A_MILE if unit is Unit.MILES else kilometres
    if number < 100:
        return max(1, round(number))
    return round(number / 10) * 10 if number < 1000 else round(number / 100) * 100


def distance_in_words(kilometres: float, unit: Unit) -> str:
    """Return "12 km" or "8 miles"."""
    number = in_unit(kilometres, unit)
    if unit is Unit.KILOMETRES:
        return _("%(number)s km") % {"number": f"{number:,}"}
    if number == 1:
        return _("1 mile")
    return _("%(number)s miles") % {"number": f"{number:,}"}


def way_in_words(kilometres: float, unit: Unit, place: str) -> str:
    """Return "about 12 km from Lyon", or "in Lyon" for someone in the same town."""
    if kilometres < 0.05:
        return _("in %(place)s") % {"place": place}
    if kilometres < 1:
        return _("less than 1 km from %(place)s") % {"place": place}
    return _("about %(distance)s from %(place)s") % {
        "distance": distance_in_words(kilometres, unit),
        "place": place,
    }


def choice_in_words(kilometres: int, unit: Unit | None) -> str:
    """Return how far a search may reach: "50 km", "30 miles", or both while no place is known."""
    if unit is not None:
        return distance_in_words(kilometres, unit)
    return _("%(kilometers)d km (%(miles)d miles)") % {
        "kilometers": kilometres,
        "miles": in_unit(kilometres, Unit.MILES),
    }
