"""What a visitor, or somebody else, gets by posting an address."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from post_office.models import STATUS, Email

from newsletter.models import (
    ConsentEvent,
    HeldSignUp,
    MailKind,
    NewsletterSettings,
    Subscriber,
    SubscriberMail,
    Suppression,
    suppress,
)
from newsletter.models.subscriber import Act
from tests.factories import SubscriberFactory

pytestmark = pytest.mark.django_db

SUBSCRIBE = "/newsletter/subscribe/"
INBOX = "/newsletter/check-your-inbox/"
State = Subscriber.State


def post(client: Client, email: str = "ana@example.org", **fields):
    """Send the form as a browser without JavaScript does."""
    headers = fields.pop("headers", {"Sec-Fetch-Site": "same-origin"})
    data = {"email": email, "name": "", "homepage": "", "waited": "", "page": "/", **fields}
    return client.post(SUBSCRIBE, data, headers=headers)


class TestTheFirstTime:
    def test_the_visitor_is_led_to_their_inbox(self, client):
        response = post(client)
        assert response.status_code == 303
        assert response["Location"] == INBOX
        text = client.get(INBOX).content.decode()
        assert "Check your inbox" in text

    def test_no_cookie_is_set_and_no_cache_keeps_the_answer(self, client):
        response = post(client)
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]

    def test_the_subscriber_their_consent_and_their_mail_are_stored(self, client):
        post(client, "Ana.Silva+list@Bücher.example", name="Ana", page="/about/mission/")
        ana = Subscriber.objects.get()
        assert ana.address == "Ana.Silva+list@Bücher.example"
        assert ana.key == "ana.silva+list@xn--bcher-kva.example"
        assert (ana.state, ana.name, ana.language) == (State.PENDING, "Ana", "en")
        assert ana.source == "/about/mission/"
        event = ana.events.get()
        assert event.act == Act.ASKED
        assert event.network == "127.0.0.0/24"
        assert event.source == "/about/mission/"
        mail = ana.mails.get().mail
        assert mail.to == ["Ana.Silva+list@xn--bcher-kva.example"]
        assert mail.status == STATUS.queued

    def test_the_mail_has_the_ways_out_in_its_headers_and_not_the_name(self, client):
        post(client, name="Buy Now example.com")
        mail = Email.objects.get()
        leave = mail.headers["List-Unsubscribe"].strip("<>")
        assert leave.startswith("http://localhost:8000/newsletter/unsubscribe/")
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "newsletter." in mail.headers["List-Id"]
        assert "Buy Now" not in mail.message + mail.html_message + mail.subject

    def test_nothing_is_stored_when_the_mail_cannot_be_queued(self, client, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError("on purpose")

        monkeypatch.setattr(Email.objects.__class__, "bulk_create", fail)
        client.raise_request_exception = False
        assert post(client).status_code == 500
        assert not Subscriber.objects.exists()
        assert not ConsentEvent.objects.exists()

    def test_the_words_that_were_shown_are_kept_also_from_a_page_of_before(self, client, committed):
        words = NewsletterSettings.for_site(_site())
        with committed():
            words.save()
        shown = _wording_on(client)
        with committed():
            words.promise = "Other words."
            words.save()
        post(client, "now@example.org", wording=_wording_on(client))
        post(client, "before@example.org", wording=shown)
        by_address = {e.subscriber.key: e.wording for e in ConsentEvent.objects.all()}
        assert "Other words." in by_address["now@example.org"].text
        assert "Other words." not in by_address["before@example.org"].text
        assert by_address["now@example.org"].version == by_address["before@example.org"].version + 1


def _site():
    from wagtail.models import Site

    return Site.objects.get(is_default_site=True)


def _wording_on(client) -> str:
    text = client.get(SUBSCRIBE).content.decode()
    return re.search(r'name="wording" value="([0-9a-f]+)"', text)[1]


class TestAgain:
    def test_a_repeat_within_ten_minutes_sends_nothing(self, client):
        post(client)
        post(client, "ANA@example.org")
        assert Subscriber.objects.count() == 1
        assert Email.objects.count() == 1
        acts = list(Subscriber.objects.get().events.values_list("act", flat=True))
        assert acts == [Act.ASKED, Act.ASKED_AGAIN]

    def test_after_ten_minutes_one_more_and_three_in_a_day(self, client):
        start = timezone.now()
        for minutes in range(0, 200, 11):
            with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
                post(client)
        assert Email.objects.count() == 3
        with time_machine.travel(start + timedelta(days=1, hours=3), tick=False):
            post(client)
        assert Email.objects.count() == 4

    def test_someone_on_the_list_stays_as_they_are_and_hears_of_it_once_a_day(self, client):
        ana = SubscriberFactory(address="ana@example.org", name="Ana")
        start = timezone.now()
        for hours in (0, 1, 2, 23):
            with time_machine.travel(start + timedelta(hours=hours), tick=False):
                post(client, name="Mallory", page="/elsewhere/")
        ana.refresh_from_db()
        assert (ana.state, ana.name) == (State.CONFIRMED, "Ana")
        assert [mail.kind for mail in ana.mails.all()] == [MailKind.ALREADY]
        with time_machine.travel(start + timedelta(hours=25), tick=False):
            post(client)
        assert ana.mails.count() == 2

    @pytest.mark.parametrize("state", [State.UNSUBSCRIBED, State.BOUNCED])
    def test_who_left_or_bounced_is_asked_to_confirm_and_not_put_back(self, client, state):
        ana = SubscriberFactory(address="ana@example.org", state=state)
        post(client)
        ana.refresh_from_db()
        assert ana.state == state
        assert ana.mails.get().kind == MailKind.CONFIRM

    def test_a_suppressed_address_is_written_to_never_again(self, client):
        suppress("ana@example.org", Suppression.Reason.ERASED)
        assert post(client).status_code == 303
        assert not Subscriber.objects.exists()
        assert not Email.objects.exists()
        assert Suppression.objects.get().asked_at

    def test_whoever_is_erased_in_that_very_moment_is_new(self, client):
        SubscriberFactory(address="ana@example.org", name="Former", state=State.CONFIRMED)
        erased = []

        def erase(execute, sql, params, many, context):
            done = execute(sql, params, many, context)
            if 'INTO "newsletter_subscriber"' in sql and not erased:
                erased.append(Subscriber.objects.all().delete())
            return done

        with connection.execute_wrapper(erase):
            assert post(client).status_code == 303
        subscriber = Subscriber.objects.get()
        assert (subscriber.name, subscriber.state) == ("", State.PENDING)
        assert Email.objects.count() == 1

    def test_asking_a_thousand_times_fills_no_table(self, client):
        for _time in range(40):
            assert post(client).status_code == 303
        assert ConsentEvent.objects.count() == 20


def comparable(response) -> tuple:
    """Everything that a visitor gets, but for the number that each request has."""
    headers = {n: v for n, v in response.items() if n not in {"X-Request-ID"}}
    return response.status_code, headers, response.content, response.cookies.output()


class TestNobodyLearnsWhoIsOnTheList:
    @pytest.mark.parametrize("accept", ["text/html", "text/vnd.cmsc.fragment+html"])
    def test_the_answer_is_the_same_bytes_in_every_state(self, client, accept):
        for state in State:
            SubscriberFactory(address=f"{state.value}@example.org", state=state)
        SubscriberFactory(address="twice@example.org", state=State.PENDING)
        suppress("suppressed@example.org", Suppression.Reason.ERASED)
        names = [*State.values, "suppressed", "new", "twice", "twice"]
        headers = {"Accept": accept, "Sec-Fetch-Site": "same-origin"}
        seen = {
            comparable(post(client, f"{name}@example.org", headers=headers)).__repr__()
            for name in names
        }
        assert len(seen) == 1

    def test_a_held_sign_up_gets_the_same_answer_too(self, client):
        assert comparable(post(client)) == comparable(
            post(client, "robot@example.org", homepage="https://example.com")
        )


class TestRobots:
    def test_what_fills_in_the_trap_is_held_and_nothing_is_sent(self, client):
        post(client, "Robot@example.org", homepage="x", name="Sample robot")
        held = HeldSignUp.objects.get()
        assert (held.address, held.suspicion) == ("Robot@example.org", "trap")
        assert not Subscriber.objects.exists()
        assert not Email.objects.exists()

    def test_what_is_faster_than_a_person_is_held(self, client):
        post(client, waited="300")
        assert HeldSignUp.objects.get().suspicion == "too-fast"
        post(client, "ben@example.org", waited="5200")
        assert Subscriber.objects.get().key == "ben@example.org"

    def test_a_form_without_the_scripts_measure_is_taken(self, client):
        post(client, waited="")
        post(client, "ben@example.org", waited="soon")
        assert Subscriber.objects.count() == 2

    def test_an_address_waits_once_however_often_it_is_posted(self, client):
        for _time in range(3):
            post(client, homepage="x")
        assert HeldSignUp.objects.get().times == 3

    def test_many_from_one_network_are_held_and_a_flood_is_turned_away(self, client, settings):
        settings.TRUSTED_PROXIES, settings.SIGN_UPS_PER_NETWORK = 1, 2
        answers = [
            post(
                client,
                f"reader{n}@example.org",
                headers={"X-Forwarded-For": f"198.51.100.{n}", "Sec-Fetch-Site": "same-origin"},
            )
            for n in range(22)
        ]
        assert [a.status_code for a in answers] == [303] * 20 + [429] * 2
        assert Subscriber.objects.count() == 2
        assert HeldSignUp.objects.filter(suspicion="network").count() == 18
        assert 0 < int(answers[-1]["Retry-After"]) <= 3600
        elsewhere = {"X-Forwarded-For": "203.0.113.9", "Sec-Fetch-Site": "same-origin"}
        post(client, "elsewhere@example.org", headers=elsewhere)
        assert Subscriber.objects.filter(key="elsewhere@example.org").exists()

    def test_an_invented_forwarded_address_does_not_help_a_robot(self, client, settings):
        settings.TRUSTED_PROXIES, settings.SIGN_UPS_PER_NETWORK = 1, 2
        for n in range(5):
            chain = f"203.0.{n}.7, 198.51.100.7"
            post(
                client,
                f"reader{n}@example.org",
                headers={"X-Forwarded-For": chain, "Sec-Fetch-Site": "same-origin"},
            )
        assert Subscriber.objects.count() == 2

    def test_ipv6_is_counted_by_48(self, client, settings):
        settings.TRUSTED_PROXIES, settings.SIGN_UPS_PER_NETWORK = 1, 2
        for n in range(4):
            headers = {"X-Forwarded-For": f"2001:db8:7:{n}::1", "Sec-Fetch-Site": "same-origin"}
            post(client, f"reader{n}@example.org", headers=headers)
        assert Subscriber.objects.count() == 2
        assert ConsentEvent.objects.first().network == "2001:db8:7::/48"

    def test_many_in_all_are_held(self, client, settings):
        settings.SIGN_UPS_IN_ALL = 3
        for n in range(5):
            post(client, f"reader{n}@example.org")
        assert Subscriber.objects.count() == 3
        assert HeldSignUp.objects.filter(suspicion="all").count() == 2

    def test_while_the_puzzle_is_asked_for_who_does_not_solve_it_is_held(self, client, committed):
        with committed():
            words = NewsletterSettings.for_site(_site())
            words.proof_of_work = True
            words.save()
        post(client)
        assert HeldSignUp.objects.get().suspicion == "no-proof"
        assert not Subscriber.objects.exists()


class TestFromElsewhere:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Sec-Fetch-Site": "same-origin"}, 303),
            ({"Sec-Fetch-Site": "same-site"}, 303),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
            ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
            ({"Origin": "http://testserver"}, 303),
            ({"Origin": "http://testserver:81"}, 403),
            ({"Origin": "https://testserver"}, 403),
            ({"Origin": "http://evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Origin": "http://[broken"}, 403),
            ({}, 303),
        ],
    )
    def test_a_form_on_another_site_signs_nobody_up(self, client, headers, status):
        assert post(client, headers=headers).status_code == status
        assert Subscriber.objects.exists() == (status == 303)

    def test_the_refusal_says_what_to_do(self, client):
        response = post(client, headers={"Sec-Fetch-Site": "cross-site"})
        assert "another site" in response.content.decode()


class TestBadInput:
    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "ana",
            "ana@",
            "@example.org",
            "ana@localhost",
            "ana@example..org",
            "ana@example.org, ben@example.org",
            "ana@example.org ben@example.org",
            "ana@exam\u202eple.org",
            "ana\u200b@example.org",
            "ana@example.org\r\nBcc: ben@example.org",
            f"{'a' * 65}@example.org",
            f"ana@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}.org",
            "añа@example.org",
            "Ana <ana@example.org>",
        ],
    )
    def test_a_bad_address_gets_the_form_back_with_what_was_typed(self, client, typed):
        response = post(client, typed, name="Ana <b>")
        assert response.status_code == 400
        text = response.content.decode()
        assert 'value="Ana &lt;b&gt;"' in text
        assert 'aria-invalid="true"' in text
        assert "autofocus" in text
        assert not Subscriber.objects.exists()

    @pytest.mark.parametrize("name", ["Ana\r\nBcc: x@example.org", "a" * 101, "Ana\u202e", "A\x00"])
    def test_a_bad_name_too(self, client, name):
        response = post(client, name=name)
        assert response.status_code == 400
        assert "ana@example.org" in response.content.decode()
        assert not Subscriber.objects.exists()

    def test_a_body_over_16_kb_is_too_much(self, client):
        response = post(client, name="a" * 17_000)
        assert response.status_code == 413
        assert "more than the form can hold" in response.content.decode()

    def test_an_address_of_a_million_signs_is_answered_at_once(self, client):
        assert post(client, "@" * 10_000).status_code == 400

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_other_methods_are_refused(self, client, method):
        response = getattr(client, method)(SUBSCRIBE)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, POST"

    def test_a_source_that_is_no_path_of_ours_is_left_out(self, client):
        post(client, page="https://evil.example/")
        post(client, "ben@example.org", page="//evil.example/")
        assert set(Subscriber.objects.values_list("source", flat=True)) == {""}

    def test_a_slip_in_a_common_domain_is_asked_about_and_not_refused(self, client):
        response = post(client, "ana@gmial.com")
        assert response["Location"] == f"{INBOX}?meant=gmail.com"
        assert Subscriber.objects.get().key == "ana@gmial.com"
        text = client.get(response["Location"]).content.decode()
        assert "Did you mean gmail.com?" in text

    def test_the_answer_shows_no_word_that_someone_put_into_its_address(self, client):
        text = client.get(f"{INBOX}?meant=evil.example").content.decode()
        assert "evil.example" not in text

    def test_looking_at_the_form_changes_nothing(self, client):
        assert client.get(SUBSCRIBE).status_code == 200
        assert client.get(f"{SUBSCRIBE}?email=ana@example.org").status_code == 200
        assert client.head(SUBSCRIBE).status_code == 200
        assert not Subscriber.objects.exists()
        assert not SubscriberMail.objects.exists()
