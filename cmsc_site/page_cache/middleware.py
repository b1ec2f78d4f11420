"""Answers a request for a public page from a copy, and makes the copy where there is none."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, QueryDict

from cmsc_site.page_cache.copies import FORMER, PageCopy, keep
from cmsc_site.page_cache.memory import Memory
from cmsc_site.page_cache.turns import Turns
from pages.chrome import next_change
from pages.generation import generation_for
from pages.remembered import ANSWERED_OUTSIDE, only

# What is never public, or has a memory of its own.
PASSED_BY = (
    "/account/", "/admin/", "/board/", "/documents/", "/healthz", "/mail/", "/media/", "/readyz",
    "/search/", "/static/",
)  # fmt: skip
LONGEST_QUERY = 1000  # characters; what is longer is made each time
PATIENCE = 20  # seconds to wait for another request's copy
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
    in, sends something or previews passes by. A request for a page that another is making gets
    the former copy, or waits for the new one where there is none.
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
        if "HTTP_AUTHORIZATION" in meta or getattr(request, "is_dummy", False):
            return False
        return "HTTP_COOKIE" not in meta or self.private_cookies.isdisjoint(request.COOKIES)

    def _key(self, request: HttpRequest, generation: str) -> Key | None:
        """What the answer depends on; None where the query is too long to be kept.

        Until a page has said in this generation which parameters it reads, it may read all.
        """
        meta = request.META
        host, query = meta.get("HTTP_HOST", ""), meta.get("QUERY_STRING", "")
        if not query:
            return Key(request.is_secure(), host, request.path, "")
        if len(query) > LONGEST_QUERY:
            return None
        declared = self.memory.get((host, request.path))
        if declared is None or declared.generation != generation:
            return Key(request.is_secure(), host, request.path, f"?{query}")
        read = only(request.GET, declared.parameters).urlencode()
        return Key(request.is_secure(), host, request.path, read)

    def _make_or_wait(
        self, request: HttpRequest, key: Key, generation: str, former: PageCopy | None
    ) -> HttpResponse:
        turn, is_mine = self.turns.take(key)
        if is_mine:
            copy = None
            try:
                response, copy = self._make(request, key, generation)
            finally:
                self.turns.end(key, turn, copy)
            return response
        if former is not None:
            return former.answer(request.META, also={"Cache-Status": FORMER})
        copy = turn.result(timeout=PATIENCE)
        # What was begun before the last change is not what this request asked for.
        if copy is not None and copy.is_fresh(generation, time.time()):
            return copy.answer(request.META)
        return self.get_response(request)

    def _make(
        self, request: HttpRequest, key: Key, generation: str
    ) -> tuple[HttpResponse, PageCopy | None]:
        meta = {name: request.META.get(name, "") for name in ASKED}
        is_shared = not key.query
        address = _address(key, generation)
        kept = caches["pages"].get(address) if is_shared else None
        if kept is not None:
            copy = PageCopy(kept)
            self.memory.put(key, copy)
            return copy.answer(meta), copy
        request.goes_to_page_cache = True
        response = self.get_response(request)
        if not _may_be_kept(request, response):
            # What is not there has no end; only what is there is worth remembering as not kept.
            if response.status_code == 200:
                self.memory.put(key, NotKept(generation))
            else:
                self.memory.drop(key)
            return response, None
        until = next_change(request).timestamp()
        copy = PageCopy(keep(response, generation, until))
        parameters = request.declared_parameters
        if parameters or key.query:
            self.memory.put((key.host, key.path), Declared(generation, parameters))
            query = only(QueryDict(key.query.removeprefix("?")), parameters).urlencode()
            key = key._replace(query=query)
        self.memory.put(key, copy)
        if not key.query:
            caches["pages"].set(
                _address(key, generation), copy.kept, timeout=max(0, until - time.time())
            )
        also = {"Cache-Status": STORED}
        if "X-Request-ID" in response:
            also["X-Request-ID"] = response["X-Request-ID"]
        return copy.answer(meta, also=also), copy


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
