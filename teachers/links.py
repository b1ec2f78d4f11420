"""The links in mails to teachers: signed, each for one purpose, telling nothing of whom.

A link names the teacher's random handle and the address that it was sent to, as a keyed hash: when
the contact address has changed since, the links in the former mailbox are good for nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from pages.metadata import absolute
from pages.signed_links import BadToken, sign, unsign
from teachers.models import AddressChange, Teacher


class Purpose(StrEnum):
    """What a link is good for; one made for a purpose is good for no other."""

    EDIT = "edit"
    EDIT_REMINDED = "edit-reminded"  # as it stands in a reminder, which is read much later
    RENEW = "renew"
    REMINDERS = "reminders"
    ADDRESS = "address"


# A link to end the reminders must work as long as the mail exists.
LIFETIMES = {
    Purpose.EDIT: timedelta(days=1),
    Purpose.EDIT_REMINDED: timedelta(days=60),
    Purpose.RENEW: timedelta(days=60),
    Purpose.ADDRESS: timedelta(days=7),
}


@dataclass(frozen=True)
class Token:
    """What a link says: whose it is, which address it was sent to, whether its time is over."""

    handle: str
    sent_to: str
    is_expired: bool

    def teacher(self) -> Teacher | None:
        """Return whose link it is; None when they are gone."""
        return Teacher.objects.filter(handle=self.handle).first()

    def is_for(self, teacher: Teacher) -> bool:
        """Tell whether the teacher is still written to where this link was sent."""
        return constant_time_compare(self.sent_to, _sent_to(teacher))


def make_token(purpose: Purpose, teacher: Teacher) -> str:
    """Return the token of a link for that purpose."""
    return sign(f"teachers.{purpose}", f"{_sent_to(teacher)}~{teacher.handle}")


def read_token(token: str, *purposes: Purpose) -> Token:
    """Return what a token made for one of these purposes says; raises BadToken."""
    for purpose in purposes:
        try:
            signed = unsign(f"teachers.{purpose}", token, LIFETIMES.get(purpose))
        except BadToken:
            continue
        sent_to, _mark, handle = signed.value.partition("~")
        return Token(handle, sent_to, signed.is_expired)
    raise BadToken


def edit_link(teacher: Teacher, purpose: Purpose = Purpose.EDIT) -> str:
    """Return the absolute address of a teacher's own entry."""
    return _link("teachers_edit", purpose, teacher)


def renew_link(teacher: Teacher) -> str:
    """Return the absolute address of the page with the button that renews."""
    return _link("teachers_renew", Purpose.RENEW, teacher)


def reminders_link(teacher: Teacher) -> str:
    """Return the absolute address that ends reminders, by the page or at one click (RFC 8058)."""
    return _link("teachers_reminders", Purpose.REMINDERS, teacher)


def address_link(change: AddressChange) -> str:
    """Return the absolute address of the page with the button that confirms a new address."""
    token = sign(f"teachers.{Purpose.ADDRESS}", f"~{change.handle}")
    return absolute(reverse("teachers_address", args=[token]))


def _link(name: str, purpose: Purpose, teacher: Teacher) -> str:
    return absolute(reverse(name, args=[make_token(purpose, teacher)]))


def _sent_to(teacher: Teacher) -> str:
    digest = salted_hmac(
        "teachers.sent-to",
        f"{teacher.handle}:{teacher.contact_key}",
        secret=settings.NEWSLETTER_KEY,
        algorithm="sha256",
    )
    return digest.hexdigest()[:16]
