"""A page ready to send: its body in each coding, each with its headers made already."""

import gzip
import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import brotli
from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import ResponseHeaders
from django.utils.http import parse_etags

# Read as what a page takes longest for after it is made: more would save a few bytes in a hundred.
BROTLI_QUALITY = 5
GZIP_LEVEL = 6
SMALLEST_TO_ENCODE = 200  # bytes, below which a coding makes more of it
LONGEST_HEADER = 200  # characters of Accept-Encoding; no browser sends half as many
# What an answer of 304 says beside its status (RFC 9110, section 15.4.5), and what is not for all.
TOLD_AGAIN = {"cache-control", "cache-status", "date", "etag", "expires", "vary"}
OF_ONE_REQUEST = {"x-request-id", "content-length", "content-encoding", "etag", "cache-status"}
HIT = "page; hit"
# Given out in place of one that takes long to make; a cache on the way must not keep it.
FORMER = {"Cache-Status": "page; hit; detail=former", "Cache-Control": "no-store"}
# How long a shared cache may keep an answer, and how long it may give it out after that while it
# asks for another.
_SHARED_SECONDS = re.compile(r"\b(s-maxage|stale-while-revalidate)=(\d+)")
# As a CDN is told of changes by address, it keeps what stands at an address with a query this long.
SECONDS_WITH_QUERY = 60
FORMER_FOR = 60  # seconds
PARTS_WEIGH = 4096  # bytes that a copy takes beside its bodies, about


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a page, by processes and machines that share a cache.

    It was true in `generation`, and is until `until` (seconds since 1970) if that lasts.
    """

    generation: str
    until: float
    headers: tuple[tuple[str, str], ...]
    bodies: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Ready:
    """A body in one coding with its headers, and those of the answer that nothing changed."""

    body: bytes
    etag: str
    headers: ResponseHeaders
    unchanged: ResponseHeaders


class PageCopy:
    """A page as it is sent to whoever asks; `size` in bytes is what keeping it takes."""

    __slots__ = (
        "fresh_at", "generation", "is_kept_long", "kept", "size", "told_shorter_from", "until",
        "ways",
    )  # fmt: skip

    def __init__(self, kept: Kept) -> None:
        self.kept, self.generation, self.until = kept, kept.generation, kept.until
        self.fresh_at = time.time()
        seconds = [int(seconds) for _name, seconds in _SHARED_SECONDS.findall(self.caching)]
        # From then on a shared cache would keep it beyond its end.
        self.told_shorter_from = self.until - sum(seconds)
        self.is_kept_long = max(seconds, default=0) > SECONDS_WITH_QUERY
        self.ways = {coding: _ready(kept, coding) for coding in kept.bodies}
        self.size = PARTS_WEIGH + sum(map(len, kept.bodies.values()))

    @property
    def caching(self) -> str:
        """What it says of caching."""
        return dict(self.kept.headers).get("Cache-Control", "")

    def is_fresh(self, generation: str, now: float) -> bool:
        """Tell whether it is what the page would be if it were made now."""
        if self.generation == generation and now < self.until:
            self.fresh_at = now
            return True
        return False

    def was_fresh_lately(self, now: float) -> bool:
        """Tell whether it may stand for the page for a moment longer."""
        return now < min(self.until, self.fresh_at + FORMER_FOR)

    def answer(self, meta: dict[str, str], *, also: dict[str, str] | None = None) -> HttpResponse:
        """Return the answer to a GET or HEAD whose headers are in `meta`, as WSGI has them.

        `also` are headers that this answer alone has.
        """
        accepted = meta.get("HTTP_ACCEPT_ENCODING", "")
        way = self.ways.get(coding_for(accepted[:LONGEST_HEADER]))
        way = way or self.ways[""]  # of what is too small to encode
        known = meta.get("HTTP_IF_NONE_MATCH")
        if known and _is_named(way.etag, known):
            response = HttpResponseNotModified()
            response.headers = way.unchanged
        else:
            response = HttpResponse(way.body if meta["REQUEST_METHOD"] == "GET" else b"")
            response.headers = way.headers
        with_query = self.is_kept_long and meta.get("QUERY_STRING")
        if with_query or time.time() > self.told_shorter_from:
            most = SECONDS_WITH_QUERY if with_query else self.until
            also = {"Cache-Control": self._caching_at_most(most), **(also or {})}
        if also:
            response.headers = _with(response.headers, also)
        return response

    def _caching_at_most(self, seconds: float) -> str:
        """Return what it says of caching, cut so that nobody gives it out beyond its end."""
        left = max(0, int(self.until - time.time()))

        def cut(found: re.Match) -> str:
            nonlocal left
            granted = min(int(found[2]), int(seconds), left)
            left -= granted  # what may be given out after that comes out of the rest
            return f"{found[1]}={granted}"

        return _SHARED_SECONDS.sub(cut, self.caching)


def keep(response: HttpResponse, generation: str, until: float) -> Kept:
    """Return what is to be stored of a finished answer with its body as it is."""
    body = response.content
    bodies = {"": body}
    if len(body) >= SMALLEST_TO_ENCODE and _is_text(response["Content-Type"]):
        bodies["gzip"] = gzip.compress(body, GZIP_LEVEL, mtime=0)
        bodies["br"] = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    headers = [(name, value) for name, value in response.items() if _is_for_all(name)]
    return Kept(generation, until, tuple(headers), bodies)


@lru_cache(maxsize=256)
def coding_for(accepted: str) -> str:
    """Return the best coding that an Accept-Encoding allows: "br", "gzip", or "" for none.

    RFC 9110, section 12.5.3. What cannot be read is not allowed.
    """
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _semicolon, parameters = part.strip().partition(";")
        weights[name.strip()] = _weight(parameters)
    others = weights.get("*", 0.0)
    best = max(("br", "gzip"), key=lambda coding: weights.get(coding, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _weight(parameters: str) -> float:
    name, _equals, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def _ready(kept: Kept, coding: str) -> Ready:
    body = kept.bodies[coding]
    digest = hashlib.blake2b(kept.bodies[""], digest_size=12).hexdigest()
    etag = f'"{digest}-{coding}"' if coding else f'"{digest}"'
    own = {"ETag": etag, "Content-Length": str(len(body)), "Cache-Status": HIT}
    if coding:
        own["Content-Encoding"] = coding
    headers = _with(dict(kept.headers), own)
    unchanged = {name: value for name, value in headers.items() if name.lower() in TOLD_AGAIN}
    return Ready(body, etag, headers, ResponseHeaders(unchanged))


def _with(headers: Mapping[str, str], others: dict[str, str]) -> ResponseHeaders:
    return ResponseHeaders({**dict(headers.items()), **others})


def _is_for_all(name: str) -> bool:
    return name.lower() not in OF_ONE_REQUEST


def _is_named(etag: str, known: str) -> bool:
    """Compare as weak, since a proxy on the way may have made the tag one (RFC 9110, 13.1.2)."""
    if known == etag:
        return True
    names = parse_etags(known)
    return names == ["*"] or any(name.removeprefix("W/") == etag for name in names)


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0]
    return kind.startswith("text/") or kind.endswith(("json", "xml"))
