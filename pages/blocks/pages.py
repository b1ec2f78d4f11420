"""Page choosers that load all pages of a whole body in one query."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from wagtail.blocks import PageChooserBlock, StreamValue
from wagtail.models import Page

from pages.visibility import public

_pool: ContextVar[dict[int, Page] | None] = ContextVar("linked_pages", default=None)


class PooledPageChooserBlock(PageChooserBlock):
    """A chosen page, taken from the pool where there is one."""

    def bulk_to_python(self, values):
        """Return the chosen pages in the order of `values`, None for one that is gone."""
        pool = _pool.get()
        if pool is None:
            return super().bulk_to_python(values)
        return [pool.get(value) for value in values]


def load_linked_pages(*streams: StreamValue) -> None:
    """Load every public page that the streams link to, in one query for all blocks of all kinds.

    Wagtail asks once for each kind of block; here the chosen pages are gathered from the stored
    JSON first. The streams then hold the pages, and reading them asks no more. A page that is
    private or not published is as if none had been chosen.
    """
    with _pages_pooled(_chosen_pages([list(stream.raw_data) for stream in streams])):
        for stream in streams:
            for block in stream:
                _ = block.value


@contextmanager
def _pages_pooled(keys: set[int]) -> Iterator[None]:
    token = _pool.set(public(Page.objects.live()).in_bulk(keys) if keys else {})
    try:
        yield
    finally:
        _pool.reset(token)


def _chosen_pages(raw: object) -> set[int]:
    """The primary keys in all fields of the raw JSON that are called "page"."""
    if isinstance(raw, list):
        return set().union(*(_chosen_pages(part) for part in raw))
    if not isinstance(raw, dict):
        return set()
    found = set().union(*(_chosen_pages(part) for part in raw.values()))
    chosen = raw.get("page")
    return found | {chosen} if isinstance(chosen, int) else found
