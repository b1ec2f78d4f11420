"""What this process keeps of public pages, and which request may be answered from it."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from cmsc_site.page_cache.copies import PageCopy
from cmsc_site.page_cache.memory import Memory
from pages.generation import generation_for
from pages.remembered import only

# What is never public, or has a memory of its own.
PASSED_BY = (
    "/account/", "/admin/", "/board/", "/documents/", "/healthz", "/mail/", "/media/", "/readyz",
    "/search/", "/static/",
)  # fmt: skip
LONGEST_QUERY = 1000  # characters; what is longer is made each time


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


class KeptPages:
    """The copies of one process, within a number of bytes."""

    def __init__(self, most_bytes: int) -> None:
        self.memory = Memory(most_bytes)
        # With each of these there may be words that are for one visitor alone.
        self.private_cookies = {settings.SESSION_COOKIE_NAME, "messages"}

    def fresh_copy(self, request: HttpRequest) -> PageCopy | None:
        """Return the copy that answers the request as a new page would, if there is one."""
        key = self.key(request)
        known = self.memory.get(key) if key else None
        if isinstance(known, PageCopy) and known.is_fresh(generation_for(request), time.time()):
            return known
        return None

    def key(self, request: HttpRequest) -> Key | None:
        """Return what the answer depends on; None where it is not to be kept.

        Whoever is signed in, sends something or previews is answered alone, and so is a query that
        is too long. Until a page has said in this generation which parameters it reads, it may
        read all.
        """
        if not self._may_ask(request):
            return None
        # No page depends on the port, which anyone may write as they like.
        host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
        if not host and "HTTP_HOST" in request.META:  # it cannot be read, and is refused
            return None
        query = request.META.get("QUERY_STRING", "")
        if not query:
            return Key(request.is_secure(), host, request.path, "")
        if len(query) > LONGEST_QUERY:
            return None
        request.encoding = "utf-8"  # whatever a header says of a body
        declared = self.memory.get((host, request.path))
        if declared is None or declared.generation != generation_for(request):
            return Key(request.is_secure(), host, request.path, f"?{query}")
        read = only(request.GET, declared.parameters).urlencode()
        return Key(request.is_secure(), host, request.path, read)

    def _may_ask(self, request: HttpRequest) -> bool:
        meta = request.META
        if meta["REQUEST_METHOD"] not in {"GET", "HEAD"} or request.path.startswith(PASSED_BY):
            return False
        # A server's own idea of where the site begins would be in every link of the page.
        if "HTTP_AUTHORIZATION" in meta or meta.get("SCRIPT_NAME"):
            return False
        if getattr(request, "is_dummy", False):
            return False
        return "HTTP_COOKIE" not in meta or self.private_cookies.isdisjoint(request.COOKIES)


@lru_cache(maxsize=1)
def kept_pages() -> KeptPages:
    """Return what this process keeps."""
    return KeptPages(settings.PAGE_CACHE_BYTES)
