"""People, as the site's search finds them."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.search import index

from pages.search import SearchResult, SearchSource
from pages.search_index import best_with, in_order
from pages.snippets import snippet
from people.models import Person, Seat, profiles_address, seated_people


def people_source() -> SearchSource:
    """Return people as something that can be found."""
    return SearchSource("people", gettext_lazy("People"), find_people, show_people)


def reindex_people(people: Iterable[Person]) -> int:
    """Tell the search of the titles that people have today; return how many people there were."""
    count = 0
    for person in people:
        index.insert_or_update_object(person)
        count += 1
    return count


def reindex_changed_seats(day: date) -> int:
    """Tell the search whose seats began on that day or ended on the day before."""
    changed = Q(seats__starts_on=day) | Q(seats__ends_on=day - timedelta(days=1))
    return reindex_people(Person.objects.filter(changed).distinct())


def find_people(query: str) -> list[int]:
    """Return the keys of people with a seat today and the words; none without a page for them."""
    return best_with(query, Person.search_kind, seated_people()) if profiles_address() else []


def show_people(keys: list[int], query: str, request: HttpRequest) -> list[SearchResult]:
    """Return results for people, each with its title, leading to the profile."""
    address = profiles_address()
    people = in_order(keys, seated_people())
    seats = Seat.objects.current().filter(person__in=people).select_related("group")
    titles: dict[int, list[str]] = {}
    for seat in seats.order_by("group__sort_order", "sort_order"):
        titles.setdefault(seat.person_id, []).append(seat.role)
    results = []
    for person in people:
        text = " — ".join(
            part
            for part in (
                ", ".join(titles.get(person.pk, [])),
                person.short_biography,
                strip_tags(person.biography.replace(">", "> ")),
            )
            if part
        )
        url = f"{address}{person.slug}/"
        results.append(
            SearchResult(
                title=snippet(person.name, query, whole=True),
                url=url,
                kind=_("Person"),
                excerpt=snippet(text, query),
                path=url,
            )
        )
    return results
