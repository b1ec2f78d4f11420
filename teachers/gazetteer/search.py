"""Finds the place that a visitor means, by at most MOST_QUERIES queries of the two tables."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from teachers.folding import place_key
from teachers.gazetteer.labels import label_of
from teachers.gazetteer.postcodes import is_postcode, us_postcode, without_postcode
from teachers.gazetteer.ranking import (
    OTHER_NAME,
    US_STATE,
    Hit,
    as_written,
    contains,
    in_order,
    likely,
    meant,
    weigh,
)
from teachers.gazetteer.reading import (
    MOST_LETTERS,
    Beside,
    Position,
    Reading,
    looks_like_position,
    position_in,
    readings,
)
from teachers.gazetteer.spelling import near_spellings
from teachers.geometry import Point, distance
from teachers.models.place import Place, PlaceName

MOST_QUERIES = 5
MOST_CANDIDATES = 8
MOST_CENTRES = 50
MOST_AREAS = 50
FEW = 4  # letters, that begin too many names of other languages to show these first
ROWS_A_PLACE = 25  # of names that begin alike; a large city has many
LAST_SIGN = "\U0010ffff"  # comes after all that go on from a key
CLEARLY = 0.5  # how much nearer one must be than the next to be the one meant
MOST_HITS = 1500  # names of all keys of a text; the commonest name of a town has some 250 places
NEARBY = 100  # km, within which a town may be said beside another


@dataclass(frozen=True)
class Resolution:
    """What a text means. Where there is neither a place nor a candidate, it is not known."""

    place: Place | Position | None = None  # the one meant
    candidates: list[Place] = field(default_factory=list)  # those to ask about, likeliest first
    others: list[Place] = field(default_factory=list)  # of the same name, beside the one meant
    near_spellings: list[str] = field(default_factory=list)  # labels of what else it might be
    is_postcode: bool = False  # whether it is one that is not known, so that a town helps


def is_ready() -> bool:
    """Tell whether places were ever loaded, by one query."""
    return Place.objects.filter(kind=Place.Kind.COUNTRY).exists()


def resolve(text: str) -> Resolution:
    """Return the place that a text means, or those that it may mean.

    It takes two queries where the place is known, MOST_QUERIES at most. Understood are names in
    any script and spelling, with a region, a country or a town nearby beside them; countries and
    regions; ZIP codes; and positions in degrees.
    """
    text = text[:MOST_LETTERS].strip()
    if position := position_in(text):
        return Resolution(place=position)
    if looks_like_position(text):
        return Resolution()
    if is_postcode(text):
        return _of_postcode(text)
    named, postcode = without_postcode(text)
    if not place_key(named):
        return Resolution()
    ways = readings(named)
    zip_code = us_postcode(postcode)
    hits = _hits({zip_code, *_keys(ways)} - {""})
    found, fits = _understood(ways, hits, named)
    if zip_code and found:
        found = [hit for hit in hits[zip_code] if _is_in(hit, found[0])] or found
    if found:
        return _resolution(as_written(found, named), asks=not fits)
    return Resolution(near_spellings=near_spellings(named))


def _of_postcode(text: str) -> Resolution:
    """Return what a text that looks like a postcode means; names may look so too ("F5")."""
    code = us_postcode(text)
    hits = _hits({key for key in (code, place_key(text)) if key})
    found = in_order(hit for key in hits for hit in hits[key])
    return _resolution(found) if found else Resolution(is_postcode=True)


def _is_in(code: Hit, area: Hit) -> bool:
    """Tell whether a ZIP code is in a state or country, so that it is the code that was meant."""
    if code.kind != Place.Kind.POSTCODE or code.country != area.country:
        return False
    return area.kind == Place.Kind.COUNTRY or (
        area.kind == Place.Kind.STATE and code.region == area.region
    )


def _keys(ways: Iterable[Reading]) -> set[str]:
    return {key for way in ways for key in (way.key, *(said.key for said in way.beside))}


def _hits(keys: Iterable[str]) -> dict[str, list[Hit]]:
    """Return the places that have these names, by name; one query."""
    rows = (
        PlaceName.objects.filter(name__in=sorted(keys))
        .order_by("-weight", "place")
        .values_list(
            "name", "place_id", "weight", "place__kind", "place__country", "place__region",
            "place__latitude", "place__longitude", "place__population", "place__name",
        )[:MOST_HITS]
    )  # fmt: skip
    found: dict[str, list[Hit]] = defaultdict(list)
    for name, *rest in rows:
        found[name].append(Hit(*rest))
    return found


def _understood(ways: list[Reading], hits: dict, text: str) -> tuple[list[Hit], bool]:
    """Return the places of the first reading that makes sense, likeliest first, and True.

    Where what is said beside a name fits none of its places ("Lyon, Germany"): those, and False.
    """
    contradicted: list[Hit] = []
    for way in ways:
        named = [hit for hit in hits.get(way.key, ()) if not way.kind or hit.kind == way.kind]
        if not way.beside and len(way.key) == 2 and way.key.isascii():
            named = _of_two_letters(named, text)
        known = [said for said in way.beside if said.position or said.key in hits]
        if not named or (way.is_guess and len(known) < len(way.beside)):
            continue
        found = in_order(named)
        for said in sorted(known, key=lambda said: said.is_near):  # areas leave fewer to measure
            is_twice = [other.key for other in known].count(said.key) > 1
            found = _beside(found, said, hits, is_twice=is_twice)
        if found:
            return found, True
        if not way.is_guess and not contradicted:
            contradicted = in_order(named)
    return contradicted, False


def _of_two_letters(named: list[Hit], text: str) -> list[Hit]:
    """Return what two letters alone mean: "OR" and "CA" states of the US, "or" and "in" no code."""
    if text.islower():
        return [hit for hit in named if hit.kind == Place.Kind.TOWN]
    return [
        hit._replace(weight=weigh(hit.population, US_STATE))
        if text.isupper() and hit.kind == Place.Kind.STATE and hit.country == "US"
        else hit
        for hit in named
    ]


def _beside(
    named: list[Hit], said: Beside, hits: dict[str, list[Hit]], *, is_twice: bool
) -> list[Hit]:
    """Return those that lie in an area of this name; else those near a town of the name.

    What was said twice ("Toluca, México, Mexico") names a region as well as its country.
    """
    if said.position:
        centres = [Point(said.position.latitude, said.position.longitude)]
    else:
        areas = [hit for hit in hits[said.key] if hit.kind != "town" and not said.is_near]
        states = [area for area in areas if area.kind == Place.Kind.STATE]
        if is_twice:
            areas = states
        # "England" is what some languages call the whole kingdom: the part is meant.
        areas = [
            area
            for area in areas
            if not any(state.weight > area.weight and contains(area, state) for state in states)
        ]
        inside = [hit for hit in named if any(contains(area, hit) for area in areas)]
        if inside:
            return inside
        towns = in_order(hit for hit in hits[said.key] if hit.kind == "town")[:MOST_CENTRES]
        centres = [hit.point for hit in towns]
    return _nearest(named[: MOST_CENTRES * 4], centres)


def _nearest(named: list[Hit], centres: list[Point]) -> list[Hit]:
    """Return those within NEARBY of a centre; alone the nearest, where no other is like it."""
    apart = sorted(
        (min(distance(hit.point, centre) for centre in centres), place, hit)
        for place, hit in enumerate(named)
        if centres and hit.kind == "town"
    )
    near = [(far, hit) for far, _place, hit in apart if far <= NEARBY]
    if len(near) > 1 and near[0][0] > CLEARLY * near[1][0]:
        return in_order(hit for _far, hit in near)
    return [hit for _far, hit in near[:1]]


def _resolution(found: list[Hit], *, asks: bool = False) -> Resolution:
    """Return the place that is meant, or those to ask about; one query."""
    found = likely(found)
    best = None if asks else meant(found)
    shown = found[:MOST_CANDIDATES]
    if best and best not in shown:
        shown = [best, *shown[:-1]]
    places = Place.objects.in_bulk([hit.pk for hit in shown])
    listed = [places[hit.pk] for hit in shown if hit.pk in places]
    if not best or best.pk not in places:
        return Resolution(candidates=listed)
    return Resolution(
        place=places[best.pk], others=[place for place in listed if place.pk != best.pk]
    )


@dataclass(frozen=True)
class Suggestion:
    """A place that what was typed so far may become."""

    label: str
    kind: str
    place: int


def suggest(text: str, most: int = 8) -> list[Suggestion]:
    """Return places whose names begin with the text, likeliest first; two queries, else four.

    Two letters are enough, and one in scripts that write words with one sign.
    """
    text = text[:MOST_LETTERS]
    key = place_key(text)
    if len(key) < 2 and key.isascii():
        return []
    rows = list(_beginning(key).values_list("place_id", "weight")[: most * ROWS_A_PLACE])
    if not rows:
        rows = [(pk, 0) for pk in _beside_so_far(text)[:most]]
    places = Place.objects.in_bulk({pk for pk, _weight in rows})
    begun = [(_weight_so_far(places[pk], weight, key), pk) for pk, weight in rows if pk in places]
    found = dict.fromkeys(pk for _weight, pk in sorted(begun, key=lambda one: -one[0]))
    return [Suggestion(label_of(places[pk]), places[pk].kind, pk) for pk in list(found)[:most]]


def _weight_so_far(place: Place, weight: int, key: str) -> int:
    """Return the weight of a name that begins with a key, less where the label begins otherwise.

    Many letters tell that the other name is meant, a few do not.
    """
    if len(key) >= FEW or place_key(place.name).startswith(key):
        return weight
    return weight // OTHER_NAME


def _beginning(key: str) -> QuerySet:
    """Return the names that begin with a key, likeliest first: one range of the index."""
    names = PlaceName.objects.filter(name__gte=key, name__lt=key + LAST_SIGN)
    return names.order_by("-weight", "place_id")


def _beside_so_far(text: str) -> list[int]:
    """Return the places of a name in an area whose name begins with the rest: "Portland, ore"."""
    head, comma, tail = text.rpartition(",")
    if not comma:
        head, _gap, tail = text.strip().rpartition(" ")
    named, rest = place_key(head.split(",")[0]), place_key(tail)
    if not named or len(rest) > MOST_LETTERS:
        return []
    hits = in_order(_hits([named])[named])
    if not rest or not hits:
        return [hit.pk for hit in hits] if comma else []
    kinds = (Place.Kind.COUNTRY, Place.Kind.STATE)
    areas = _beginning(rest).filter(place__kind__in=kinds).values_list(
        "place_id", "weight", "place__kind", "place__country", "place__region",
        "place__latitude", "place__longitude", "place__population", "place__name",
    )  # fmt: skip
    inside = [Hit(*row) for row in areas[:MOST_AREAS]]
    return [hit.pk for hit in hits if any(contains(area, hit) for area in inside)]
