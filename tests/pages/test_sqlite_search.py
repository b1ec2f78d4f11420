"""Staff's own search finds the same on each database, and on SQLite in a time that is bearable."""

import pytest
from django.db import connection
from wagtail.search.backends import get_search_backend

from pages.models import StandardPage
from tests.factories import StandardPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def wombats() -> list[StandardPage]:
    """Three pages with the word, the first in its title."""
    return [
        StandardPageFactory(title="Wombat"),
        StandardPageFactory(title="One", introduction="About a wombat and many other things."),
        StandardPageFactory(title="Two", introduction="About a wombat and many other things."),
    ]


def titles(method: str, word: str) -> list[str]:
    return [page.title for page in getattr(StandardPage.objects, method)(word)]


def test_where_few_have_the_word_all_are_found(wombats):
    assert set(titles("search", "wombat")) == {"Wombat", "One", "Two"}
    assert titles("autocomplete", "wom") == ["Wombat"]


def test_where_many_have_it_all_are_found(wombats, monkeypatch):
    """On SQLite they are not judged then, but stand as in the tree."""
    if connection.vendor == "sqlite":
        monkeypatch.setattr("pages.sqlite_search.MOST_JUDGED", 2)
        assert titles("search", "wombat") == ["Wombat", "One", "Two"]
    found = StandardPage.objects.search("wombat")
    assert (set(found), found.count()) == (set(wombats), 3)
    assert len(found[1:3]) == 2


def test_the_site_searches_by_the_backend_of_its_database():
    assert get_search_backend().__module__ == (
        "pages.sqlite_search"
        if connection.vendor == "sqlite"
        else "modelsearch.backends.database.postgres.postgres"
    )
