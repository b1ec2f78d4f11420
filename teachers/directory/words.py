"""Whom words find: by name first, which forgives a slip, then by whatever else is said of them."""

from teachers.directory.query import everyone
from teachers.names import find_by_name

MOST_BY_WORDS = 300


def found_by_words(query: str) -> list[int]:
    """Return the keys of the entries that the words find, best first; those of names stand first.

    Beyond names the words are looked for as they are in biographies, credentials and programs.
    """
    by_name = find_by_name(query)
    known = set(by_name)
    entries = everyone().search(query)[:MOST_BY_WORDS]
    others = [entry for entry in entries if entry.pk not in known]
    others.sort(key=lambda entry: (entry.sort_name, entry.pk))
    return [*by_name, *(entry.pk for entry in others)]
