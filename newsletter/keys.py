"""The secret behind links in mails and behind the list of addresses never to be written to."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def address_digest(key: str) -> str:
    """Return the keyed hash of an address's key: 64 hexadecimal digits.

    Without the secret nobody can tell by trying whether an address is on the list.
    """
    return salted_hmac(
        "newsletter.suppression", key, secret=settings.NEWSLETTER_KEY, algorithm="sha256"
    ).hexdigest()
