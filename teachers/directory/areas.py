"""How many teachers each country has, and in the United States each state; for the map."""

from math import atan2, degrees, hypot

from django.db.models import Avg, Count, Q

from teachers.directory.choice import Choice
from teachers.gazetteer.labels import labels_of
from teachers.geometry import Point
from teachers.maps.world import Area
from teachers.models.directory_entry import DirectoryEntryQuerySet
from teachers.models.place import Place

BY_REGION = {"US"}  # where a country is so large that its states are asked for


def areas_of(entries: DirectoryEntryQuerySet, choice: Choice) -> list[Area]:
    """Return the areas that have teachers, by name, in two queries."""
    grouped = (
        entries.filter(x__isnull=False)
        .order_by()
        .values("country", "region")
        .annotate(count=Count("*"), east=Avg("x"), north=Avg("y"), up=Avg("z"))
        .values_list("country", "region", "count", "east", "north", "up")
    )
    sums: dict[tuple[str, str], list[float]] = {}
    for country, region, count, *middle in grouped:
        key = (country, region if country in BY_REGION else "")
        total = sums.setdefault(key, [0, 0.0, 0.0, 0.0])
        total[0] += count
        for place, part in enumerate(middle, start=1):
            total[place] += part * count
    labels = _labels(set(sums))
    areas = [
        Area(labels[key], count, _point(x, y, z), choice.address(near=labels[key]))
        for key, (count, x, y, z) in sums.items()
        if key in labels
    ]
    return sorted(areas, key=lambda area: area.label.casefold())


def _labels(keys: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What areas are called, so that a search for the words finds the area."""
    if not keys:
        return {}
    countries = Q(kind=Place.Kind.COUNTRY)
    states = Q(kind=Place.Kind.STATE, country__in=BY_REGION)
    places = {
        (place.country, place.region): place
        for place in Place.objects.filter(countries | states).order_by()
        if (place.country, place.region) in keys
    }
    labels = labels_of(places.values())
    return {key: labels[place.pk] for key, place in places.items()}


def _point(x: float, y: float, z: float) -> Point:
    """The place on the sphere below the middle of many; its middle where they cancel out."""
    return Point(degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x)))
