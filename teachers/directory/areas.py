"""How many teachers each country has, and in the United States each state; for the map."""

from collections import Counter

from django.db.models import Count, Q

from teachers.directory.choice import Choice
from teachers.gazetteer.labels import labels_of
from teachers.geometry import Point
from teachers.maps.world import Area
from teachers.models.directory_entry import DirectoryEntryQuerySet
from teachers.models.place import Place

BY_REGION = {"US"}  # where a country is so large that its states are asked for


def areas_of(entries: DirectoryEntryQuerySet, choice: Choice) -> list[Area]:
    """Return the areas that have teachers, by name, in two queries.

    Each stands where the gazetteer has it, so that no teacher's position is asked for and a dot
    keeps its place whatever is searched.
    """
    grouped = entries.exclude(country="").order_by().values("country", "region")
    counts: Counter[tuple[str, str]] = Counter()
    for country, region, count in grouped.annotate(count=Count("*")).values_list(
        "country", "region", "count"
    ):
        counts[country, region if country in BY_REGION else ""] += count
    places = _places(set(counts))
    labels = labels_of(places.values())
    areas = [
        Area(
            label=labels[place.pk],
            count=counts[key],
            point=Point(place.latitude, place.longitude),
            url=choice.address(near=labels[place.pk]),
        )
        for key, place in places.items()
    ]
    return sorted(areas, key=lambda area: area.label.casefold())


def _places(keys: set[tuple[str, str]]) -> dict[tuple[str, str], Place]:
    """The countries and states of the keys, as far as the gazetteer knows them."""
    if not keys:
        return {}
    countries = Q(kind=Place.Kind.COUNTRY)
    states = Q(kind=Place.Kind.STATE, country__in=BY_REGION)
    found = Place.objects.filter(countries | states).order_by()
    by_key = {(place.country, place.region): place for place in found}
    return {key: by_key[key] for key in keys if key in by_key}
