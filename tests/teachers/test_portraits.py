"""Nobody is shown the portrait of a teacher who left, at the addresses that it had."""

from pathlib import Path

import pytest

from library.layouts import all_specs
from library.renditions import make_missing_renditions
from teachers.models import Teacher, TeacherSettings, TrainingLevel
from teachers.renewal import come_back, leave
from teachers.staff_bulk import HideAction
from tests.factories import ImageFactory, PersonFactory, TeacherFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(committed) -> Teacher:
    """A listed teacher with a portrait in all its sizes."""
    with committed():
        teacher = TeacherFactory(portrait=small_picture())
    assert teacher.portrait.renditions.count() == len(all_specs())
    return teacher


def small_picture():
    return ImageFactory(file__width=64, file__height=80)


def files_of(portrait) -> list[Path]:
    return [Path(rendition.file.path) for rendition in portrait.renditions.all()]


def test_the_sizes_of_a_portrait_go_with_the_teacher_and_the_picture_stays(
    teacher, committed, client
):
    files, address = files_of(teacher.portrait), teacher.portrait.renditions.first().url
    assert client.get(address).status_code == 200
    with committed():
        leave(teacher)
    assert not teacher.portrait.renditions.exists()
    assert not [file for file in files if file.exists()]
    assert client.get(address).status_code == 404
    assert Path(teacher.portrait.file.path).exists()


def test_they_go_when_staff_hide_the_teacher_and_are_there_again_when_they_list_them(
    teacher, committed
):
    with committed():
        HideAction.execute_action([teacher], user=UserFactory(admin=True))
    assert not teacher.portrait.renditions.exists()
    teacher.refresh_from_db()
    with committed():
        teacher.state = "listed"
        teacher.save()
    assert teacher.portrait.renditions.count() == len(all_specs())


def test_they_do_not_come_again_when_the_site_starts_and_makes_what_is_missing(teacher, committed):
    with committed():
        leave(teacher)
    with committed():
        make_missing_renditions.call()
    assert not teacher.portrait.renditions.exists()


def test_who_comes_back_is_shown_with_the_portrait(teacher, committed):
    for act in (leave, come_back):
        with committed():
            act(teacher)
    assert teacher.portrait.renditions.count() == len(all_specs())


def test_a_former_portrait_goes_too(teacher, committed):
    former = teacher.portrait
    with committed():
        teacher.save_revision().publish()
        teacher.refresh_from_db()
        teacher.portrait = small_picture()
        teacher.save_revision().publish()
    assert former.renditions.exists()
    with committed():
        leave(teacher)
    assert not former.renditions.exists()


def test_they_go_when_the_teacher_is_deleted(teacher, committed):
    portrait = teacher.portrait
    with committed():
        teacher.delete()
    assert not portrait.renditions.exists()


def test_they_go_with_the_levels_that_are_listed_no_longer(teacher, committed, root_site):
    highest = TrainingLevel.objects.order_by("-rank").first()
    teacher.level = TrainingLevel.objects.filter(rank__lt=highest.rank).order_by("-rank").first()
    teacher.save()
    settings = TeacherSettings.for_site(root_site)
    settings.listed_from = highest
    with committed():
        settings.save()
    assert not teacher.portrait.renditions.exists()


def test_a_portrait_that_another_teacher_or_a_page_shows_stays(teacher, committed):
    other = TeacherFactory(portrait=small_picture())
    with committed():
        shared = TeacherFactory(portrait=other.portrait)
        person = PersonFactory(portrait=teacher.portrait)
    with committed():
        leave(other)
        leave(teacher)
    assert shared.portrait.renditions.exists()
    assert person.portrait.renditions.exists()


def test_whoever_stays_in_the_directory_keeps_every_size(teacher, committed):
    with committed():
        teacher.credentials = "PhD"
        teacher.save()
    assert teacher.portrait.renditions.count() == len(all_specs())
