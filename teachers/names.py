"""Finds teachers by name."""

from collections.abc import Iterable

from teachers.models.directory_entry import DirectoryEntry


def index_names(entries: Iterable[DirectoryEntry]) -> None:
    """Keep the words of the names of entries that were just written."""


def find_by_name(query: str, most: int = 500) -> list[int]:
    """Return the keys of the entries whose names are like the query, best first."""
    return []
