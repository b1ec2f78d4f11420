"""Distances in words: honest about how well they are known, in the unit that a region uses."""

from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

KILOMETRES_IN_A_MILE = 1.609344
# What people say for the distances from which visitors choose, in km (choice.py).
ROUND_MILES = {10: 6, 25: 15, 50: 30, 100: 60, 250: 150, 500: 300}
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
    return ngettext("%(count)s mile", "%(count)s miles", number) % {"count": f"{number:,}"}


def way_in_words(kilometres: float, unit: Unit, place: str) -> str:
    """Return "about 12 km from Lyon", or "in Lyon" for someone in the same town."""
    if kilometres < 0.05:
        return _("in %(place)s") % {"place": place}
    is_less_than_one = kilometres < (KILOMETRES_IN_A_MILE if unit is Unit.MILES else 1)
    words = (
        _("less than %(distance)s from %(place)s")
        if is_less_than_one
        else _("about %(distance)s from %(place)s")
    )
    return words % {"distance": distance_in_words(kilometres, unit), "place": place}


def chosen_number(kilometres: int, unit: Unit) -> int:
    """Return how far a search may reach in a unit, as people say it: 50 for km, 30 for miles."""
    if unit is Unit.MILES and kilometres in ROUND_MILES:
        return ROUND_MILES[kilometres]
    return in_unit(kilometres, unit)


def choice_in_words(kilometres: int, unit: Unit | None) -> str:
    """Return how far a search may reach: "50 km", "30 miles", or both while no place is known."""
    if unit is Unit.KILOMETRES:
        return distance_in_words(kilometres, unit)
    miles = chosen_number(kilometres, Unit.MILES)
    if unit is Unit.MILES:
        return ngettext("%(number)d mile", "%(number)d miles", miles) % {"number": miles}
    return _("%(kilometers)d km (%(miles)d miles)") % {"kilometers": kilometres, "miles": miles}
