"""Answers a request for a public page from a copy, and makes the copy where there is none."""

import hashlib
import logging
import pickle
import time
import zlib
from collections.abc import Callable
from concurrent.futures import Future

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cmsc_site.page_cache.copies import FORMER, Kept, PageCopy, keep
from cmsc_site.page_cache.kept import Declared, Key, NotKept, kept_pages
from cmsc_site.page_cache.turns import Turns
from pages.chrome import next_change
from pages.generation import generation_for
from pages.remembered import ANSWERED_OUTSIDE

logger = logging.getLogger("cmsc_site.page_cache")

# Seconds to wait for another request's copy: where there is a former one, and where there is none.
BRIEFLY, PATIENCE = 1, 20
ATTEMPTS = 3
# What the answer to a request depends on beside the copy; a page may change it meanwhile.
ASKED = ("REQUEST_METHOD", "QUERY_STRING", *ANSWERED_OUTSIDE)
STORED = "page; fwd=miss; stored"


class PageCacheMiddleware:
    """Answer from this process's memory, else from the cache of all, else make the page once.

    It comes before all other middleware, whose work is in the copies already. Whoever is signed
    in, sends something or previews passes by. A request for a page that another is making waits
    for it; where that takes long, it gets the former copy if there is one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.PAGE_CACHE_BYTES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.kept = kept_pages()
        self.turns = Turns()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = self.kept.key(request)
        if key is None:
            return self.get_response(request)
        generation = generation_for(request)
        known = self.kept.memory.get(key)
        if isinstance(known, PageCopy):
            if known.is_fresh(generation, time.time()):
                return known.answer(request.META)
        elif known is not None and known.generation == generation:
            return self.get_response(request)
        former = known if isinstance(known, PageCopy) else None
        return self._make_or_wait(request, key, generation, former)

    def _make_or_wait(
        self, request: HttpRequest, key: Key, generation: str, former: PageCopy | None
    ) -> HttpResponse:
        for _attempt in range(ATTEMPTS):
            turn, is_mine = self.turns.take(key)
            if is_mine:
                return self._make_in_turn(request, key, generation, turn)
            copy = _wait(turn, former)
            if copy is None:
                break
            if copy is former:
                return copy.answer(request.META, also=FORMER)
            # What was begun before the last change is not what this request asked for.
            if copy.is_fresh(generation, time.time()):
                return copy.answer(request.META)
        return self.get_response(request)

    def _make_in_turn(
        self, request: HttpRequest, key: Key, generation: str, turn: Future
    ) -> HttpResponse:
        copy = None
        try:
            response, copy = self._make(request, key, generation)
        finally:
            self.turns.end(key, turn, copy)
        return response

    def _make(
        self, request: HttpRequest, key: Key, generation: str
    ) -> tuple[HttpResponse, PageCopy | None]:
        meta = {name: request.META.get(name, "") for name in ASKED}
        is_shared = not key.query
        address = _address(key, generation)
        kept = _shared(address) if is_shared else None
        if kept is not None:
            copy = PageCopy(kept)
            self.kept.memory.put(key, copy)
            return copy.answer(meta), copy
        request.goes_to_page_cache, began = True, timezone.now()
        response = self.get_response(request)
        if not _may_be_kept(request, response):
            # What is not there has no end; only what is there is worth remembering as not kept.
            is_never_kept = not hasattr(request, "declared_parameters")
            if response.status_code == 200 and is_never_kept and is_shared:
                self.kept.memory.put(key, NotKept(generation))
            else:
                self.kept.memory.drop(key)
            return response, None
        until = next_change(request, began).timestamp()
        copy = PageCopy(keep(response, generation, until))
        parameters = request.declared_parameters
        if parameters or key.query:
            self.kept.memory.put((key.host, key.path), Declared(generation, parameters))
            key = key._replace(query=request.META["QUERY_STRING"])  # what the page was given of it
        self.kept.memory.put(key, copy)
        if not key.query:
            caches["pages"].set(
                _address(key, generation), copy.kept, timeout=max(0, until - time.time())
            )
        also = {"Cache-Status": STORED}
        if "X-Request-ID" in response:
            also["X-Request-ID"] = response["X-Request-ID"]
        return copy.answer(meta, also=also), copy


def _wait(turn: Future, former: PageCopy | None) -> PageCopy | None:
    """Return the copy that another request makes, the former where that takes long, or None."""
    has_former = former is not None and former.was_fresh_lately(time.time())
    try:
        return turn.result(timeout=BRIEFLY if has_former else PATIENCE)
    except TimeoutError:
        return former if has_former else None


def _shared(address: str) -> Kept | None:
    """Return what another process stored; what cannot be read is as if it were not there."""
    try:
        return caches["pages"].get(address)
    except (OSError, zlib.error, pickle.PickleError, EOFError, AttributeError):
        logger.exception("a stored page cannot be read")
        return None


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether an answer is one that a page declared to be the same for all."""
    return (
        response.status_code == 200
        and not response.streaming
        and hasattr(request, "declared_parameters")
        and "public" in response.get("Cache-Control", "")
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and response.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    )


def _address(key: Key, generation: str) -> str:
    return hashlib.blake2b(repr((generation, *key)).encode(), digest_size=20).hexdigest()
