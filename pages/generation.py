"""One number for the state of the whole site, changed by whatever staff publish.

What is kept in the cache under it is forgotten by all processes at once, without naming each
thing that a change touches: the next request finds a new generation and makes its own copy.
A copy made from data read before the change is stored under the old generation, where nobody
looks for it again.
"""

import uuid

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

KEY = "site-generation"


def current_generation() -> str:
    """Return the name of the site's present state."""
    generation = cache.get(KEY)
    if generation is None:
        cache.add(KEY, uuid.uuid4().hex, timeout=None)
        generation = cache.get(KEY, "")
    return generation


def start_new_generation() -> None:
    """Forget what was kept, once the running transaction is committed; never before."""
    transaction.on_commit(_renew)


def generation_for(request: HttpRequest) -> str:
    """Return the generation that began before anything was read for this request.

    What a request makes from words read before a change must not be kept as of after it.
    """
    if not hasattr(request, "_site_generation"):
        request._site_generation = current_generation()
    return request._site_generation


def fragment_key(*parts: object, generation: str = "") -> str:
    """Return a cache key for something made from the site's present state, or from a given one."""
    return ":".join(["fragment", generation or current_generation(), *map(str, parts)])


def _renew() -> None:
    cache.set(KEY, uuid.uuid4().hex, timeout=None)
