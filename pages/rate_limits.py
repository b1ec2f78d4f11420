"""How often someone did something within an hour or a minute, counted in the shared cache."""

import time

from django.core.cache import caches
from django.utils.crypto import salted_hmac

CACHE = "limits"


def hit(name: str, subject: str, seconds: int) -> int:
    """Count one more; return how many there were in the present window of that many seconds.

    Who it was, an address or a network, stands in the cache as a keyed hash alone.
    """
    window = int(time.time()) // seconds
    digest = salted_hmac(f"rate-limit:{name}", subject, algorithm="sha256").hexdigest()[:32]
    key = f"{name}:{window}:{digest}"
    cache = caches[CACHE]
    if cache.add(key, 1, timeout=seconds + 60):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it was forgotten between the two
        cache.set(key, 1, timeout=seconds + 60)
        return 1


def seconds_left(seconds: int) -> int:
    """Return in how many seconds the present window ends, for Retry-After (RFC 9110, 10.2.3)."""
    return seconds - int(time.time()) % seconds
