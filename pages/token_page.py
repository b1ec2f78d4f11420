"""The plain page that answers a link in a mail: a sentence or two, and a button."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pages.metadata import build_metadata
from pages.signed_links import BadToken

OF_A_TEST_MAIL = "example"  # what stands in the links of a test mail


@dataclass(frozen=True)
class Button:
    """A button of the page; it posts to `url`, the page's own address when empty."""

    label: str
    url: str = ""
    name: str = ""
    value: str = ""
    is_quiet: bool = False


def token_page(
    request: HttpRequest,
    title: str,
    paragraphs: list[str],
    button: Button | list[Button] | None = None,
    *,
    links: list[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """Return the page; `links` are pairs of address and words."""
    context = {
        "metadata": build_metadata(request, title=title, indexed=False),
        "title": title,
        "paragraphs": paragraphs,
        "buttons": button if isinstance(button, list) else [button] if button else [],
        "links": links,
    }
    return render(request, "pages/token_page.html", context, status=status)


def for_one_person(read: Callable[[str], object]) -> Callable:
    """Return the decorator of a view that a link in a mail leads to.

    The view gets the token as `read` returns it, which raises BadToken. A link that is not whole
    gets 404. No answer is kept by a cache, found by a search engine, or named to the next site.
    The token is what shows that a form is the person's own.
    """

    def decorate(view: Callable[[HttpRequest, object], HttpResponse]) -> Callable:
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request: HttpRequest, token: str) -> HttpResponse:
            request.encoding = "utf-8"  # whatever the request says, which may be none
            if token == OF_A_TEST_MAIL:
                return _example_link(request)
            try:
                response = view(request, read(token))
            except BadToken:
                response = _broken_link(request)
            return for_nobody_else(response)

        return answer

    return decorate


def for_nobody_else(response: HttpResponse) -> HttpResponse:
    """Return the answer, kept by no cache, found by no search engine, named to no other site."""
    patch_cache_control(response, private=True, no_store=True)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _example_link(request: HttpRequest) -> HttpResponse:
    return token_page(
        request,
        _("This is the link of a test mail"),
        [_("It leads to nobody’s data. In a real mail it opens the reader’s own page.")],
    )


def _broken_link(request: HttpRequest) -> HttpResponse:
    return token_page(
        request,
        _("This link is not whole"),
        [
            _(
                "A part of it may have been lost on the way. Open the mail again and press the "
                "link there, or copy all of it."
            )
        ],
        status=404,
    )
