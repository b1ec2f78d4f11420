"""Changes by teachers: reviewed or live, and never at the cost of what staff are drafting."""

import datetime

import pytest
from django.utils import timezone
from wagtail.models import Revision

from teachers.models import ChangeRequest, DirectoryEntry, Teacher, TeacherSettings
from teachers.own_changes import (
    ChangedMeanwhile,
    decline_change,
    last_declined,
    own_version,
    publish_change,
    set_facts,
    submit,
)
from tests.factories import ProgramFactory, TeacherFactory, UserFactory

pytestmark = pytest.mark.django_db
Outcome = ChangeRequest.Outcome


@pytest.fixture
def live_at_once(root_site):
    """Staff have chosen that changes are not looked at first."""
    settings = TeacherSettings.for_site(root_site)
    settings.reviews_changes = False
    settings.save()


@pytest.fixture
def teacher() -> Teacher:
    return TeacherFactory(name="Sample Ana", biography="<p>Old</p>", credentials="PhD")


def stored(teacher: Teacher) -> Teacher:
    return Teacher.objects.get(pk=teacher.pk)


def draft(teacher: Teacher) -> Teacher:
    return stored(teacher).get_latest_revision_as_object()


def have_staff_draft(teacher: Teacher, **fields) -> None:
    drafted = draft(teacher)
    for name, value in fields.items():
        setattr(drafted, name, value)
    drafted.save_revision(user=UserFactory(admin=True))


class TestReviewed:
    def test_a_change_waits_and_is_not_public(self, teacher):
        change = submit(teacher, {"biography": "<p>New</p>"})
        assert (change.outcome, change.changed) == (Outcome.WAITING, ["biography"])
        assert change.before == {"biography": "<p>Old</p>"}
        assert stored(teacher).biography == "<p>Old</p>"
        assert change.revision.as_object().biography == "<p>New</p>"
        assert own_version(teacher).biography == "<p>New</p>"

    def test_publishing_it_leaves_no_draft_behind(self, teacher):
        program = ProgramFactory()
        publish_change(submit(teacher, {"biography": "<p>New</p>", "programs": [program.pk]}), None)
        assert stored(teacher).biography == "<p>New</p>"
        assert list(stored(teacher).programs.all()) == [program]
        assert not stored(teacher).has_unpublished_changes
        assert DirectoryEntry.objects.get().taught == f",{program.pk},"

    def test_publishing_it_publishes_nothing_that_staff_are_drafting(self, teacher):
        have_staff_draft(teacher, credentials="Draft")
        publish_change(submit(teacher, {"biography": "<p>New</p>"}), UserFactory(admin=True))
        assert (stored(teacher).biography, stored(teacher).credentials) == ("<p>New</p>", "PhD")
        assert (draft(teacher).biography, draft(teacher).credentials) == ("<p>New</p>", "Draft")

    def test_declining_it_gives_staff_their_draft_back(self, teacher):
        have_staff_draft(teacher, credentials="Draft")
        change = submit(teacher, {"credentials": "MD", "biography": "<p>New</p>"})
        decline_change(change, UserFactory(admin=True))
        change.refresh_from_db()
        assert change.outcome == Outcome.DECLINED
        assert (draft(teacher).biography, draft(teacher).credentials) == ("<p>Old</p>", "Draft")
        assert stored(teacher).credentials == "PhD"

    def test_declining_it_without_another_draft_leaves_none(self, teacher):
        decline_change(submit(teacher, {"credentials": "MD"}), None)
        assert not stored(teacher).has_unpublished_changes

    def test_the_last_one_that_was_declined_is_told_of_until_another_is_sent(self, teacher):
        assert last_declined(teacher) is None
        decline_change(submit(teacher, {"credentials": "MD"}), None, reason="Earlier")
        change = submit(teacher, {"credentials": "MD", "public_phone": "1"})
        assert last_declined(teacher) is None
        decline_change(change, None, reason="Later")
        told = last_declined(teacher)
        assert (told.labels, told.reason) == (["credentials", "public phone"], "Later")
        submit(teacher, {"public_phone": "2"})
        assert last_declined(teacher) is None

    def test_a_second_change_joins_the_first(self, teacher):
        first = submit(teacher, {"credentials": "MD"})
        second = submit(teacher, {"credentials": "MD, PhD", "public_phone": "1"})
        assert first.pk == second.pk
        assert second.before["credentials"] == "PhD"
        decline_change(second, None)
        assert draft(teacher).credentials == "PhD"

    def test_what_staff_have_not_seen_is_not_published(self, teacher):
        change = submit(teacher, {"credentials": "MD"})
        seen = change.revision_id
        submit(teacher, {"name": "Sample Other"})
        with pytest.raises(ChangedMeanwhile):
            publish_change(change, None, seen=seen)
        assert stored(teacher).credentials == "PhD"

    def test_accepting_one_does_not_publish_an_entry_that_staff_took_down(self):
        teacher = TeacherFactory(live=False)
        publish_change(submit(teacher, {"credentials": "MD"}), None)
        assert not stored(teacher).live
        assert own_version(teacher).credentials == "MD"
        assert draft(teacher).credentials == "MD"

    def test_nothing_is_decided_twice(self, teacher):
        change = submit(teacher, {"credentials": "MD"})
        decline_change(change, None)
        with pytest.raises(ChangedMeanwhile):
            publish_change(change, None)

    def test_publishing_in_the_editor_decides_it(self, teacher):
        change = submit(teacher, {"credentials": "MD"})
        user = UserFactory(admin=True)
        drafted = draft(teacher)
        drafted.save_revision(user=user).publish(user=user)
        change.refresh_from_db()
        assert (change.outcome, change.decided_by) == (Outcome.PUBLISHED, user)

    def test_a_draft_that_goes_live_by_itself_does_not_take_an_unreviewed_change_along(
        self, teacher
    ):
        teacher.save_revision().publish()
        soon = timezone.now() + datetime.timedelta(hours=1)
        drafted = draft(teacher)
        drafted.credentials, drafted.go_live_at = "Planned", soon
        drafted.save_revision().publish()
        submit(teacher, {"biography": "<p>Unreviewed</p>"})
        planned = Revision.objects.get(approved_go_live_at__isnull=False)
        assert planned.as_object().biography == "<p>Old</p>"


@pytest.mark.usefixtures("live_at_once")
class TestLive:
    def test_a_change_is_public_at_once(self, teacher):
        change = submit(teacher, {"name": "Sample Béa"})
        assert change.outcome == Outcome.PUBLISHED
        assert change.revision == stored(teacher).live_revision
        assert stored(teacher).sort_name == "Béa, Sample"
        assert DirectoryEntry.objects.get().sort_name == "bea sample"

    def test_a_draft_of_staff_stays_one_with_the_change_in_it(self, teacher):
        have_staff_draft(teacher, credentials="Draft")
        submit(teacher, {"biography": "<p>New</p>"})
        assert (stored(teacher).biography, stored(teacher).credentials) == ("<p>New</p>", "PhD")
        assert stored(teacher).has_unpublished_changes
        assert (draft(teacher).biography, draft(teacher).credentials) == ("<p>New</p>", "Draft")

    def test_a_field_that_staff_are_drafting_stays_theirs_in_the_draft(self, teacher):
        have_staff_draft(teacher, credentials="Draft")
        submit(teacher, {"credentials": "MD"})
        assert stored(teacher).credentials == "MD"
        assert draft(teacher).credentials == "Draft"

    def test_a_draft_with_a_date_keeps_its_date(self, teacher):
        teacher.save_revision().publish()
        soon = timezone.now() + datetime.timedelta(hours=1)
        drafted = draft(teacher)
        drafted.credentials, drafted.go_live_at = "Planned", soon
        drafted.save_revision().publish()
        submit(teacher, {"biography": "<p>New</p>"})
        planned = Revision.objects.get(approved_go_live_at__isnull=False)
        assert planned.as_object().credentials == "Planned"
        assert planned.as_object().biography == "<p>New</p>"
        assert stored(teacher).credentials == "PhD"

    @pytest.mark.parametrize("state", [{"live": False}, {"locked": True}])
    def test_what_is_not_live_or_is_locked_waits(self, state):
        teacher = TeacherFactory(**state)
        assert submit(teacher, {"credentials": "MD"}).outcome == Outcome.WAITING
        assert stored(teacher).live is state.get("live", True)


def test_what_is_the_same_is_no_change(teacher):
    assert submit(teacher, {"credentials": "PhD"}) is None
    assert not stored(teacher).has_unpublished_changes


@pytest.mark.parametrize("field", ["level_id", "is_trainer", "state", "slug", "contact_address"])
def test_no_other_field_can_be_submitted(teacher, field):
    with pytest.raises(KeyError):
        submit(teacher, {field: "x"})


def test_an_older_draft_does_not_take_a_renewal_back(teacher):
    past = timezone.localdate() - datetime.timedelta(days=300)
    Teacher.objects.update(last_confirmed=past)
    have_staff_draft(teacher, credentials="Draft")
    set_facts(teacher, "teachers.renewed", last_confirmed=timezone.localdate())
    stored(teacher).get_latest_revision().publish()
    assert stored(teacher).credentials == "Draft"
    assert stored(teacher).last_confirmed == timezone.localdate()
