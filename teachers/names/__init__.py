"""Finds teachers by name, however it is spelt and in whatever script."""

from teachers.names.index import forget_unused_words, index_names
from teachers.names.search import find_by_name

__all__ = ["find_by_name", "forget_unused_words", "index_names"]
