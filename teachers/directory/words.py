"""Whom words find: by name first, which forgives a slip, then by whatever else is said of them."""

from pages.search_index import first_with
from teachers.directory.query import everyone
from teachers.models import DirectoryEntry
from teachers.names import find_by_name

MOST_BY_WORDS = 300


def found_by_words(query: str) -> list[int]:
    """Return the keys of the entries that the words find, best first; those of names stand first.

    Beyond names the words are looked for as they are in biographies, credentials and programs.
    They are in the order of names there and not by relevance, which each database judges its way.
    """
    by_name = find_by_name(query)
    known = set(by_name)
    in_words = first_with(query, DirectoryEntry.search_kind, MOST_BY_WORDS)
    found = everyone().filter(pk__in=in_words).order_by("sort_name", "teacher_id")
    return [*by_name, *(key for key in found.values_list("pk", flat=True) if key not in known)]
