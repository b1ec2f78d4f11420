"""What can happen between a person and the list, each with its line in their history."""

from django.db import transaction
from django.utils import timezone

from newsletter.mailing import may_be_asked, queue_mail
from newsletter.models import (
    ConsentEvent,
    ConsentWording,
    MailKind,
    Subscriber,
    Suppression,
    suppression_of,
)
from newsletter.models.subscriber import Act
from pages.email_addresses import Address

CONFIRMED, UNSUBSCRIBED = Subscriber.State.CONFIRMED, Subscriber.State.UNSUBSCRIBED


class Suppressed(ValueError):  # noqa: N818 - it names the address
    """The address is never to be written to again."""

    def __init__(self, suppression: Suppression) -> None:
        super().__init__(suppression.get_reason_display())
        self.suppression = suppression


def record(subscriber: Subscriber, act: Act, **details: object) -> ConsentEvent:
    """Add a line to someone's history; the details are fields of ConsentEvent."""
    return ConsentEvent.objects.create(subscriber=subscriber, act=act, **details)


def locked(subscriber: Subscriber) -> Subscriber | None:
    """Return the subscriber as stored now, kept from others until the transaction ends."""
    return Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()


@transaction.atomic
def confirm(subscriber: Subscriber, round_number: int, *, network: str = "") -> bool:
    """Put someone on the list; return False where the link is of an earlier round.

    Confirming twice does it once.
    """
    found = locked(subscriber)
    if found is None or found.round != round_number or suppression_of(found.key):
        return False
    if found.state != CONFIRMED:
        _join(found, Act.CONFIRMED, network=network)
        queue_mail(found, MailKind.WELCOME)
    return True


@transaction.atomic
def leave(subscriber: Subscriber, *, network: str = "", note: str = "") -> None:
    """Take someone off the list at once.

    Links to confirm that were sent before bring nobody back, also where someone else had signed
    them up again since they left.
    """
    found = locked(subscriber)
    if found is None or found.state == Subscriber.State.COMPLAINED:
        return
    found.round += 1
    if found.state == UNSUBSCRIBED:
        found.save(update_fields=["round"])
        return
    found.state, found.left_at = UNSUBSCRIBED, timezone.now()
    found.save(update_fields=["state", "left_at", "round"])
    record(found, Act.LEFT, network=network, note=note)


@transaction.atomic
def rejoin(subscriber: Subscriber, round_number: int, *, network: str = "") -> bool:
    """Put someone back who has just left; return False where they cannot be put back.

    Someone who had never confirmed is asked to, by mail.
    """
    found = locked(subscriber)
    if found is None or found.round != round_number or suppression_of(found.key):
        return False
    if found.state == UNSUBSCRIBED and found.confirmed_at:
        _join(found, Act.REJOINED, network=network)
    elif found.state == UNSUBSCRIBED and may_be_asked(found):
        record(found, Act.ASKED_AGAIN, network=network)
        queue_mail(found, MailKind.CONFIRM)
    return True


@transaction.atomic
def send_confirmation(subscriber: Subscriber) -> bool:
    """Queue a fresh confirmation for someone who is not on the list; False when it is too soon."""
    found = locked(subscriber)
    if (
        found is None
        or found.state == CONFIRMED
        or suppression_of(found.key)
        or not may_be_asked(found)
    ):
        return False
    queue_mail(found, MailKind.CONFIRM)
    return True


@transaction.atomic
def resend(subscriber: Subscriber, by) -> bool:
    """Have staff send the confirmation again; return False when it is too soon or of no use."""
    if not send_confirmation(subscriber):
        return False
    record(subscriber, Act.RESENT, by=by)
    return True


@transaction.atomic
def add_by_hand(
    address: Address,
    *,
    name: str = "",
    language: str,
    topics=(),
    note: str,
    by,
    asks_to_confirm: bool = False,
    lift: bool = False,
) -> Subscriber:
    """Put someone on the list who told staff that they agree; return them.

    `note` says where and when they agreed. With `asks_to_confirm` they are sent a mail first.
    Raises Suppressed for an address that is never to be written to, unless `lift` is set.
    """
    subscriber, _made = Subscriber.objects.select_for_update().get_or_create(
        key=address.key,
        defaults={"address": address.typed, "name": name, "language": language},
    )
    suppression = suppression_of(address.key)
    if suppression and not lift:
        raise Suppressed(suppression)  # and nothing is stored
    if suppression:
        suppression.delete()
        record(subscriber, Act.UNSUPPRESSED, note=note, by=by)
    if topics:
        subscriber.topics.set(topics)
    subscriber.name = name or subscriber.name
    subscriber.language = language
    subscriber.save(update_fields=["name", "language"])
    if asks_to_confirm:
        record(subscriber, Act.ADDED, note=note, by=by)
        if subscriber.state != CONFIRMED and may_be_asked(subscriber):
            queue_mail(subscriber, MailKind.CONFIRM)
    else:
        _join(subscriber, Act.ADDED, note=note, by=by)
    return subscriber


def shown_wording(subscriber: Subscriber) -> ConsentWording | None:
    """Return the words that the person saw when they last signed up; None where nobody knows."""
    event = (
        subscriber.events.filter(wording__isnull=False).order_by("-at").select_related("wording")
    )
    latest = event.first()
    return latest.wording if latest else None


def _join(subscriber: Subscriber, act: Act, **details: object) -> None:
    subscriber.state = CONFIRMED
    subscriber.confirmed_at, subscriber.left_at = timezone.now(), None
    subscriber.save(update_fields=["state", "confirmed_at", "left_at"])
    details.setdefault("wording", shown_wording(subscriber))
    record(subscriber, act, **details)
