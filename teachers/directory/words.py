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
    keys = {*by_name, *first_with(query, DirectoryEntry.search_kind, MOST_BY_WORDS)}
    if not keys:
        return []
    # Both know until the worker's next round of those whose year is over.
    current = everyone().filter(pk__in=keys).order_by("sort_name", "teacher_id")
    in_order = list(current.values_list("pk", flat=True))
    named = set(by_name).intersection(in_order)
    return [
        *(key for key in by_name if key in named),
        *(key for key in in_order if key not in named),
    ]
