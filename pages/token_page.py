"""The plain page that answers a link in a mail: a sentence or two, and at most one button."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pages.metadata import build_metadata


@dataclass(frozen=True)
class Button:
    """The page's one button; it posts to `url`, the page's own address when empty."""

    label: str
    url: str = ""
    name: str = ""
    value: str = ""
    is_quiet: bool = False


def token_page(
    request: HttpRequest,
    title: str,
    paragraphs: list[str],
    button: Button | None = None,
    *,
    links: list[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """Return the page; `links` are pairs of address and words."""
    context = {
        "metadata": build_metadata(request, title=title, indexed=False),
        "title": title,
        "paragraphs": paragraphs,
        "button": button,
        "links": links,
    }
    return render(request, "pages/token_page.html", context, status=status)
