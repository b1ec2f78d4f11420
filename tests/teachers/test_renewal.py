"""The yearly renewal: who is reminded when, and what a press changes."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from teachers import renewal
from teachers.links import Purpose, edit_link, make_token, reminders_link, renew_link
from teachers.listing import forget_expired
from teachers.models import DirectoryEntry, Teacher, TeacherReminder
from teachers.models.teacher import RENEWED_FOR, State
from teachers.renewal import AT_ONCE, remind_teachers
from tests.factories import TeacherFactory

pytestmark = pytest.mark.django_db


def due_in(days: int, **fields) -> Teacher:
    """Return a teacher whose entry must be renewed within so many days."""
    confirmed = timezone.localdate() - RENEWED_FOR + timedelta(days=days)
    return TeacherFactory(last_confirmed=confirmed, **fields)


def remind() -> None:
    while remind_teachers():
        pass


def path(link: str) -> str:
    return link.removeprefix("http://localhost:8000")


def stored(teacher: Teacher) -> Teacher:
    return Teacher.objects.get(pk=teacher.pk)


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def client():
    """A browser that enforces CSRF protection, as real ones do."""
    return Client(enforce_csrf_checks=True)


class TestReminding:
    @pytest.mark.parametrize(
        ("days", "stage"),
        [(31, None), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-1, 0), (-30, 0)],
    )
    def test_has_three_stages(self, days, stage):
        due_in(days)
        remind()
        stages = list(TeacherReminder.objects.values_list("days_before", flat=True))
        assert stages == ([] if stage is None else [stage])
        assert Email.objects.count() == len(stages)

    def test_after_a_month_of_being_hidden_nobody_is_written_to_any_more(self):
        due_in(-31)
        remind()
        assert not Email.objects.exists()

    def test_sends_each_once_however_often_it_is_asked(self):
        teacher = due_in(30)
        for day in range(40):
            with time_machine.travel(timezone.now() + timedelta(days=day)):
                remind()
                remind()
        sent = list(TeacherReminder.objects.order_by("pk").values_list("days_before", flat=True))
        assert sent == [30, 7, 0]
        assert Email.objects.filter(to=teacher.contact_address).count() == 3

    def test_after_days_without_a_worker_sends_one_and_not_three(self):
        due_in(30)
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            remind()
        assert list(TeacherReminder.objects.values_list("days_before", flat=True)) == [0]

    def test_begins_anew_for_the_next_year(self):
        teacher = due_in(0)
        remind()
        renewal.renew(teacher)
        with time_machine.travel(timezone.now() + RENEWED_FOR):
            remind()
        assert TeacherReminder.objects.filter(teacher=teacher, days_before=0).count() == 2

    @pytest.mark.parametrize(
        "unfit",
        [
            {"is_sample": True},
            {"state": State.WITHDRAWN},
            {"state": State.HIDDEN},
            {"live": False},
            {"agreed_to_be_listed": False},
            {"contact_address": ""},
            {"wants_reminders": False},
        ],
    )
    def test_leaves_those_in_peace_whom_it_does_not_concern(self, unfit):
        due_in(7, **unfit)
        remind()
        assert not Email.objects.exists()
        assert not TeacherReminder.objects.exists()

    def test_leaves_those_in_peace_whose_level_is_not_listed(self, level):
        due_in(7, level=level("Teacher-in-Training"))
        remind()
        assert not Email.objects.exists()

    def test_goes_part_by_part(self, monkeypatch, count_queries):
        monkeypatch.setattr(renewal, "AT_ONCE", 2)
        for _ in range(3):
            due_in(7)
        assert [remind_teachers() for _ in range(3)] == [2, 1, 0]
        assert AT_ONCE > 2

    def test_takes_as_many_queries_for_many_as_for_one(self, count_queries):
        due_in(7)
        one = count_queries(remind_teachers)
        for _ in range(10):
            due_in(7)
        # The organization's name is looked up for each mail.
        assert count_queries(remind_teachers) <= one + 10


class TestTheMail:
    def test_leads_to_all_ways_and_can_be_ended_at_one_click(self):
        teacher = due_in(7, name="Sample Ana")
        remind()
        mail = Email.objects.get()
        assert "Dear Sample Ana" in mail.message
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        stop = mail.headers["List-Unsubscribe"].strip("<>")
        assert "/teachers/own/reminders/" in stop
        for way in ("/teachers/own/renew/", "/teachers/own/edit/", stop):
            assert way in mail.message
            assert way in mail.html_message
        assert teacher.contact_address not in mail.message + mail.html_message

    def test_on_the_last_day_says_so(self):
        due_in(0)
        remind()
        assert "ends today" in Email.objects.get().subject


class TestRenewing:
    def test_takes_a_press(self, client):
        teacher = due_in(5)
        address = path(renew_link(teacher))
        text = text_of(client.get(address))
        assert "Everything is still right" in text
        assert stored(teacher).last_confirmed != timezone.localdate()
        assert "confirmed until" in text_of(client.post(address))
        assert stored(teacher).last_confirmed == timezone.localdate()

    def test_brings_back_an_entry_whose_year_is_over(self, client):
        teacher = due_in(0)
        address = path(renew_link(teacher))
        with time_machine.travel(timezone.now() + timedelta(days=20)):
            forget_expired()
            assert not DirectoryEntry.objects.exists()
            client.post(address)
            assert DirectoryEntry.objects.current().exists()

    def test_is_too_late_after_sixty_days_and_says_how_to_go_on(self, client):
        teacher = due_in(5)
        address = path(renew_link(teacher))
        with time_machine.travel(timezone.now() + timedelta(days=61)):
            response = client.post(address)
        assert response.status_code == 410
        assert "/teachers/own/" in text_of(response)
        assert stored(teacher).last_confirmed == teacher.last_confirmed

    @pytest.mark.parametrize("state", [State.HIDDEN, State.WITHDRAWN])
    def test_shows_nobody_who_was_hidden_or_has_left(self, client, state):
        teacher = due_in(5, state=state)
        assert client.post(path(renew_link(teacher))).status_code == 200
        assert stored(teacher).state == state
        assert not DirectoryEntry.objects.exists()

    def test_by_the_mailbox_of_a_former_address_is_not_possible(self, client):
        teacher = due_in(5)
        address = path(renew_link(teacher))
        teacher.contact_address = "other@example.org"
        teacher.save()
        assert client.post(address).status_code == 410


class TestEndingReminders:
    def test_at_one_click_ends_them_and_nothing_else(self, client):
        teacher = due_in(5)
        response = client.post(path(reminders_link(teacher)), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert not stored(teacher).wants_reminders
        assert DirectoryEntry.objects.filter(teacher=teacher).exists()

    def test_works_for_ever_and_also_after_the_address_changed(self, client):
        teacher = due_in(5)
        address = path(reminders_link(teacher))
        teacher.contact_address = "other@example.org"
        teacher.save()
        with time_machine.travel(timezone.now() + timedelta(days=4000)):
            client.post(address, {"List-Unsubscribe": "One-Click"})
        assert not stored(teacher).wants_reminders

    def test_leaving_is_asked_about_and_then_done_at_once(self, client):
        teacher = due_in(5)
        address = path(reminders_link(teacher))
        assert "Leave the directory?" in text_of(client.post(address, {"act": "leave"}))
        assert DirectoryEntry.objects.exists()
        client.post(address, {"act": "leave-for-good"})
        assert not DirectoryEntry.objects.exists()
        assert stored(teacher).state == State.WITHDRAWN
        assert not stored(teacher).agreed_to_be_listed

    def test_the_link_brings_nobody_back_and_opens_no_entry(self, client):
        teacher = due_in(5, state=State.WITHDRAWN)
        address = path(reminders_link(teacher))
        for act in ("on", "back", "off", "save"):
            text = text_of(client.post(address, {"act": act}))
            assert "/teachers/own/edit/" not in text
        assert stored(teacher).state == State.WITHDRAWN


class TestLinks:
    @pytest.mark.parametrize("method", ["get", "head"])
    @pytest.mark.parametrize("link", [renew_link, reminders_link, edit_link])
    def test_looking_changes_nothing_and_is_told_to_nobody(self, client, method, link):
        teacher = due_in(5)
        before = Teacher.objects.values().get()
        response = getattr(client, method)(path(link(teacher)) + "?act=leave-for-good")
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert not response.cookies
        assert Teacher.objects.values().get() == before

    @pytest.mark.parametrize("purpose", Purpose)
    def test_is_good_for_one_purpose_alone(self, client, purpose):
        token = make_token(purpose, due_in(5))
        good = {
            Purpose.EDIT: {"edit"},
            Purpose.EDIT_REMINDED: {"edit"},
            Purpose.RENEW: {"renew"},
            Purpose.REMINDERS: {"reminders"},
            Purpose.ADDRESS: set(),
        }[purpose]
        for step in {"edit", "renew", "reminders"} - good:
            assert client.post(f"/teachers/own/{step}/{token}/").status_code == 404

    def test_that_was_changed_is_none(self, client):
        one, other = due_in(5), due_in(5)
        address = path(renew_link(one))
        for broken in (address.replace(one.handle, other.handle), address[:-4] + "AAA/"):
            assert client.post(broken).status_code == 404
        assert stored(other).last_confirmed == other.last_confirmed

    def test_names_neither_the_person_nor_the_address(self):
        teacher = due_in(5, name="Sample Ana", contact_address="ana@example.org")
        for link in (renew_link, reminders_link, edit_link):
            assert "ana" not in link(teacher).lower().replace(teacher.handle.lower(), "")

    @pytest.mark.parametrize("step", ["renew", "reminders", "edit", "address"])
    def test_of_a_test_mail_says_what_it_is(self, client, step):
        assert "link of a test mail" in text_of(client.post(f"/teachers/own/{step}/example/"))


def test_the_link_of_a_former_address_ends_reminders_and_no_more(client):
    teacher = TeacherFactory(name="Sample Ana", contact_address="ana@example.org")
    link = path(reminders_link(teacher))
    teacher.contact_address = "new@example.org"
    teacher.save()
    shown = text_of(client.get(link)) + text_of(client.post(link, {"act": "leave"}))
    client.post(link, {"act": "leave-for-good"})
    assert "Sample Ana" not in shown
    assert stored(teacher).agreed_to_be_listed
    assert not stored(teacher).wants_reminders


def test_leaving_is_decided_by_what_is_stored():
    teacher = TeacherFactory()
    Teacher.objects.filter(pk=teacher.pk).update(state=State.HIDDEN)
    renewal.leave(teacher)
    assert stored(teacher).state == State.HIDDEN
