"""What a provider's word of a mail changes: bounces, complaints, leaving at the provider.

Providers repeat themselves and tell things late, so each word may come again and changes
nothing then, and what happened before the person last confirmed is passed over.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from newsletter.membership import CONFIRMED, leave, record
from newsletter.models import Subscriber, Suppression, suppress
from newsletter.models.subscriber import Act
from pages.email_addresses import BadAddress, parse_address

BOUNCED, COMPLAINED = Subscriber.State.BOUNCED, Subscriber.State.COMPLAINED


@transaction.atomic
def note_bounce(recipient: str, at: datetime | None) -> None:
    """Write no more to someone whose mail comes back for good, until they confirm again."""
    subscriber = _found(recipient, at)
    if subscriber and subscriber.state in {CONFIRMED, Subscriber.State.PENDING}:
        subscriber.state, subscriber.left_at = BOUNCED, timezone.now()
        subscriber.save(update_fields=["state", "left_at"])
        record(subscriber, Act.BOUNCED)


@transaction.atomic
def note_complaint(recipient: str, at: datetime | None) -> None:
    """Never write again to someone who called a mail spam; so too where they are not known."""
    key, subscriber = _key(recipient), _found(recipient, at)
    if key is None or (subscriber is None and Subscriber.objects.filter(key=key).exists()):
        return
    suppress(key, Suppression.Reason.COMPLAINED)
    if subscriber and subscriber.state != COMPLAINED:
        subscriber.state, subscriber.left_at = COMPLAINED, timezone.now()
        subscriber.round += 1
        subscriber.save(update_fields=["state", "left_at", "round"])
        record(subscriber, Act.COMPLAINED)


@transaction.atomic
def note_leaving(recipient: str, at: datetime | None) -> None:
    """Take someone off the list who left at the provider's."""
    subscriber = _found(recipient, at)
    if subscriber:
        leave(subscriber)


def _key(recipient: str) -> str | None:
    try:
        return parse_address(recipient).key
    except BadAddress:
        return None


def _found(recipient: str, at: datetime | None) -> Subscriber | None:
    subscriber = Subscriber.objects.select_for_update().filter(key=_key(recipient)).first()
    joined = subscriber and subscriber.confirmed_at
    return None if joined and at and at < joined else subscriber
