"""What happens at the links in mails: nothing by looking, and what they say by pressing."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from newsletter.links import (
    Purpose,
    confirm_link,
    leave_link,
    make_token,
    preferences_link,
    rejoin_link,
)
from newsletter.models import ConsentEvent, MailKind, Subscriber, Suppression, suppress
from newsletter.models.subscriber import Act
from tests.factories import SubscriberFactory, TopicFactory

pytestmark = pytest.mark.django_db

State = Subscriber.State
LINKS = {
    "confirm": confirm_link,
    "leave": leave_link,
    "rejoin": rejoin_link,
    "preferences": preferences_link,
}


def path(link: str) -> str:
    return link.removeprefix("http://localhost:8000")


@pytest.fixture
def client():
    """A browser that enforces CSRF protection, as real ones do."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def asking():
    """Someone who signed up and has not confirmed yet."""
    return SubscriberFactory(state=State.PENDING, address="ana@example.org")


@pytest.fixture
def reader():
    """Someone on the list."""
    return SubscriberFactory(address="ana@example.org")


def everything() -> list:
    return [
        *Subscriber.objects.order_by("pk").values(),
        *ConsentEvent.objects.order_by("pk").values(),
        *Email.objects.order_by("pk").values(),
        *Suppression.objects.order_by("pk").values(),
    ]


class TestLooking:
    @pytest.mark.parametrize("state", State.values)
    @pytest.mark.parametrize("name", LINKS)
    @pytest.mark.parametrize("method", ["get", "head"])
    def test_no_link_changes_anything(self, client, name, state, method):
        subscriber = SubscriberFactory(state=state)
        address = path(LINKS[name](subscriber))
        before = everything()
        assert getattr(client, method)(address).status_code in {200, 410}
        assert getattr(client, method)(f"{address}?act=erase-for-good").status_code in {200, 410}
        assert everything() == before

    @pytest.mark.parametrize("name", LINKS)
    def test_its_answer_is_kept_nowhere_and_told_to_nobody(self, client, name, reader):
        response = client.get(path(LINKS[name](reader)))
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert not response.cookies

    @pytest.mark.parametrize("name", LINKS)
    def test_it_holds_nothing_of_the_address(self, name, reader):
        link = LINKS[name](reader)
        assert "ana" not in link
        assert "example" not in link

    @pytest.mark.parametrize("name", LINKS)
    @pytest.mark.parametrize("act", ["get", "post"])
    def test_a_broken_one_gets_a_sentence(self, client, name, reader, act):
        address = path(LINKS[name](reader))
        for broken in (address[:-6] + "/", address[:-4] + "AAA/", address.replace("~", "~x")):
            response = getattr(client, act)(broken)
            assert response.status_code == 404
            assert "This link is not whole" in response.content.decode()
            assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("step", ["confirm", "unsubscribe", "preferences"])
    def test_the_link_of_a_test_mail_says_what_it_is(self, client, step):
        response = client.post(f"/newsletter/{step}/example/")
        assert response.status_code == 200
        assert "link of a test mail" in response.content.decode()

    @pytest.mark.parametrize("name", LINKS)
    def test_it_is_good_for_one_purpose_alone(self, client, name, reader):
        purposes = {"confirm", "unsubscribe", "rejoin", "preferences"}
        own = path(LINKS[name](reader))
        step = own.split("/")[2]
        for other in purposes - {step}:
            assert client.post(own.replace(f"/{step}/", f"/{other}/")).status_code == 404
        reader.refresh_from_db()
        assert reader.state == State.CONFIRMED

    def test_the_log_holds_no_token(self, client, reader, caplog):
        with caplog.at_level("INFO", logger="cmsc_site.requests"):
            client.get(path(leave_link(reader)))
        assert reader.handle not in repr([record.__dict__ for record in caplog.records])


class TestConfirming:
    def test_one_press_puts_someone_on_the_list(self, client, asking):
        address = path(confirm_link(asking))
        text = client.get(address).content.decode()
        assert text.count("Yes, subscribe me") == 1
        response = client.post(address)
        assert response.status_code == 200
        assert "you are subscribed" in response.content.decode()
        asking.refresh_from_db()
        assert asking.state == State.CONFIRMED
        assert asking.events.get().act == Act.CONFIRMED
        assert asking.mails.get().kind == MailKind.WELCOME

    def test_twice_says_so_and_does_it_once(self, client, asking):
        address = path(confirm_link(asking))
        client.post(address)
        again = client.post(address)
        assert "You have confirmed already" in again.content.decode()
        assert "You have confirmed already" in client.get(address).content.decode()
        assert asking.events.count() == 1
        assert asking.mails.count() == 1

    def test_after_seven_days_it_offers_a_new_mail(self, client, asking):
        address = path(confirm_link(asking))
        with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
            response = client.post(address)
            assert response.status_code == 410
            assert "Send me a new mail" in response.content.decode()
            asking.refresh_from_db()
            assert asking.state == State.PENDING
            assert client.post(address, {"act": "again"}).status_code == 200
            assert asking.mails.get().kind == MailKind.CONFIRM
            client.post(address, {"act": "again"})
            assert asking.mails.count() == 1

    def test_just_before_it_is_good(self, client, asking):
        address = path(confirm_link(asking))
        with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
            client.post(address)
        asking.refresh_from_db()
        assert asking.state == State.CONFIRMED

    def test_one_from_before_leaving_brings_nobody_back(self, client, asking):
        confirm = path(confirm_link(asking))
        client.post(confirm)
        client.post(path(leave_link(asking)))
        response = client.post(confirm)
        assert response.status_code == 410
        assert "left the list since" in response.content.decode()
        asking.refresh_from_db()
        assert asking.state == State.UNSUBSCRIBED

    def test_that_was_not_me_ends_it_before_it_began(self, client, asking):
        confirm = path(confirm_link(asking))
        client.post(path(leave_link(asking)))
        client.post(confirm)
        asking.refresh_from_db()
        assert asking.state == State.UNSUBSCRIBED

    def test_signing_up_anew_after_leaving_makes_a_good_one(self, client, reader):
        client.post(path(leave_link(reader)))
        client.post("/newsletter/subscribe/", {"email": reader.address})
        reader.refresh_from_db()
        client.post(path(confirm_link(reader)))
        reader.refresh_from_db()
        assert reader.state == State.CONFIRMED

    def test_a_suppressed_address_cannot_confirm(self, client, asking):
        suppress(asking.key, Suppression.Reason.STAFF)
        assert client.post(path(confirm_link(asking))).status_code == 410
        asking.refresh_from_db()
        assert asking.state == State.PENDING


class TestLeaving:
    def test_one_press_and_no_question(self, client, reader):
        address = path(leave_link(reader))
        text = client.get(address).content.decode()
        assert "<button" in text
        response = client.post(address)
        assert response.status_code == 200
        assert "You have left" in response.content.decode()
        reader.refresh_from_db()
        assert reader.state == State.UNSUBSCRIBED
        assert reader.events.get().act == Act.LEFT

    def test_it_works_years_later_and_under_a_new_secret_key(self, client, reader, settings):
        address = path(leave_link(reader))
        settings.SECRET_KEY = "another-" * 10
        with time_machine.travel(timezone.now() + timedelta(days=4000)):
            assert client.post(address).status_code == 200
        reader.refresh_from_db()
        assert reader.state == State.UNSUBSCRIBED

    def test_a_mail_program_does_it_at_one_click(self, client, reader):
        address = path(leave_link(reader))
        response = client.post(
            address,
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert response.status_code == 200
        assert not response.cookies
        reader.refresh_from_db()
        assert reader.state == State.UNSUBSCRIBED
        assert reader.events.get().note == "RFC 8058"

    def test_in_the_other_encoding_too_and_again_it_does_no_harm(self, client, reader):
        address = path(leave_link(reader))
        for _time in range(3):
            response = client.post(address, {"List-Unsubscribe": "One-Click"})  # multipart
            assert response.status_code == 200
        assert reader.events.count() == 1

    def test_an_erased_person_is_told_that_they_are_off_the_list(self, client, reader):
        address = path(leave_link(reader))
        reader.delete()
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 200
            assert "not on our list" in answer.content.decode()

    def test_changed_your_mind_puts_them_back(self, client, reader):
        text = client.post(path(leave_link(reader))).content.decode()
        assert "Changed your mind?" in text
        back = path(re.search(r'action="([^"]*/newsletter/rejoin/[^"]+)"', text)[1])
        client.get(back)
        reader.refresh_from_db()
        assert reader.state == State.UNSUBSCRIBED
        assert "Welcome back" in client.post(back).content.decode()
        reader.refresh_from_db()
        assert reader.state == State.CONFIRMED
        assert [event.act for event in reader.events.all()] == [Act.LEFT, Act.REJOINED]

    def test_coming_back_is_offered_for_a_day(self, client, reader):
        client.post(path(leave_link(reader)))
        reader.refresh_from_db()
        back = path(rejoin_link(reader))
        with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
            assert client.post(back).status_code == 410
        reader.refresh_from_db()
        assert reader.state == State.UNSUBSCRIBED

    def test_who_never_confirmed_is_asked_to_by_mail(self, client, asking):
        client.post(path(leave_link(asking)))
        asking.refresh_from_db()
        assert "Check your inbox" in client.post(path(rejoin_link(asking))).content.decode()
        asking.refresh_from_db()
        assert asking.state == State.UNSUBSCRIBED
        assert asking.mails.get().kind == MailKind.CONFIRM

    def test_an_old_way_back_is_not_good_after_leaving_again(self, client, reader):
        client.post(path(leave_link(reader)))
        reader.refresh_from_db()
        back = path(rejoin_link(reader))
        client.post(back)
        client.post(path(leave_link(reader)))
        assert client.post(back).status_code == 410


class TestPreferences:
    def test_topics_are_chosen(self, client, reader):
        music, silence = TopicFactory(name="Music"), TopicFactory(name="Silence")
        TopicFactory(name="Not offered", is_offered=False)
        address = path(preferences_link(reader))
        text = client.get(address).content.decode()
        assert "Music" in text
        assert "Not offered" not in text
        response = client.post(address, {"act": "save", "language": "en", "topics": [silence.pk]})
        assert response.status_code == 200
        assert "saved" in response.content.decode()
        assert list(reader.topics.all()) == [silence]
        assert music not in reader.topics.all()
        assert reader.events.get().act == Act.CHANGED

    def test_a_topic_no_longer_offered_is_kept_by_who_chose_it(self, client, reader):
        old = TopicFactory(is_offered=False)
        reader.topics.add(old)
        address = path(preferences_link(reader))
        assert old.name in client.get(address).content.decode()
        client.post(address, {"act": "save", "language": "en", "topics": [old.pk]})
        assert old in reader.topics.all()

    def test_a_choice_that_is_none_is_refused_with_the_form(self, client, reader):
        TopicFactory()
        response = client.post(
            path(preferences_link(reader)), {"act": "save", "language": "en", "topics": ["0"]}
        )
        assert response.status_code == 400
        assert not reader.events.exists()

    def test_someone_takes_their_data_as_json(self, client, reader):
        client.post("/newsletter/subscribe/", {"email": reader.address})
        response = client.post(path(preferences_link(reader)), {"act": "data"})
        assert response["Content-Type"] == "application/json"
        assert "attachment" in response["Content-Disposition"]
        told = json.loads(response.content)
        assert told["address"] == "ana@example.org"
        assert told["state"] == "confirmed"
        assert {line["what"] for line in told["history"]} == {"asked-again", "took-data"}
        assert told["history"][0]["shown"]["text"]

    def test_leaving_from_there_too(self, client, reader):
        response = client.post(path(preferences_link(reader)), {"act": "leave"})
        assert "You have left" in response.content.decode()
        reader.refresh_from_db()
        assert reader.state == State.UNSUBSCRIBED

    def test_an_unknown_act_shows_the_page(self, client, reader):
        before = everything()
        assert client.post(path(preferences_link(reader)), {"act": "x"}).status_code == 200
        assert everything() == before

    def test_erasing_asks_first_and_then_says_what_it_did(self, client, reader):
        client.post("/newsletter/subscribe/", {"email": reader.address})
        address = path(preferences_link(reader))
        asked = client.post(address, {"act": "erase"}).content.decode()
        assert "cannot be undone" in asked.lower()
        assert Subscriber.objects.exists()
        told = client.post(address, {"act": "erase-for-good"}).content.decode()
        assert "1 mail to you is erased" in told
        assert not Subscriber.objects.exists()
        assert Suppression.objects.get().reason == "erased"
        assert "not on our list" in client.get(address).content.decode()

    @pytest.mark.parametrize("purpose", Purpose)
    def test_a_token_without_a_number_is_broken(self, client, purpose):
        forged = make_token(purpose, Subscriber(handle="x", round=1)).replace("1~", "~", 1)
        step = "unsubscribe" if purpose == Purpose.LEAVE else purpose.value
        assert client.get(f"/newsletter/{step}/{forged}/").status_code == 404
