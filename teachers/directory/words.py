"""Whom words find: by name first, which forgives a slip, then by whatever else is said of them."""

import re

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from teachers.directory.query import everyone
from teachers.models import DirectoryEntry
from teachers.names import find_by_name

MOST_BY_WORDS = 300
# Wagtail's search would read all whom a word finds before it takes the first of them; these stop.
_FIRST = {
    "sqlite": """
        SELECT entry.object_id
        FROM wagtailsearch_indexentry_fts found
        CROSS JOIN wagtailsearch_indexentry entry ON entry.id = found.rowid
        WHERE found.wagtailsearch_indexentry_fts MATCH %s AND entry.content_type_id = %s
        LIMIT %s
    """,
    "postgresql": """
        SELECT object_id FROM wagtailsearch_indexentry
        WHERE (title || body) @@ plainto_tsquery(%s) AND content_type_id = %s
        LIMIT %s
    """,
}


def found_by_words(query: str) -> list[int]:
    """Return the keys of the entries that the words find, best first; those of names stand first.

    Beyond names the words are looked for as they are in biographies, credentials and programs.
    They are in the order of names there and not by relevance, which each database judges its way.
    """
    by_name = find_by_name(query)
    known = set(by_name)
    found = everyone().filter(pk__in=_first_with(query)).order_by("sort_name", "teacher_id")
    in_words = found.values_list("pk", flat=True)
    return [*by_name, *(key for key in in_words if key not in known)]


def _first_with(query: str) -> list[int]:
    """Return the keys of some entries that have all words, as many as are ever shown."""
    words = re.findall(r"\w+", query)
    if not words:
        return []
    kind = ContentType.objects.get_for_model(DirectoryEntry).pk
    with connection.cursor() as cursor:
        cursor.execute(_FIRST[connection.vendor], [_asked(words), kind, MOST_BY_WORDS])
        return [int(key) for (key,) in cursor.fetchall()]


def _asked(words: list[str]) -> str:
    """Return the words in the language of the database's search; SQLite's has signs of its own."""
    if connection.vendor != "sqlite":
        return " ".join(words)
    quoted = " ".join(f'"{word}"' for word in words)
    return f"{{title body}} : ({quoted})"
