"""Search over everything public: pages, and whatever the site's other apps bring.

An app brings what it has through the Wagtail hook `register_search_source`: a function that
returns a `SearchSource`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page
from wagtail.search.utils import normalise_query_string

from pages.models import BasePage, PageText
from pages.search_index import best_with, in_order
from pages.snippets import snippet
from pages.visibility import public, public_among_many

LONGEST_QUERY = 200
PER_PAGE = 10
# What is looked for is not all read where it is more; beyond this a number would not be true.
MOST_COUNTED = 250


@dataclass(frozen=True)
class SearchResult:
    """One thing found: where it is, and the words around what was asked for."""

    title: SafeString
    url: str
    kind: str
    excerpt: SafeString
    path: str = ""


@dataclass(frozen=True)
class SearchSource:
    """One kind of thing that can be found.

    `find` takes the query and returns the keys of what is found, best first; `show` turns the keys
    of one page of results into results, in a fixed number of queries.
    """

    name: str
    label: str
    find: Callable[[str], list[int]]
    show: Callable[[list[int], str, HttpRequest], list[SearchResult]]


@dataclass(frozen=True)
class Found:
    """The keys of all that was found, each with its source, and how many each source has."""

    things: list[tuple[SearchSource, int]]
    counts: dict[str, int]


def sources() -> list[SearchSource]:
    """Return all kinds of things that can be found; people before pages, as apps are ordered."""
    brought = [make() for make in hooks.get_hooks("register_search_source")]
    return [*brought, SearchSource("pages", _("Pages"), find_pages, show_pages)]


def clean_query(text: str) -> str:
    """Return what a visitor typed as a query: one line, no control characters, not too long."""
    words = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(words[: LONGEST_QUERY * 2].split())[:LONGEST_QUERY].strip()


def find(query: str, kind: str = "") -> Found:
    """Return what all sources found, or those of one kind, with the counts of every kind."""
    found = [(source, source.find(query)) for source in sources()]
    counts = {source.name: len(keys) for source, keys in found}
    chosen = [(source, keys) for source, keys in found if not kind or source.name == kind]
    return Found([(source, key) for source, keys in chosen for key in keys], counts)


def show(
    things: list[tuple[SearchSource, int]], query: str, request: HttpRequest
) -> list[SearchResult]:
    """Return the results to show for one page of found things, in their order."""
    results: list[SearchResult] = []
    position = 0
    while position < len(things):
        source = things[position][0]
        run = [thing for other, thing in islice(things, position, None) if other is source]
        results += source.show(run, query, request)
        position += len(run)
    return results


def find_pages(query: str) -> list[int]:
    """Return the keys of the published, public pages that have all of the query's words."""
    pages = public_among_many(Page.objects.live().filter(depth__gt=1))
    return best_with(query, BasePage.search_kind, pages)


def show_pages(keys: list[int], query: str, request: HttpRequest) -> list[SearchResult]:
    """Return results for pages, with an excerpt of each."""
    texts = PageText.objects.in_bulk(keys)
    results = []
    for page in in_order(keys, Page.objects.all()):
        url = page.get_url(request)
        text = texts[page.pk].text if page.pk in texts else page.search_description
        results.append(
            SearchResult(
                title=snippet(page.title, query, whole=True),
                url=url,
                kind=str(_("Page")),
                excerpt=snippet(text, query),
                path=url,
            )
        )
    return results


def promoted(query: str, request: HttpRequest) -> list[SearchResult]:
    """Return what staff chose to stand first for this query."""
    picks = SearchPromotion.objects.filter(
        query__query_string=normalise_query_string(query)
    ).select_related("page")
    results = []
    for pick in picks:
        if pick.page is not None and not (pick.page.live and _is_public(pick.page)):
            continue
        url = pick.page.get_url(request) if pick.page else pick.external_link_url
        title = pick.page.title if pick.page else pick.external_link_text or url
        results.append(
            SearchResult(
                title=snippet(title, query, whole=True),
                url=url,
                kind=str(_("Chosen for you")),
                excerpt=snippet(pick.description, query),
                path=url,
            )
        )
    return results


def _is_public(page: Page) -> bool:
    return public(Page.objects.filter(pk=page.pk)).exists()
