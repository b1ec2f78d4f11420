"""Fixtures of the tests of teachers: a few places of the world with their names."""

import pytest
from wagtail.models import Site

from pages.transfers.models import import_storage
from teachers.folding import place_key
from teachers.models import Place, PlaceName, TeacherImport, TrainingLevel
from tests.factories import PlaceFactory

Kind = Place.Kind
# Key, kind, name, country, region, latitude, longitude, population, other names.
WORLD = [
    (2996944, Kind.TOWN, "Lyon", "FR", "84", 45.74846, 4.84671, 522_250, ["Lione", "Лион"]),
    (2968254, Kind.TOWN, "Villeurbanne", "FR", "84", 45.76601, 4.8795, 131_445, []),
    (2988507, Kind.TOWN, "Paris", "FR", "11", 48.85341, 2.3488, 2_138_551, ["Париж"]),
    (2867714, Kind.TOWN, "Munich", "DE", "02", 48.13743, 11.57549, 1_260_391, ["München"]),
    (5746545, Kind.TOWN, "Portland", "US", "OR", 45.52345, -122.67621, 652_503, []),
    (4975802, Kind.TOWN, "Portland", "US", "ME", 43.66147, -70.25533, 66_881, []),
    (2198148, Kind.TOWN, "Suva", "FJ", "01", -18.14161, 178.44149, 77_366, []),
    (4035413, Kind.TOWN, "Apia", "WS", "", -13.83333, -171.76666, 40_407, []),
    (3017382, Kind.COUNTRY, "France", "FR", "", 46.0, 2.0, 64_768_389, ["Frankreich"]),
    (6252001, Kind.COUNTRY, "United States", "US", "", 39.76, -98.5, 310_232_863, ["USA"]),
    (4971068, Kind.STATE, "Maine", "US", "ME", 45.5, -69.25, 1_325_518, []),
    (5744337, Kind.STATE, "Oregon", "US", "OR", 44.0, -120.5, 3_642_919, []),
]


@pytest.fixture
def root_site(db) -> Site:
    """Return the site."""
    return Site.objects.get(is_default_site=True)


@pytest.fixture
def world(db) -> dict[str, Place]:
    """Return some places by name; of two that share theirs, with the region behind it."""
    places = {}
    for key, kind, name, country, region, latitude, longitude, population, others in WORLD:
        place = PlaceFactory(
            id=key,
            kind=kind,
            name=name,
            country=country,
            region=region,
            region_name={"OR": "Oregon", "ME": "Maine"}.get(region, "")
            if kind == Kind.TOWN
            else "",
            latitude=latitude,
            longitude=longitude,
            population=population,
        )
        names = {place_key(words) for words in (name, *others)}
        PlaceName.objects.bulk_create(
            PlaceName(place=place, name=words, weight=population) for words in names
        )
        places[f"{name}, {region}" if name == "Portland" else name] = place
    return places


@pytest.fixture
def level(db):
    """Return a function that finds a level by its name."""
    return lambda name: TrainingLevel.objects.get(name=name)


@pytest.fixture
def own_folder(settings, tmp_path):
    """Keep each test's lists apart."""
    settings.STORAGES = {
        **settings.STORAGES,
        "imports": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "imports", "base_url": None},
        },
    }
    field = TeacherImport._meta.get_field("file")
    kept, field.storage = field.storage, import_storage()
    yield tmp_path / "imports"
    field.storage = kept
