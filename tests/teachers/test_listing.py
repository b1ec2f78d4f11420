"""Who is in the public directory, and who has no row in it."""

import datetime

import pytest
from django.utils import timezone
from wagtail.search.models import IndexEntry

from teachers.listing import forget_expired, refresh_all
from teachers.models import DirectoryEntry, Teacher, TeacherSettings, TrainingLevel
from teachers.models.teacher import RENEWED_FOR, State
from tests.factories import TeacherFactory

pytestmark = pytest.mark.django_db


def listed() -> set[str]:
    return set(DirectoryEntry.objects.values_list("teacher__name", flat=True))


def level(name: str) -> TrainingLevel:
    return TrainingLevel.objects.get(name=name)


def test_a_published_teacher_who_agreed_is_listed():
    teacher = TeacherFactory(languages=["fr", "en"])
    assert listed() == {teacher.name}
    assert teacher.entry.spoken == ",en,fr,"


@pytest.mark.parametrize(
    "unfit",
    [
        {"live": False},
        {"state": State.HIDDEN},
        {"state": State.WITHDRAWN},
        {"agreed_to_be_listed": False},
        {"last_confirmed": None},
        {"last_confirmed": timezone.localdate() - RENEWED_FOR - datetime.timedelta(days=1)},
    ],
)
def test_whoever_may_not_be_seen_has_no_row(unfit):
    TeacherFactory(**unfit)
    assert listed() == set()


def test_a_teacher_who_is_no_longer_fit_loses_the_row():
    teacher = TeacherFactory()
    teacher.state = State.HIDDEN
    teacher.save()
    assert listed() == set()


def test_the_last_day_of_the_year_still_counts():
    TeacherFactory(name="Last day", last_confirmed=timezone.localdate() - RENEWED_FOR)
    assert listed() == {"Last day"}


def test_teachers_in_training_are_listed_only_where_staff_say_so(root_site):
    TeacherFactory(name="In training", level=level("Teacher-in-Training"))
    TeacherFactory(name="Trained", level=level("Trained Teacher"))
    assert listed() == {"Trained"}
    settings = TeacherSettings.for_site(root_site)
    settings.listed_from = level("Teacher-in-Training")
    settings.save()
    assert listed() == {"In training", "Trained"}
    settings.listed_from = level("Certified Teacher")
    settings.save()
    assert listed() == set()


def test_a_new_level_before_the_first_publishes_nobody():
    TeacherFactory(name="In training", level=level("Teacher-in-Training"))
    TrainingLevel.objects.create(name="Sample observer", rank=0)
    assert listed() == set()


def test_without_a_level_to_begin_with_nobody_is_listed(root_site):
    TeacherFactory()
    TeacherSettings.objects.update(listed_from=None)
    refresh_all()
    assert listed() == set()


def test_a_draft_changes_nothing_in_the_directory():
    teacher = TeacherFactory(languages=["en"])
    teacher.languages = ["de"]
    teacher.save_revision()
    assert Teacher.objects.get().has_unpublished_changes
    assert DirectoryEntry.objects.get().spoken == ",en,"


def test_the_worker_removes_those_whose_year_is_over():
    teacher = TeacherFactory()
    Teacher.objects.update(last_confirmed=timezone.localdate() - datetime.timedelta(days=400))
    DirectoryEntry.objects.update(listed_until=timezone.localdate() - datetime.timedelta(days=35))
    assert not DirectoryEntry.objects.current().exists()
    assert forget_expired() == 1
    assert listed() == set()
    assert Teacher.objects.get().pk == teacher.pk


def test_writing_it_anew_leaves_the_same_rows():
    for _ in range(3):
        TeacherFactory()
    before = list(DirectoryEntry.objects.values())
    assert refresh_all() == 3
    assert list(DirectoryEntry.objects.values()) == before


def test_the_search_forgets_whoever_loses_the_row():
    teacher = TeacherFactory(biography="<p>Words that are nowhere else: quincunx.</p>")
    assert list(DirectoryEntry.objects.search("quincunx")) == [teacher.entry]
    teacher.state = State.HIDDEN
    teacher.save()
    assert not IndexEntry.objects.filter(content_type__model="directoryentry").exists()
    teacher.state = State.LISTED
    teacher.save()
    assert len(DirectoryEntry.objects.search("quincunx")) == 1
    teacher.delete()
    assert not IndexEntry.objects.filter(content_type__model="directoryentry").exists()
