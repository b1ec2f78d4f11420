"""The puzzle that a browser solves by itself and that makes sign-ups dear for robots.

It is ALTCHA's, version 2 of its protocol (altcha.org/docs/v2), with a counter that is drawn here:
the browser derives keys by PBKDF2 from one number after another until it meets the one that was
drawn, so that the work has an upper end. What it answers is checked by one HMAC.
"""

import secrets
import time

from altcha import Payload, create_challenge, verify_solution
from django.conf import settings
from django.core.cache import caches

ALGORITHM = "PBKDF2/SHA-256"
# On average 800 keys of 5,000 rounds each: measured 1.4 s on one core of the machine this was
# written on, 0.9 s in Chromium on its two. A phone of 2018 has four cores or more, which are
# reckoned at a quarter to a half as fast: one to three seconds.
ITERATIONS = 5_000
COUNTERS = range(400, 1_200)
LIFETIME = 20 * 60  # seconds


def new_challenge() -> dict:
    """Return a puzzle as the widget reads it: signed, and good for 20 minutes."""
    challenge = create_challenge(
        ALGORITHM,
        ITERATIONS,
        counter=secrets.choice(COUNTERS),
        expires_at=int(time.time()) + LIFETIME,
        hmac_secret=_secret("puzzle"),
        hmac_key_secret=_secret("answer"),
    )
    return challenge.to_dict()


def is_solved(payload: str) -> bool:
    """Tell whether `payload` is the answer to a puzzle of this site that still holds.

    An answer counts once: it is remembered until its puzzle is over.
    """
    result = verify_solution(payload, _secret("puzzle"), hmac_key_secret=_secret("answer"))
    if not result.verified:
        return False
    signature = Payload.from_base64(payload).challenge.signature
    return caches["limits"].add(f"solved:{signature}", True, timeout=LIFETIME)


def _secret(purpose: str) -> str:
    return f"newsletter.proof-of-work.{purpose}:{settings.NEWSLETTER_KEY}"
