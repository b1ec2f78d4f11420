"""Wagtail's search on SQLite, as staff use it, which does not lose itself in judging.

To order what it found, Wagtail asks the index anew for each thing, and each time all that has the
words: 20 of 10,000 pages took 48 seconds. Where more have the words than anyone looks through,
they stand in their own order instead, pages as in their tree. Visitors' search has a way of its
own (`pages/search_index.py`).
"""

from django.db.models import QuerySet
from wagtail.search.backends.database.sqlite import sqlite

MOST_JUDGED = 300


class JudgesFew:
    """Orders by relevance where at most `MOST_JUDGED` things have the words."""

    def search(
        self, config: object, start: int | None, stop: int | None, score_field: str | None = None
    ) -> QuerySet:
        """Return what is found, from `start` to `stop`."""
        if not self.order_by_relevance or score_field is not None:
            return super().search(config, start, stop, score_field)
        self.order_by_relevance = False
        unjudged = super().search(config, None, None)
        self.order_by_relevance = True
        if unjudged[: MOST_JUDGED + 1].count() > MOST_JUDGED:
            return unjudged[start:stop]
        return super().search(config, start, stop)


class WordsCompiler(JudgesFew, sqlite.SQLiteSearchQueryCompiler):
    """Finds whole words."""


class BeginningsCompiler(JudgesFew, sqlite.SQLiteAutocompleteQueryCompiler):
    """Finds words by their beginnings."""


class SearchBackend(sqlite.SQLiteSearchBackend):
    """The name by which Wagtail looks for it."""

    query_compiler_class = WordsCompiler
    autocomplete_query_compiler_class = BeginningsCompiler
