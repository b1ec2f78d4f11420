"""The form that writes to a teacher: whom it reaches, and what it is not good for."""

import re
import time
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from post_office.models import STATUS, Email

from cmsc_site.worker import KEEP_FINISHED, cleanup_expired_mails
from teachers.contact import (
    COPIES_PER_SENDER,
    LEAST,
    MOST,
    PER_NETWORK,
    PER_SENDER,
    PER_TEACHER,
    without_links,
)
from teachers.models import DirectoryEntry, Teacher
from teachers.models.teacher import State
from tests.factories import TeacherFactory

pytestmark = pytest.mark.django_db

SECRET = "only.for.staff@example.net"
TYPED = {
    "name": "Sample Writer",
    "email": "Writer@example.com",
    "message": "Good day,\r\n\r\nmay I join? See https://example.com/<b>me</b>",
}


@pytest.fixture
def teacher() -> Teacher:
    return TeacherFactory(name="Sample Ana", contact_address=SECRET)


@pytest.fixture
def client():
    """A browser that enforces CSRF protection, as real ones do."""
    return Client(enforce_csrf_checks=True)


def address(teacher: Teacher) -> str:
    return f"/teachers/{teacher.slug}/write/"


def send(client: Client, teacher: Teacher, **fields):
    headers = {"Sec-Fetch-Site": "same-origin"}
    return client.post(address(teacher), {**TYPED, **fields}, headers=headers)


def text_of(response) -> str:
    return response.content.decode()


def sent_mail(mail: Email):
    return message_from_bytes(mail.email_message().message().as_bytes(), policy=policy.default)


class TestTheForm:
    def test_stands_on_the_profile_and_alone(self, client, teacher):
        for place in (f"/teachers/{teacher.slug}/", address(teacher)):
            response = client.get(place)
            assert f'action="{address(teacher)}" method="post"' in text_of(response)
            assert not response.cookies
            assert "csrf" not in text_of(response)

    @pytest.mark.parametrize("unfit", [{"contact_address": ""}, {"is_sample": True}])
    def test_is_a_sentence_where_nobody_can_be_written_to(self, client, unfit):
        teacher = TeacherFactory(**unfit)
        text = text_of(client.get(f"/teachers/{teacher.slug}/"))
        assert address(teacher) not in text
        assert "nobody to write to" in text or "cannot be written to" in text
        assert send(client, teacher).status_code == 404
        assert not Email.objects.exists()

    @pytest.mark.parametrize(
        "unfit", [{"state": State.HIDDEN}, {"state": State.WITHDRAWN}, {"live": False}]
    )
    def test_is_nowhere_for_those_who_are_not_listed(self, client, unfit):
        teacher = TeacherFactory(**unfit)
        assert client.get(address(teacher)).status_code == 404
        assert send(client, teacher).status_code == 404
        assert client.get(f"/teachers/own/sent/{teacher.slug}/").status_code == 404

    def test_is_gone_at_midnight_of_the_last_day(self, client, teacher):
        DirectoryEntry.objects.update(listed_until=timezone.localdate() - timedelta(days=1))
        assert client.get(address(teacher)).status_code == 404
        assert send(client, teacher).status_code == 404


class TestSending:
    def test_queues_one_mail_for_the_teacher(self, client, teacher):
        response = send(client, teacher)
        assert response.status_code == 303
        mail = Email.objects.get()
        assert (mail.to, mail.cc, mail.bcc) == ([SECRET], [], [])
        assert mail.status == STATUS.queued
        message = sent_mail(mail)
        assert message["Reply-To"] == "Writer@example.com"
        assert message["Auto-Submitted"] == "auto-generated"
        assert "example.com" not in message["From"]
        assert "may I join?" in mail.message
        assert "&lt;b&gt;me&lt;/b&gt;" in mail.html_message
        assert "Sample Writer" in mail.message

    def test_leads_to_a_page_that_says_so_and_is_kept_nowhere(self, client, teacher):
        response = send(client, teacher)
        assert "no-store" in response["Cache-Control"]
        page = client.get(response["Location"])
        assert "Your message is on its way" in text_of(page)
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex"
        assert Email.objects.count() == 1

    def test_nobody_is_told_the_teachers_address(self, client, teacher, caplog):
        caplog.set_level("DEBUG")
        answers = [
            client.get(f"/teachers/{teacher.slug}/"),
            client.get(address(teacher)),
            send(client, teacher, message=""),
            send(client, teacher, copy="1"),
            client.get(f"/teachers/own/sent/{teacher.slug}/"),
        ]
        for answer in answers:
            assert SECRET.partition("@")[0] not in text_of(answer) + repr(answer.headers)
        copy = Email.objects.get(to="Writer@example.com")
        assert SECRET not in sent_mail(copy).as_string()
        assert SECRET not in caplog.text

    def test_the_writers_address_is_told_to_the_teacher_alone(self, client, teacher, caplog):
        caplog.set_level("DEBUG")
        response = send(client, teacher)
        page = client.get(response["Location"])
        assert "writer@" not in (text_of(page) + repr(response.headers)).lower()
        assert "writer@" not in caplog.text.lower()

    def test_is_forgotten_after_thirty_days_whatever_became_of_it(self, client, teacher):
        send(client, teacher, copy="1")
        Email.objects.filter(to=SECRET).update(status=STATUS.failed)
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            cleanup_expired_mails(timezone.now() - KEEP_FINISHED)
        assert not Email.objects.exists()

    def test_without_javascript_works_too(self, client, teacher):
        assert send(client, teacher).status_code == 303


class TestRefusing:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * 101),
            ("email", "no address"),
            ("email", ""),
            ("message", "short"),
            ("message", "x" * (MOST + 1)),
        ],
    )
    def test_says_what_is_wrong_and_keeps_all_that_was_typed(self, client, teacher, field, value):
        typed = {**TYPED, "copy": "1", field: value}
        response = send(client, teacher, **typed)
        assert response.status_code == 400
        assert response.context["contact"].form.errors.keys() == {field}
        for name, words in typed.items():
            if words and name != "message" and name != "copy":
                assert f'value="{words}"' in text_of(response)
        assert "checked" in text_of(response)
        assert not Email.objects.exists()

    def test_names_the_fields_at_the_top_and_begins_at_the_first(self, client, teacher):
        text = text_of(send(client, teacher, email="no address", message=""))
        summary = text.partition('class="form-errors" role="alert"')[2].partition("</div>")[0]
        assert "Your message is not sent yet" in summary
        assert re.findall(r'href="#([\w-]+)"', summary) == ["contact-email", "contact-message"]
        assert re.search(r'<input id="contact-email"[^>]* autofocus', text)
        assert text.count(" autofocus") == 1

    @pytest.mark.parametrize("length", [LEAST, MOST])
    def test_takes_the_least_and_the_most(self, client, teacher, length):
        assert send(client, teacher, message="x" * length).status_code == 303

    @pytest.mark.parametrize("field", ["name", "email"])
    @pytest.mark.parametrize(
        "end",
        [
            "\r\nBcc: all@example.org",
            "\nTo: x@example.org",
            "\u2028X: y",
            "\x0bX: y",
            "\u202ex",
            "\0",
        ],
    )
    def test_no_header_can_be_smuggled_in(self, client, teacher, field, end):
        assert send(client, teacher, **{field: TYPED[field] + end}).status_code == 400
        assert not Email.objects.exists()

    def test_an_encoded_word_stays_what_it_is(self, client, teacher):
        assert send(client, teacher, email="=?utf-8?q?x?=@example.org").status_code == 400
        send(client, teacher, name="=?utf-8?q?a=0D=0ABcc:_x@example.org?=")
        message = sent_mail(Email.objects.get())
        assert message["Bcc"] is None
        assert "=?" not in message["Subject"]
        assert message["Reply-To"] == "Writer@example.com"

    def test_another_sites_form_is_refused(self, client, teacher):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            response = client.post(address(teacher), TYPED, headers=headers)
            assert response.status_code == 403
        assert not Email.objects.exists()

    def test_too_much_is_refused_unread(self, client, teacher):
        assert send(client, teacher, message="x" * 70_000).status_code == 413

    def test_looking_changes_nothing(self, client, teacher):
        client.get(address(teacher), TYPED)
        client.head(address(teacher))
        assert not Email.objects.exists()


class TestRobots:
    def test_a_filled_trap_gets_the_same_answer_and_nothing_is_stored(self, client, teacher):
        person = send(client, teacher)
        robot = send(client, teacher, homepage="https://example.com/")
        assert (robot.status_code, robot["Location"]) == (person.status_code, person["Location"])
        assert Email.objects.count() == 1

    def test_whoever_was_very_fast_is_asked_to_press_again_and_loses_nothing(self, client, teacher):
        response = send(client, teacher, waited="300")
        assert response.status_code == 400
        assert "press the button once more" in text_of(response)
        assert 'value="Sample Writer"' in text_of(response)
        assert send(client, teacher, waited="2500").status_code == 303

    @pytest.mark.parametrize("waited", ["", "-5", "NaN", "²", "9" * 30])
    def test_a_time_that_is_none_is_not_held_against_anyone(self, client, teacher, waited):
        assert send(client, teacher, waited=waited).status_code == 303


class TestLimits:
    def flood(self, times: int, make):
        return [make(number).status_code for number in range(times)]

    def test_one_sender_an_hour(self, client):
        teachers = [TeacherFactory() for _ in range(PER_SENDER + 1)]
        codes = self.flood(PER_SENDER + 1, lambda n: send(client, teachers[n]))
        assert codes == [303] * PER_SENDER + [429]

    def test_one_network_an_hour(self, teacher):
        def one(number: int):
            browser = Client(REMOTE_ADDR=f"192.0.2.{number + 1}")
            return send(browser, teacher, email=f"w{number}@example.com")

        assert self.flood(PER_NETWORK + 1, one) == [303] * PER_NETWORK + [429]

    def test_one_teacher_an_hour_and_it_says_when_and_keeps_what_was_typed(self, client, teacher):
        def one(number: int):
            return send(client, teacher, email=f"w{number}@example.com")

        assert self.flood(PER_TEACHER, one) == [303] * PER_TEACHER
        response = one(99)
        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 3600
        assert "may I join?" in text_of(response)


class TestTheCopy:
    def test_is_a_mail_of_its_own_and_says_that_it_is_one(self, client, teacher):
        send(client, teacher, copy="1")
        copy = Email.objects.get(to="Writer@example.com")
        assert "Someone, probably you, wrote this to Sample Ana" in " ".join(copy.message.split())
        assert "Reply-To" not in copy.headers

    def test_carries_no_link_and_no_name_of_the_writers_choice(self, client, teacher):
        send(client, teacher, copy="1", name="Win at evil.example now")
        copy = Email.objects.get(to="Writer@example.com")
        assert "may I join?" in copy.message
        for words in (copy.message, copy.html_message):
            assert "example.com/" not in words
            assert "evil" not in words

    @pytest.mark.parametrize(
        "link",
        [
            "https://evil.example/x",
            "HTTP://evil.example",
            "evil.example",
            "www.evil.example",
            "evil。example",
            "ｅｖｉｌ．ｅｘａｍｐｌｅ",
            "me@evil.example",
            "mailto:evil",
            "tel:+1900",
            "ftp://evil",
            "evil.example/path?q=1",
        ],
    )
    def test_whatever_is_a_link_is_left_out(self, link):
        left = without_links(f"before {link} after")
        assert left == "before (link left out) after"

    def test_other_words_stay(self):
        text = "Good day. I live in St. Louis, e.g. at 5.30 p.m. (or so)... Thanks!"
        assert without_links(text) == text

    def test_few_go_to_one_address_and_the_message_goes_anyway(self, client):
        teachers = [TeacherFactory() for _ in range(COPIES_PER_SENDER + 1)]
        for one in teachers:
            assert send(client, one, copy="1").status_code == 303
        assert Email.objects.filter(to="Writer@example.com").count() == COPIES_PER_SENDER
        assert Email.objects.count() == 2 * COPIES_PER_SENDER + 1


def test_what_is_written_cannot_look_like_a_part_of_the_page(client, teacher):
    text = text_of(send(client, teacher, name='"><script>x</script>', message="</textarea><b>"))
    assert "<script>x" not in text
    assert not re.search(r"</textarea><b>", text)


def test_a_text_that_grows_takes_no_longer_than_its_length():
    started = time.process_time()
    assert len(without_links("\u3316" * MOST)) == MOST
    assert time.process_time() - started < 1
