"""Search over everything public: pages, and whatever the site's other apps bring.

An app brings what it has through the Wagtail hook `register_search_source`: a function that
returns a `SearchSource`.
"""

import re
from collections.abc import Callable, Sequence
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
from pages.snippets import snippet
from pages.visibility import public, public_to_search

LONGEST_QUERY = 200
PER_PAGE = 10


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

    `find` takes the query and returns what is found, best first, as a sequence that can be
    counted and sliced without reading it all; `show` turns the found of one page of results
    into results, in a fixed number of queries.
    """

    name: str
    label: str
    find: Callable[[str], Sequence]
    show: Callable[[list, str, HttpRequest], list[SearchResult]]


class FoundThings:
    """All that the sources found, one source after the other, as one sequence."""

    def __init__(self, parts: list[tuple[SearchSource, Sequence]], counts: dict[str, int]) -> None:
        self.parts = parts
        self.counts = counts

    def __len__(self) -> int:
        return sum(self.counts[source.name] for source, _found in self.parts)

    def __getitem__(self, wanted: slice) -> list[tuple[SearchSource, object]]:
        things, offset = [], 0
        for source, found in self.parts:
            count = self.counts[source.name]
            start, stop = max(wanted.start - offset, 0), min(wanted.stop - offset, count)
            if start < stop:
                things += [(source, thing) for thing in found[start:stop]]
            offset += count
        return things


def sources() -> list[SearchSource]:
    """Return all kinds of things that can be found; people before pages, as apps are ordered."""
    brought = [make() for make in hooks.get_hooks("register_search_source")]
    return [*brought, SearchSource("pages", _("Pages"), find_pages, show_pages)]


def clean_query(text: str) -> str:
    """Return what a visitor typed as a query: one line, no control characters, not too long."""
    words = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(words[: LONGEST_QUERY * 2].split())[:LONGEST_QUERY].strip()


def words_of(query: str) -> str:
    """Return the words of a query alone.

    Quotes and signs mean something to the databases' search, and not the same to each.
    """
    return " ".join(word for word in re.findall(r"\w+", query) if word.strip("_"))


def find(query: str, kind: str = "") -> FoundThings:
    """Return what all sources found, or those of one kind, with the counts of every kind."""
    words = words_of(query)
    found = [(source, source.find(words) if words else []) for source in sources()]
    counts = {source.name: len_of(things) for source, things in found}
    chosen = [(source, things) for source, things in found if not kind or source.name == kind]
    return FoundThings(chosen, counts)


def len_of(things: Sequence) -> int:
    """Return how many things were found, counted by the database where it can."""
    return (
        things.count() if hasattr(things, "count") and not isinstance(things, list) else len(things)
    )


def show(things: list, query: str, request: HttpRequest) -> list[SearchResult]:
    """Return the results to show for one page of found things, in their order."""
    results: list[SearchResult] = []
    position = 0
    while position < len(things):
        source = things[position][0]
        run = [thing for other, thing in islice(things, position, None) if other is source]
        results += source.show(run, query, request)
        position += len(run)
    return results


def find_pages(query: str):
    """Return the published, public pages that have all of the query's words."""
    pages = public_to_search(Page.objects.live().filter(depth__gt=1))
    return pages.search(f"{BasePage.search_kind} {query}")


def show_pages(pages: list[Page], query: str, request: HttpRequest) -> list[SearchResult]:
    """Return results for pages, with an excerpt of each."""
    texts = PageText.objects.in_bulk([page.pk for page in pages])
    results = []
    for page in pages:
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
