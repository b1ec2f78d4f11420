"""Erasing a person: their address leaves every table, queue and file; a keyed hash stays.

The hash keeps the address from being written to again. It is made with a secret, so it tells
nobody whose it is.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from post_office.models import Email, Log

from newsletter.membership import UNSUBSCRIBED, leave, locked, record
from newsletter.models import HeldSignUp, Subscriber, Suppression, suppress
from newsletter.models.subscriber import Act
from pages.local_mail import forget_mails_to


@dataclass(frozen=True)
class Erased:
    """How many of each were erased."""

    subscribers: int
    events: int
    mails: int
    held: int

    @property
    def anything(self) -> bool:
        """Whether there was anything to erase."""
        return bool(self.subscribers or self.events or self.mails or self.held)


def erase(
    key: str,
    reason: Suppression.Reason | None = Suppression.Reason.ERASED,
    *,
    held_too: bool = True,
) -> Erased:
    """Erase whoever has the address with that key, and suppress it unless `reason` is None.

    `held_too` tells whether a held sign-up of theirs goes as well.
    """
    with transaction.atomic():
        if reason is not None:
            suppress(key, reason)
        subscriber = Subscriber.objects.select_for_update().filter(key=key).first()
        spellings = {key, *(_spellings(subscriber) if subscriber else ())}
        held = HeldSignUp.objects.filter(key=key).delete()[0] if held_too else 0
        events = subscriber.events.count() if subscriber else 0
        mails = _erase_mails(spellings)
        if subscriber:
            subscriber.delete()
    for spelling in spellings:
        forget_mails_to(spelling)
    return Erased(subscribers=int(subscriber is not None), events=events, mails=mails, held=held)


@transaction.atomic
def suppress_subscriber(subscriber: Subscriber, *, by, note: str) -> None:
    """Never write to someone again, and keep their history."""
    found = locked(subscriber)
    if found is None:
        return
    suppress(found.key, Suppression.Reason.STAFF)
    if found.state != UNSUBSCRIBED:
        leave(found)
    record(found, Act.SUPPRESSED, by=by, note=note)


def _spellings(subscriber: Subscriber) -> set[str]:
    return {subscriber.address, subscriber.sendable}


def _erase_mails(spellings: set[str]) -> int:
    """Delete the mails to an address, whatever state they are in, and what was noted of others.

    A mail that is being sent at this moment cannot be called back; its row is gone all the same.
    """
    to_them, names_them = Q(), Q()
    for spelling in spellings:
        for column in ("to", "cc", "bcc"):
            to_them |= Q(**{f"{column}__icontains": spelling})
        names_them |= Q(message__icontains=spelling)
    mails = [
        mail.pk
        for mail in Email.objects.filter(to_them).only("to", "cc", "bcc")
        if {one.lower() for one in [*mail.to, *mail.cc, *mail.bcc]}
        & {spelling.lower() for spelling in spellings}
    ]
    Log.objects.filter(names_them).delete()
    Email.objects.filter(pk__in=mails).delete()
    return len(mails)
