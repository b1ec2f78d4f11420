"""Teachers, as the site's search finds them."""

from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.search import SearchResult, SearchSource
from pages.search_index import in_order
from pages.snippets import snippet
from teachers.directory.query import everyone
from teachers.directory.words import found_by_words
from teachers.gazetteer.labels import labels_of
from teachers.models import directory_address


def teachers_source() -> SearchSource:
    """Return teachers as something that can be found."""
    return SearchSource("teachers", gettext_lazy("Teachers"), find_teachers, show_teachers)


def find_teachers(query: str) -> list[int]:
    """Return the keys of the teachers whom the words find; none without a page for them."""
    return found_by_words(query) if directory_address() else []


def show_teachers(keys: list[int], query: str, request: HttpRequest) -> list[SearchResult]:
    """Return results for teachers, each with level and place, leading to the profile."""
    address = directory_address()
    entries = in_order(keys, everyone().select_related("teacher__level", "place"))
    places = labels_of({entry.place for entry in entries if entry.place})
    results = []
    for entry in entries:
        teacher = entry.teacher
        biography = strip_tags(teacher.biography.replace(">", "> "))
        facts = [str(teacher.level), places.get(entry.place_id, ""), biography]
        url = f"{address}{entry.slug}/"
        results.append(
            SearchResult(
                title=snippet(teacher.name, query, whole=True),
                url=url,
                kind=_("Teacher"),
                excerpt=snippet(" — ".join(filter(None, facts)), query),
                path=url,
            )
        )
    return results
