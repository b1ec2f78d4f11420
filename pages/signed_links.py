"""Signed tokens for links in mails: each for one purpose, with nothing in them that tells who."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner


class BadToken(ValueError):  # noqa: N818 - it names what came
    """The link was not made here, or not for this, or it lost a part on its way."""


@dataclass(frozen=True)
class Signed:
    """What a token says, and whether its time is over."""

    value: str
    is_expired: bool


def sign(purpose: str, value: str) -> str:
    """Return the token of a value, in characters that an address may hold.

    `purpose` names the app too: a token made for one is good for no other.
    """
    return _signer(purpose).sign(value)


def unsign(purpose: str, token: str, lifetime: timedelta | None = None) -> Signed:
    """Return what a token says; without a lifetime it is good for ever. Raises BadToken."""
    signer = _signer(purpose)
    try:
        return Signed(signer.unsign(token, max_age=lifetime), is_expired=False)
    except SignatureExpired:
        return Signed(signer.unsign(token), is_expired=True)
    except (BadSignature, ValueError) as error:
        raise BadToken from error


def _signer(purpose: str) -> TimestampSigner:
    return TimestampSigner(key=settings.NEWSLETTER_KEY, fallback_keys=[], sep=".", salt=purpose)
