"""Ways around the newsletter's promises that an attacker found; each is closed."""

import csv
import io
import logging
import re
from datetime import timedelta

import pytest
import time_machine
from anymail.signals import AnymailTrackingEvent, tracking
from django.conf import settings as site_settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from newsletter import retention
from newsletter.erasure import erase
from newsletter.links import Purpose, Token, confirm_link, leave_link, make_token, preferences_link
from newsletter.membership import add_by_hand, leave
from newsletter.models import HeldSignUp, Subscriber, suppress, suppression_of
from newsletter.models.held import Suspicion
from newsletter.models.suppression import Reason
from newsletter.sign_up import SignUp, sign_up
from pages.email_addresses import parse_address
from tests.factories import HeldSignUpFactory, SubscriberFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db

SUBSCRIBE = "/newsletter/subscribe/"
State = Subscriber.State


def path_of(link: str) -> str:
    return link.removeprefix(site_settings.SITE_URL)


def post(client: Client, email: str = "ana@example.org", **fields):
    data = {"email": email, "page": "/", **fields}
    return client.post(SUBSCRIBE, data, headers={"Sec-Fetch-Site": "same-origin"})


def meanwhile(monkeypatch, act) -> None:
    """Have another request finish once this one has looked up whose link it is."""
    look_up, done = Token.subscriber, []

    def subscriber(token: Token) -> Subscriber | None:
        found = look_up(token)
        if not done:
            done.append(True)
            act()
        return found

    monkeypatch.setattr(Token, "subscriber", subscriber)


class TestTwoRequestsAtOnce:
    @pytest.fixture
    def ana(self):
        TopicFactory()
        return SubscriberFactory(address="ana@example.org")

    def test_saving_preferences_does_not_undo_that_someone_left(self, client, monkeypatch, ana):
        meanwhile(monkeypatch, lambda: leave(ana))
        client.post(path_of(preferences_link(ana)), {"act": "save"})
        ana.refresh_from_db()
        assert (ana.state, ana.round) == (State.UNSUBSCRIBED, 2)

    def test_saving_preferences_does_not_bring_an_erased_person_back(
        self, client, monkeypatch, ana
    ):
        address = path_of(preferences_link(ana))
        meanwhile(monkeypatch, lambda: erase(ana.key))
        response = client.post(address, {"act": "save"})
        assert response.status_code == 200
        assert not Subscriber.objects.filter(key=ana.key).exists()


class TestLeaving:
    def test_a_mail_asked_for_after_leaving_brings_nobody_back_once_they_left_by_it(self, client):
        ana = SubscriberFactory(address="ana@example.org", state=State.UNSUBSCRIBED)
        post(client)  # a stranger signs them up again, and a mail with both links goes out
        confirming, leaving = confirm_link(ana), leave_link(ana)
        assert "You have left" in client.post(path_of(leaving)).content.decode()
        client.post(path_of(confirming))
        ana.refresh_from_db()
        assert ana.state == State.UNSUBSCRIBED


class TestWhatIsForgotten:
    @pytest.fixture
    def long_ago(self):
        return timezone.now() - timedelta(days=31)

    def test_a_fresh_sign_up_is_kept_while_others_are_being_forgotten(self, monkeypatch, long_ago):
        keys = {"a@example.org", "b@example.org"}
        for key in keys:
            SubscriberFactory(address=key, state=State.PENDING, asked_at=long_ago)
        forget, begun = retention.erase, []

        def slowly(key: str, *args, **kwargs):
            if not begun:
                begun.append(key)
                for other in keys - {key}:  # whoever comes later signs up again meanwhile
                    sign_up(SignUp(parse_address(other)))
            return forget(key, *args, **kwargs)

        monkeypatch.setattr(retention, "erase", slowly)
        retention.forget_unconfirmed()
        assert set(Subscriber.objects.values_list("key", flat=True)) == keys - set(begun)

    def test_a_sign_up_that_was_held_yesterday_is_kept_when_one_of_last_month_is_forgotten(
        self, long_ago
    ):
        SubscriberFactory(address="ana@example.org", state=State.PENDING, asked_at=long_ago)
        HeldSignUpFactory(address="ana@example.org", held_at=timezone.now() - timedelta(days=1))
        retention.forget_unconfirmed()
        assert HeldSignUp.objects.filter(key="ana@example.org").exists()

    def test_a_robot_does_not_bring_an_erased_address_back_into_the_records(self, client):
        suppress("ana@example.org", Reason.ERASED)
        assert post(client, homepage="https://example.com/").status_code == 303
        assert not HeldSignUp.objects.exists()

    def test_who_never_confirmed_is_forgotten_though_the_mail_came_back(self, long_ago):
        SubscriberFactory(
            state=State.BOUNCED, confirmed_at=None, created_at=long_ago, asked_at=long_ago
        )
        retention.forget_unconfirmed()
        assert not Subscriber.objects.exists()


class TestLockingOthersOut:
    def test_posts_that_are_held_do_not_use_up_the_tries_of_the_address(self, client):
        for _number in range(21):
            post(client, homepage="https://example.com/")
        post(client)  # the person, who is told to check their inbox
        assert Email.objects.count() == 1

    def test_robots_that_are_held_anyway_do_not_get_people_held(self, client, settings):
        settings.SIGN_UPS_IN_ALL, settings.SIGN_UPS_PER_NETWORK = 5, 0
        for number in range(6):
            post(client, f"robot{number}@example.org", homepage="https://example.com/")
        post(client)
        assert Email.objects.count() == 1

    def test_one_network_beyond_its_own_limit_does_not_get_others_held(self, settings):
        settings.SIGN_UPS_IN_ALL, settings.SIGN_UPS_PER_NETWORK = 5, 2
        for number in range(6):
            post(Client(REMOTE_ADDR="192.0.2.1"), f"robot{number}@example.org")
        post(Client(REMOTE_ADDR="198.51.100.1"))
        held = HeldSignUp.objects.filter(key="ana@example.org").values_list("suspicion", flat=True)
        assert Suspicion.ALL not in held
        assert Subscriber.objects.filter(key="ana@example.org").exists()


def test_a_complaint_that_is_told_again_does_not_undo_what_the_person_asked_for_since():
    ana = SubscriberFactory(address="ana@example.org")
    event = AnymailTrackingEvent(
        event_type="complained", recipient="ana@example.org", timestamp=timezone.now()
    )
    tracking.send(sender=None, event=event, esp_name="Sample")
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        add_by_hand(
            parse_address("ana@example.org"),
            language="en",
            note="Asked by phone to be written to again",
            by=UserFactory(),
            lift=True,
        )
        tracking.send(sender=None, event=event, esp_name="Sample")
    ana.refresh_from_db()
    assert ana.state == State.CONFIRMED
    assert suppression_of(ana.key) is None


@pytest.mark.parametrize("text", ["Ana;=1+1", "Ana; =1+1", 'Ana;"=1+1', "Ana;@SUM(1)", "Ana;-1+1"])
def test_a_spreadsheet_that_parts_at_semicolons_runs_no_formula(newsletter_staff, text):
    SubscriberFactory(name=text, source="/" + text)
    response = newsletter_staff.post(reverse("newsletter_export"), {"file": "csv"})
    lines = b"".join(response).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(lines, newline=""), delimiter=";"):
        assert not [
            cell for cell in row if re.match(r"""[\s"']*[=+\-@]""", cell) and "'" not in cell
        ]


class TestTokensInOtherPlaces:
    """A link that lost its slash, or got a sign too many, still holds its token."""

    @pytest.fixture
    def link(self):
        return path_of(leave_link(SubscriberFactory())).rstrip("/")

    @pytest.mark.parametrize("end", ["", ".", "/.", "/x/"])
    def test_no_log_names_it(self, client, link, end, caplog):
        caplog.set_level(logging.INFO, "cmsc_site.requests")
        client.get(link + end)
        paths = [record.path for record in caplog.records if hasattr(record, "path")]
        assert paths
        assert not [path for path in paths if link.split("/")[3] in path]

    @pytest.mark.parametrize("end", ["/.", "/x/"])
    def test_no_form_on_the_answer_sends_it_as_the_page_of_another_sign_up(self, client, link, end):
        text = client.get(link + end).content.decode()
        fields = re.findall(r"<input[^>]* name=\"page\"[^>]*>", text)
        assert not [field for field in fields if link.split("/")[3] in field]


@pytest.mark.parametrize("charset", ["hex", "undefined", "idna"])
def test_a_charset_that_is_none_is_the_senders_fault(charset):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nana@example.org\r\n--x--\r\n'
    )
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    browser = Client(raise_request_exception=False)
    assert browser.generic("POST", SUBSCRIBE, body, content_type=kind).status_code < 500


def test_other_spellings_of_the_host_do_not_fill_the_cache(client):
    for host in ("localhost", "LOCALHOST", "localhost:81", "localhost:82", "LocalHost:83"):
        assert client.get(SUBSCRIBE, headers={"Host": host}).status_code == 200
    kept = [key for key in cache._cache if ":invitation:" in key]
    assert len(kept) == 1


def test_a_link_to_confirm_that_is_too_old_opens_no_other_door(client):
    ana = SubscriberFactory(address="ana@example.org")
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        token = make_token(Purpose.CONFIRM, ana)
    text = client.get(reverse("newsletter_confirm", args=[token])).content.decode()
    assert "/newsletter/preferences/" not in text
