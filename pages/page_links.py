"""Links to the other pages of a long list, as visitors see them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

NEAR = 5  # pages that are named by their number


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page of a list; `rel` is "prev" or "next" where it leads one further."""

    label: str
    address: str
    rel: str = ""
    is_current: bool = False


def page_links(current: int, pages: int, address_of: Callable[[int], str]) -> list[PageLink]:
    """Return the links to the pages before and after the current one, and to some next to it."""
    if pages < 2:
        return []
    first = max(1, min(current - NEAR // 2, pages - NEAR + 1))
    links = [
        PageLink(f"{number:,}", address_of(number), is_current=number == current)
        for number in range(first, min(pages, first + NEAR - 1) + 1)
    ]
    if current > 1:
        links.insert(0, PageLink(_("Previous"), address_of(current - 1), "prev"))
    if current < pages:
        links.append(PageLink(_("Next"), address_of(current + 1), "next"))
    return links
