"""Tells a CDN in front of the site to forget the pages that it keeps.

A page that is published or taken down is forgotten at once, by Wagtail's own frontend cache. Since
any change may be seen on any page (docs/decisions/0001-one-generation.md), all of them are
forgotten soon after: the worker looks whether a new generation of the site has begun, so that
fifty changes in a row are told once, and nobody who saves a page waits for a CDN.
"""

import http.client
import logging
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.core.cache import cache
from wagtail.contrib.frontend_cache.backends.cloudflare import CloudflareBackend
from wagtail.contrib.frontend_cache.backends.cloudfront import CloudfrontBackend
from wagtail.contrib.frontend_cache.backends.http import HTTPBackend
from wagtail.contrib.frontend_cache.utils import get_backends
from wagtail.models import Page

from pages.generation import current_generation
from pages.metadata import absolute

logger = logging.getLogger("cmsc_site.cdn")

# The generation that the CDN was told of last, and the addresses that it might have kept then.
TOLD, ADDRESSES = "cdn-told", "cdn-addresses"
AT_ONCE = 500
PATIENCE = 10  # seconds


class Cloudflare(CloudflareBackend):
    """Wagtail's, with a limit to waiting, errors that are raised, and a way to forget all."""

    def purge_everything(self) -> Iterator[None]:
        """Have all forgotten, in one step; raises OSError where Cloudflare says no."""
        self._ask({"purge_everything": True})
        yield

    def _purge_urls(self, urls: list[str]) -> None:
        self._ask({"files": urls})

    def _ask(self, what: dict[str, object]) -> None:
        answer = requests.post(
            self.cloudflare_purge_endpoint_url,
            json=what,
            headers={"Authorization": f"Bearer {self.cloudflare_token}"},
            timeout=PATIENCE,
        )
        answer.raise_for_status()


class CloudFront(CloudfrontBackend):
    """Wagtail's, with a way to forget all: an invalidation of one path, which counts as one."""

    def purge_everything(self) -> Iterator[None]:
        """Have all forgotten, in one step."""
        self.purge_batch([absolute("/*")])
        yield


class HttpPurge(HTTPBackend):
    """Wagtail's PURGE requests, sent through one connection and with a limit to waiting."""

    def purge_everything(self) -> Iterator[None]:
        """Have every known address forgotten, some hundred in each step; raises OSError."""
        former, present = cache.get(ADDRESSES, ()), known_addresses()
        # What was taken down or moved since last time is kept under its former address.
        left = iter(sorted({*former, *present}))
        while batch := list(islice(left, AT_ONCE)):
            self.purge_batch(batch)
            yield
        cache.set(ADDRESSES, present, timeout=None)

    def purge(self, url: str) -> None:
        """Have an address forgotten; raises OSError where nobody answers."""
        self.purge_batch([url])

    def purge_batch(self, urls: Iterable[str]) -> None:
        """Have addresses forgotten; raises OSError where nobody answers."""
        kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        connection = kind[self.cache_scheme](self.cache_netloc, timeout=PATIENCE)
        refused = 0
        try:
            for url in urls:
                parts = urlsplit(url)
                path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
                connection.request("PURGE", path, headers={"Host": parts.netloc})
                answer = connection.getresponse()
                answer.read()
                # 404: it kept nothing under that address.
                refused += answer.status >= 400 and answer.status != 404
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        if refused:
            logger.error("cache refused to forget", extra={"addresses": refused})


class Telling:
    """The worker's job: tells the CDN of a new generation, a step at each call."""

    def __init__(self) -> None:
        self._generation, self._steps = "", None

    def __call__(self) -> int:
        """Take the next step; return 1, or 0 when there is nothing left to tell."""
        if self._steps is None:
            # Read before anything is told: what changes meanwhile is told next time.
            self._generation = current_generation()
            if cache.get(TOLD) == self._generation:
                return 0
            self._steps = _steps()
        try:
            next(self._steps)
        except StopIteration:
            self._steps = None
            cache.set(TOLD, self._generation, timeout=None)
            return 0
        except Exception:
            self._steps = None
            raise
        return 1


def known_addresses() -> list[str]:
    """Return the addresses under which a cache may keep a page, in whole and in order.

    Those of private pages too, which may have been public a moment ago.
    """
    pages = Page.objects.live().filter(depth__gt=1).order_by("path").specific().iterator()
    found = [address["location"] for page in pages for address in page.get_sitemap_urls()]
    return [absolute(path) for path in ("/robots.txt", "/sitemap.xml")] + found


def _steps() -> Iterator[None]:
    for backend in get_backends(settings.WAGTAILFRONTENDCACHE).values():
        yield from backend.purge_everything()
