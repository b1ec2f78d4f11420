"""What a provider's word of a mail changes, and that repeating it changes nothing."""

from datetime import timedelta

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.utils import timezone

from newsletter.membership import confirm
from newsletter.models import Subscriber, Suppression
from newsletter.models.subscriber import Act
from tests.factories import SubscriberFactory

pytestmark = pytest.mark.django_db
State = Subscriber.State


def tell(kind: str, recipient: str = "Ana@Example.org", at=None) -> None:
    """Tell the site what a provider tells."""
    event = AnymailTrackingEvent(
        event_type=kind, recipient=recipient, timestamp=at or timezone.now()
    )
    tracking.send(sender=None, event=event, esp_name="Sample")


@pytest.fixture
def reader():
    return SubscriberFactory(address="ana@example.org")


def test_a_bounce_stops_the_newsletter_and_is_noted_once(reader):
    tell("bounced")
    tell("bounced")
    reader.refresh_from_db()
    assert reader.state == State.BOUNCED
    assert [event.act for event in reader.events.all()] == [Act.BOUNCED]


def test_confirming_again_brings_a_bounced_reader_back(reader):
    tell("bounced")
    assert confirm(reader, reader.round)
    reader.refresh_from_db()
    assert reader.state == State.CONFIRMED


def test_a_bounce_from_before_they_confirmed_is_passed_over(reader):
    tell("bounced", at=reader.confirmed_at - timedelta(hours=1))
    reader.refresh_from_db()
    assert reader.state == State.CONFIRMED


@pytest.mark.parametrize("kind", ["delivered", "opened", "deferred", "queued", "unknown"])
def test_other_words_change_nothing(reader, kind):
    tell(kind)
    reader.refresh_from_db()
    assert reader.state == State.CONFIRMED
    assert not reader.events.exists()


def test_a_complaint_is_for_good(reader):
    number = reader.round
    tell("complained")
    tell("complained")
    reader.refresh_from_db()
    assert reader.state == State.COMPLAINED
    assert Suppression.objects.get().reason == "complained"
    assert [event.act for event in reader.events.all()] == [Act.COMPLAINED]
    assert not confirm(reader, number)


def test_a_complaint_of_an_unknown_address_suppresses_it_all_the_same():
    tell("complained", "nobody@example.org")
    assert Suppression.objects.count() == 1
    assert not Subscriber.objects.exists()


def test_leaving_at_the_provider_leaves_here(reader):
    tell("unsubscribed")
    reader.refresh_from_db()
    assert reader.state == State.UNSUBSCRIBED


@pytest.mark.parametrize("recipient", ["", "no address", None])
def test_a_word_without_an_address_does_no_harm(recipient):
    tell("bounced", recipient)
    tell("complained", recipient)
    assert not Suppression.objects.exists()
