"""Signing up: what is stored and sent when someone posts an address, whoever has it.

Nobody can tell from the answer, or from the time it takes, whether an address is on the list:
where there is less to write than for a new one, the same is written and taken back.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from newsletter.mailing import may_be_asked, queue_mail
from newsletter.membership import record
from newsletter.models import ConsentWording, HeldSignUp, MailKind, Subscriber, suppression_of
from newsletter.models.subscriber import Act
from pages.email_addresses import Address
from pages.write_turn import write_turn

# More than one where somebody is erased between two statements.
ATTEMPTS = 5


@dataclass(frozen=True)
class SignUp:
    """What someone posted, read and found to be in order.

    `network` is their IP address without its last part, `wording` what they were shown.
    """

    address: Address
    name: str = ""
    language: str = "en"
    source: str = ""
    network: str = ""
    wording: ConsentWording | None = None


def sign_up(asked: SignUp) -> Subscriber | None:
    """Store a sign-up and queue its mail, together or not at all; None for a suppressed address.

    A confirmed subscriber stays as they are, whatever anyone posts. Whether the address is
    suppressed is asked once the row is ours, since it may just be being erased.
    """
    with write_turn():
        with transaction.atomic():
            subscriber, is_new = _known_or_new(asked)
            if is_new or may_be_asked(subscriber):
                _send(subscriber)
            else:
                with transaction.atomic():
                    _send(subscriber)
                    transaction.set_rollback(True)
            # Should it wait for staff as well, they need not look at it any more.
            HeldSignUp.objects.filter(key=asked.address.key).delete()
            suppression = suppression_of(asked.address.key)
            transaction.set_rollback(suppression is not None)
        if suppression is None:
            return subscriber
        suppression.asked_at = timezone.now()
        suppression.save(update_fields=["asked_at"])
        return None


def _known_or_new(asked: SignUp) -> tuple[Subscriber, bool]:
    new = Subscriber(
        key=asked.address.key,
        address=asked.address.typed,
        name=asked.name,
        language=asked.language,
        source=asked.source,
    )
    for _attempt in range(ATTEMPTS):
        # The same two statements whether there is one or not; who comes second waits at the first.
        Subscriber.objects.bulk_create([new], ignore_conflicts=True)
        subscriber = Subscriber.objects.select_for_update().filter(key=new.key).first()
        if subscriber is not None:
            break
    is_new = subscriber.handle == new.handle
    if not is_new and subscriber.state != Subscriber.State.CONFIRMED:
        _renew(subscriber, asked)
    record(
        subscriber,
        Act.ASKED if is_new else Act.ASKED_AGAIN,
        wording=asked.wording,
        network=asked.network,
        source=asked.source,
    )
    return subscriber, is_new


def _renew(subscriber: Subscriber, asked: SignUp) -> None:
    """Keep what was typed last by someone who is not on the list yet, or no more."""
    subscriber.address, subscriber.asked_at = asked.address.typed, timezone.now()
    subscriber.name = asked.name or subscriber.name
    subscriber.language = asked.language
    subscriber.save(update_fields=["address", "name", "language", "asked_at"])


def _send(subscriber: Subscriber) -> None:
    is_confirmed = subscriber.state == Subscriber.State.CONFIRMED
    queue_mail(subscriber, MailKind.ALREADY if is_confirmed else MailKind.CONFIRM)
