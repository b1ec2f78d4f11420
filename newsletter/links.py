"""The links in mails: signed, each for one purpose, with nothing in them that tells who it is."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.urls import reverse

from newsletter.models import Subscriber
from pages.metadata import absolute
from pages.signed_links import sign, unsign


class Purpose(StrEnum):
    """What a link is good for; one made for a purpose is good for no other."""

    CONFIRM = "confirm"
    LEAVE = "leave"
    REJOIN = "rejoin"
    PREFERENCES = "preferences"


# A link to leave must work as long as the mail exists.
LIFETIMES = {Purpose.CONFIRM: timedelta(days=7), Purpose.REJOIN: timedelta(days=1)}


@dataclass(frozen=True)
class Token:
    """What a link says: whose it is, of which round, and whether its time is over."""

    handle: str
    round: int
    is_expired: bool

    def subscriber(self) -> Subscriber | None:
        """Return whose link it is; None when they have been erased."""
        return Subscriber.objects.filter(handle=self.handle).first()


def make_token(purpose: Purpose, subscriber: Subscriber) -> str:
    """Return the token of a link for that purpose, in characters that an address may hold."""
    return sign(f"newsletter.{purpose}", f"{subscriber.round}~{subscriber.handle}")


def read_token(purpose: Purpose, token: str) -> Token:
    """Return what a token says; raises BadToken."""
    signed = unsign(f"newsletter.{purpose}", token, LIFETIMES.get(purpose))
    number, _mark, handle = signed.value.partition("~")
    return Token(handle, int(number), signed.is_expired)


def confirm_link(subscriber: Subscriber) -> str:
    """Return the absolute address of the page with the button that confirms."""
    return _link("newsletter_confirm", Purpose.CONFIRM, subscriber)


def leave_link(subscriber: Subscriber) -> str:
    """Return the absolute address that leaves the list, by the page or at one click (RFC 8058)."""
    return _link("newsletter_leave", Purpose.LEAVE, subscriber)


def preferences_link(subscriber: Subscriber) -> str:
    """Return the absolute address of a subscriber's preferences."""
    return _link("newsletter_preferences", Purpose.PREFERENCES, subscriber)


def rejoin_link(subscriber: Subscriber) -> str:
    """Return the absolute address of the button for someone who has just left."""
    return _link("newsletter_rejoin", Purpose.REJOIN, subscriber)


def _link(name: str, purpose: Purpose, subscriber: Subscriber) -> str:
    return absolute(reverse(name, args=[make_token(purpose, subscriber)]))
