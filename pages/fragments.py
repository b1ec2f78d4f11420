"""Parts of pages, kept for all processes and, in front of that, by each process itself.

A key holds the generation (`pages/generation.py`), so that what it stands for never changes.
"""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache, caches

Part = TypeVar("Part")


def fragment(key: str, make: Callable[[], Part]) -> Part:
    """Return what is kept under the key, else make it and keep it; it may not be None."""
    return caches["fragments"].get_or_set(key, lambda: cache.get_or_set(key, make))
