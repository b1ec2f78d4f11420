"""No version of an entry takes back what was said since it was made."""

import datetime

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from teachers.models import DirectoryEntry, Teacher, TeacherSettings
from teachers.own_changes import submit
from teachers.renewal import come_back, leave, renew
from teachers.staff_writing import Writing, change_teachers
from tests.factories import TeacherFactory, UserFactory
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(root_site) -> Teacher:
    """A listed teacher with versions, whose own changes are live at once."""
    settings = TeacherSettings.for_site(root_site)
    settings.reviews_changes = False
    settings.save()
    teacher = TeacherFactory(
        name="Sample Ana", public_phone="1", website="https://old.example.org", biography="<p>A</p>"
    )
    teacher.save_revision().publish()
    return stored(teacher)


def stored(teacher: Teacher) -> Teacher:
    return Teacher.objects.get(pk=teacher.pk)


def is_listed(teacher: Teacher) -> bool:
    return DirectoryEntry.objects.filter(pk=teacher.pk).exists()


def drafted(teacher: Teacher, **fields) -> Revision:
    """Return a new draft of staff's."""
    draft = stored(teacher).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    return draft.save_revision(user=UserFactory(admin=True))


def fetched(revision: Revision) -> Revision:
    return Revision.objects.get(pk=revision.pk)


def test_an_older_version_that_is_published_again_brings_nobody_back_who_left(teacher):
    older = teacher.get_latest_revision()
    drafted(teacher, biography="<p>B</p>").publish()
    leave(stored(teacher))
    fetched(older).publish()
    assert stored(teacher).biography == "<p>A</p>"
    assert (stored(teacher).state, stored(teacher).agreed_to_be_listed) == ("withdrawn", False)
    assert not is_listed(teacher)


def test_an_older_version_is_reviewed_with_what_the_teacher_says_now(teacher):
    older = teacher.get_latest_revision()
    drafted(teacher, biography="<p>B</p>").publish()
    leave(stored(teacher))
    name = "wagtailsnippets_teachers_teacher:revisions_revert"
    answer = signed_in(UserFactory(admin=True)).get(reverse(name, args=[teacher.pk, older.pk]))
    form = answer.context["form"]
    assert (form["state"].value(), form["agreed_to_be_listed"].value()) == ("withdrawn", False)
    assert form.instance.biography == "<p>A</p>"


def test_a_draft_from_before_brings_nobody_back_who_left(teacher):
    first = drafted(teacher, biography="<p>Draft</p>")
    second = drafted(teacher, credentials="PhD")
    leave(stored(teacher))
    for draft in (first, second):
        fetched(draft).publish()
        assert stored(teacher).state == "withdrawn"
        assert not is_listed(teacher)


def test_what_was_scheduled_before_brings_nobody_back_who_left(teacher):
    soon = timezone.now() + datetime.timedelta(hours=1)
    drafted(teacher, biography="<p>Scheduled</p>", go_live_at=soon).publish()
    drafted(teacher, credentials="PhD", go_live_at=None)
    submit(stored(teacher), {"public_phone": ""})
    leave(stored(teacher))
    past = timezone.now() - datetime.timedelta(minutes=1)
    scheduled = Revision.objects.get(approved_go_live_at__isnull=False)
    Revision.objects.filter(pk=scheduled.pk).update(
        approved_go_live_at=past,
        content={**scheduled.content, "go_live_at": past.isoformat()},
    )
    call_command("publish_scheduled")
    assert stored(teacher).biography == "<p>Scheduled</p>"
    assert (stored(teacher).state, stored(teacher).public_phone) == ("withdrawn", "")
    assert not is_listed(teacher)


def test_a_version_from_before_brings_no_phone_or_website_back_that_the_teacher_took_out(teacher):
    older = teacher.get_latest_revision()
    draft = drafted(teacher, public_phone="2", website="https://draft.example.org")
    submit(stored(teacher), {"public_phone": "", "website": ""})
    for version in (older, draft, stored(teacher).get_latest_revision()):
        fetched(version).publish()
        assert (stored(teacher).public_phone, stored(teacher).website) == ("", "")


def test_an_older_version_does_not_take_a_renewal_back(teacher):
    long_ago = timezone.localdate() - datetime.timedelta(days=300)
    older = drafted(teacher, last_confirmed=long_ago)
    older.publish()
    drafted(teacher, credentials="PhD").publish()
    renew(stored(teacher))
    fetched(older).publish()
    assert stored(teacher).last_confirmed == timezone.localdate()


def test_an_older_version_lists_nobody_of_whom_a_list_says_that_they_do_not_agree(teacher):
    older = teacher.get_latest_revision()
    writing = Writing(stored(teacher), {"agreed_to_be_listed": False})
    change_teachers([writing], action="teachers.import", by=None)
    fetched(older).publish()
    assert not is_listed(teacher)


def test_who_leaves_again_is_not_brought_back_by_the_version_that_listed_them_anew(teacher):
    leave(stored(teacher))
    anew = drafted(teacher, state="listed", agreed_to_be_listed=True, public_phone="3")
    anew.publish()
    drafted(teacher, credentials="PhD").publish()
    submit(stored(teacher), {"public_phone": "1"})
    leave(stored(teacher))
    fetched(anew).publish()
    assert not stored(teacher).agreed_to_be_listed
    assert stored(teacher).public_phone == "1"
    assert not is_listed(teacher)


def test_staff_to_whom_a_teacher_agreed_anew_list_them_by_a_newer_version(teacher):
    leave(stored(teacher))
    drafted(teacher, state="listed", agreed_to_be_listed=True, public_phone="3").publish()
    assert is_listed(teacher)
    assert stored(teacher).public_phone == "3"


def test_who_left_and_came_back_is_not_taken_out_by_a_version_from_between(teacher):
    leave(stored(teacher))
    between = drafted(teacher, biography="<p>Between</p>")
    come_back(stored(teacher))
    fetched(between).publish()
    assert is_listed(teacher)


def test_a_draft_may_say_another_fact_than_is_stored_until_that_changes(teacher):
    draft = drafted(teacher, contact_address="new@example.org")
    renew(stored(teacher))
    fetched(draft).publish()
    assert stored(teacher).contact_address == "new@example.org"
    assert stored(teacher).contact_key == "new@example.org"
