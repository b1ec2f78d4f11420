"""Sample teachers fill a directory to try it with; each says what it is."""

import io

import pytest
from django.core.management import CommandError, call_command

from teachers.models import DirectoryEntry, Program, Teacher
from teachers.sample import PROGRAMS
from tests.factories import PlaceFactory, TeacherFactory

pytestmark = pytest.mark.django_db
TOLD = ("name", "slug", "place_id", "level_id", "languages", "teaches_online", "biography")


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_sample_teachers", *arguments, stdout=out)
    return out.getvalue()


def samples() -> list[tuple]:
    return list(Teacher.objects.filter(is_sample=True).order_by("slug").values_list(*TOLD))


@pytest.fixture
def allowed(settings):
    settings.SAMPLE_CONTENT = True


def test_a_public_site_refuses_samples():
    with pytest.raises(CommandError, match="SAMPLE_CONTENT=on"):
        load("--count", "3")
    assert not Teacher.objects.exists()


def test_each_sample_says_that_it_is_one_and_is_listed(allowed):
    town = PlaceFactory(country="HU")
    load("--count", "12")
    assert DirectoryEntry.objects.count() == 12
    for teacher in Teacher.objects.all():
        assert teacher.is_sample
        assert "(Sample)" in teacher.name
        assert "sample" in teacher.biography
        assert "sample" in teacher.slug
        assert teacher.contact_address.endswith("@example.org")
        assert not teacher.website or "//example.org/" in teacher.website
        assert teacher.place_id == town.pk
        assert set(teacher.languages) <= {"hu", "en"}
        teacher.full_clean()


def test_the_same_seed_makes_the_same_teachers(allowed):
    PlaceFactory()
    load("--count", "8", "--seed", "7")
    first = samples()
    load("--remove")
    load("--count", "8", "--seed", "7")
    assert samples() == first
    load("--remove")
    load("--count", "8", "--seed", "8")
    assert samples() != first


def test_a_second_run_adds_only_what_is_missing(allowed):
    load("--count", "3")
    first = samples()
    assert "Nothing to do" in load("--count", "3")
    assert samples() == first
    load("--count", "5")
    assert len(samples()) == 5
    assert set(map(repr, first)) <= set(map(repr, samples()))


def test_removing_takes_samples_alone(allowed):
    teacher = TeacherFactory(name="Someone Else")
    load("--count", "3")
    assert Program.objects.filter(name__in=PROGRAMS).count() == len(PROGRAMS)
    load("--remove")
    assert list(Teacher.objects.all()) == [teacher]
    assert not Program.objects.filter(name__in=PROGRAMS).exists()


def test_without_places_samples_have_none_and_the_command_says_what_to_do(allowed):
    assert "load_places" in load("--count", "2")
    assert not DirectoryEntry.objects.exclude(place=None).exists()


def test_a_count_below_nothing_is_refused(allowed):
    with pytest.raises(CommandError, match="0 or more"):
        load("--count", "-1")
