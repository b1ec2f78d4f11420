"""Asks the search's index for one kind of thing, in a time that does not grow with the site.

The index is Wagtail's, one for everything. Wagtail's own search reads all that has the words, and
on SQLite judges each by asking the index anew: among 10,000 pages that takes a minute. Here the
first `MOST_READ` are judged, and of these the best `MOST_FOUND` that visitors may see are returned.
Drafts and people who have left are in the index too, and count among the first.

Each thing says of what kind it is in a word that nobody types (`search_kind`). By it the few pages
that have a word are found without reading all teachers who have it.
"""

import re

from django.db import connection
from django.db.models import QuerySet

MOST_READ, MOST_FOUND = 2000, 500

# The columns of SQLite's index are autocomplete, body and title; a title weighs three times.
_BEST = {
    "sqlite": """
        SELECT object_id FROM (
            SELECT entry.object_id, bm25(wagtailsearch_indexentry_fts, 0, 1, 3) AS rank
            FROM wagtailsearch_indexentry_fts found
            CROSS JOIN wagtailsearch_indexentry entry ON entry.id = found.rowid
            WHERE found.wagtailsearch_indexentry_fts MATCH %(asked)s
            LIMIT %(most)s
        ) ORDER BY rank, object_id
    """,
    # Words such as "the" are none to PostgreSQL, and the kind alone would find everything.
    "postgresql": """
        SELECT object_id FROM (
            SELECT object_id, 3 * ts_rank(title, words) + ts_rank(body, words) AS rank
            FROM wagtailsearch_indexentry, plainto_tsquery(%(words)s) AS words
            WHERE (title || body) @@ plainto_tsquery(%(asked)s) AND numnode(words) > 0
            LIMIT %(most)s
        ) AS read ORDER BY rank DESC, object_id
    """,
}
_FIRST = {
    "sqlite": """
        SELECT entry.object_id
        FROM wagtailsearch_indexentry_fts found
        CROSS JOIN wagtailsearch_indexentry entry ON entry.id = found.rowid
        WHERE found.wagtailsearch_indexentry_fts MATCH %(asked)s
        LIMIT %(most)s
    """,
    "postgresql": """
        SELECT object_id FROM wagtailsearch_indexentry
        WHERE (title || body) @@ plainto_tsquery(%(asked)s)
            AND numnode(plainto_tsquery(%(words)s)) > 0
        LIMIT %(most)s
    """,
}


def best_with(query: str, kind: str, things: QuerySet) -> list[int]:
    """Return the keys of those among `things`, all of a kind, that have all words, best first."""
    found = _ask(_BEST, query, kind, MOST_READ)
    if not found:
        return []
    allowed = set(things.filter(pk__in=found).values_list("pk", flat=True))
    return [key for key in found if key in allowed][:MOST_FOUND]


def first_with(query: str, kind: str, most: int) -> list[int]:
    """Return the keys of some things of a kind that have all words of the query."""
    return _ask(_FIRST, query, kind, most)


def in_order(keys: list[int], things: QuerySet) -> list:
    """Return the things with these keys in the order of the keys; those that are gone left out."""
    found = things.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _ask(statements: dict[str, str], query: str, kind: str, most: int) -> list[int]:
    words = [word for word in re.findall(r"\w+", query) if word.strip("_")]
    if not words:
        return []
    values = {
        "words": " ".join(words),
        "asked": _in_its_language([kind, *words]),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements[connection.vendor], values)
        return [int(key) for (key,) in cursor.fetchall()]


def _in_its_language(words: list[str]) -> str:
    """Return the words as the database's search takes them; SQLite's has signs of its own."""
    if connection.vendor != "sqlite":
        return " ".join(words)
    quoted = " ".join(f'"{word}"' for word in words)
    return f"{{title body}} : ({quoted})"
