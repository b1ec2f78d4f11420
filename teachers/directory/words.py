"""Whom words find: by name first, which forgives a slip, then by whatever else is said of them."""

from teachers.directory.query import everyone
from teachers.names import find_by_name

MOST_BY_WORDS = 300


def found_by_words(query: str) -> list[int]:
    """Return the keys of the entries that the words find, best first; those of names stand first.

    Beyond names the words are looked for as they are in biographies, credentials and programs.
    They are in the order of names there and not by relevance, which each database judges its way.
    """
    by_name = find_by_name(query)
    known = set(by_name)
    entries = everyone().only("pk").order_by("sort_name", "teacher_id")
    found = entries.search(query, order_by_relevance=False)[:MOST_BY_WORDS]
    return [*by_name, *(entry.pk for entry in found if entry.pk not in known)]
