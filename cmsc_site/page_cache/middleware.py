"""Answers a request for a public page from a copy, and makes the copy where there is none."""

import hashlib
import logging
import pickle
import time
import zlib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils import timezone

from cmsc_site.page_cache.copies import FORMER, Kept, PageCopy, keep
from cmsc_site.page_cache.memory import Memory
from cmsc_site.page_cache.turns import Turns
from pages.chrome import next_change
from pages.generation import generation_for
from pages.remembered import ANSWERED_OUTSIDE, only

logger = logging.getLogger("cmsc_site.page_cache")

# What is never public, or has a memory of its own.
PASSED_BY = (
    "/account/", "/admin/", "/board/", "/documents/", "/healthz", "/mail/", "/media/", "/readyz",
    "/search/", "/static/",
)  # fmt: skip
LONGEST_QUERY = 1000  # characters; what is longer is made each time
# Seconds to wait for another request's copy: where there is a former one, and where there is none.
BRIEFLY, PATIENCE = 1, 20
ATTEMPTS = 3
# What the answer to a request depends on beside the copy; a page may change it meanwhile.
ASKED = ("REQUEST_METHOD", "QUERY_STRING", *ANSWERED_OUTSIDE)
STORED = "page; fwd=miss; stored"


class Key(NamedTuple):
    """What an answer depends on beside the generation; `query` holds declared parameters alone."""

    is_secure: bool
    host: str
    path: str
    query: str


@dataclass(frozen=True, slots=True)
class Declared:
    """Which parameters the page at a path reads."""

    generation: str
    parameters: tuple[str, ...]
    size: int = 600


@dataclass(frozen=True, slots=True)
class NotKept:
    """Stands for an answer that may not be kept, so that nobody waits for another's."""

    generation: str
    size: int = 400


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
        self.memory = Memory(settings.PAGE_CACHE_BYTES)
        self.turns = Turns()
        # With each of these there may be words that are for one visitor alone.
        self.private_cookies = {settings.SESSION_COOKIE_NAME, "messages"}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._may_ask(request):
            return self.get_response(request)
        generation = generation_for(request)
        key = self._key(request, generation)
        if key is None:
            return self.get_response(request)
        known = self.memory.get(key)
        if isinstance(known, PageCopy):
            if known.is_fresh(generation, time.time()):
                return known.answer(request.META)
        elif known is not None and known.generation == generation:
            return self.get_response(request)
        former = known if isinstance(known, PageCopy) else None
        return self._make_or_wait(request, key, generation, former)

    def _may_ask(self, request: HttpRequest) -> bool:
        meta = request.META
        if request.method not in {"GET", "HEAD"} or request.path.startswith(PASSED_BY):
            return False
        # A server's own idea of where the site begins would be in every link of the page.
        if "HTTP_AUTHORIZATION" in meta or meta.get("SCRIPT_NAME"):
            return False
        if getattr(request, "is_dummy", False):
            return False
        return "HTTP_COOKIE" not in meta or self.private_cookies.isdisjoint(request.COOKIES)

    def _key(self, request: HttpRequest, generation: str) -> Key | None:
        """What the answer depends on; None where the query is too long to be kept.

        Until a page has said in this generation which parameters it reads, it may read all.
        """
        # No page depends on the port, which anyone may write as they like.
        host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
        query = request.META.get("QUERY_STRING", "")
        if not query:
            return Key(request.is_secure(), host, request.path, "")
        if len(query) > LONGEST_QUERY:
            return None
        request.encoding = "utf-8"  # whatever a header says of a body
        declared = self.memory.get((host, request.path))
        if declared is None or declared.generation != generation:
            return Key(request.is_secure(), host, request.path, f"?{query}")
        read = only(request.GET, declared.parameters).urlencode()
        return Key(request.is_secure(), host, request.path, read)

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
            self.memory.put(key, copy)
            return copy.answer(meta), copy
        request.goes_to_page_cache, began = True, timezone.now()
        response = self.get_response(request)
        if not _may_be_kept(request, response):
            # What is not there has no end; only what is there is worth remembering as not kept.
            is_never_kept = not hasattr(request, "declared_parameters")
            if response.status_code == 200 and is_never_kept and is_shared:
                self.memory.put(key, NotKept(generation))
            else:
                self.memory.drop(key)
            return response, None
        until = next_change(request, began).timestamp()
        copy = PageCopy(keep(response, generation, until))
        parameters = request.declared_parameters
        if parameters or key.query:
            self.memory.put((key.host, key.path), Declared(generation, parameters))
            key = key._replace(query=request.META["QUERY_STRING"])  # what the page was given of it
        self.memory.put(key, copy)
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
