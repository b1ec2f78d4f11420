"""Names a place so that the label, typed into the search, means this place and no other.

`load_places` finds out which places share a name and leaves in each row what its label must say
(`region_name`, `near`, `says_kind`), so that no label costs a query.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from teachers.models.place import Place


def country_name(code: str) -> str:
    """Return the country's name in the active language; the code itself where it has none."""
    return _locale(get_language() or settings.LANGUAGE_CODE).territories.get(code, code)


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    """Return what CLDR knows of a language; of the site's own where it knows none."""
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(to_locale(settings.LANGUAGE_CODE))


def label_of(place: "Place") -> str:
    """Return the place's name with as much beside it as tells it from all others."""
    if place.kind == "country":
        name = country_name(place.country)
        return country_label(name) if place.says_kind else name
    name = place.name
    if place.kind == "state" and place.says_kind:
        name = region_label(name)
    near = near_label(place.near) if place.near else ""
    parts = [name, near, place.region_name, country_name(place.country)]
    return ", ".join(part for part in parts if part)


def labels_of(places: Iterable["Place"]) -> dict[int, str]:
    """Return the labels of places by their keys, without a query."""
    return {place.pk: label_of(place) for place in places}


def country_label(name: str) -> str:
    """Return how a country is named that shares its name."""
    return _("%(name)s (country)") % {"name": name}


def region_label(name: str) -> str:
    """Return how a region or state is named that shares its name."""
    return _("%(name)s (region)") % {"name": name}


def near_label(town: str) -> str:
    """Return how a place is told from others by a town nearby."""
    return _("near %(town)s") % {"town": town}
