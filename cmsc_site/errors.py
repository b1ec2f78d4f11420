"""Answers to what went wrong, in the site's look and in plain words."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _

from pages.metadata import build_metadata


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400. The request itself may be broken, so nothing is looked up for it."""
    return HttpResponse(_plain_page("400.html"), status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403, with the reason where the site gave one."""
    return _error_page(request, 403, _("This page is not for everyone"), str(exception or ""))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form whose secret is missing or old, and say how to go on."""
    return _error_page(
        request,
        403,
        _("We could not be sure that this came from you"),
        _("Go back, reload the page and send the form again. Cookies must be allowed to sign in."),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 in the site's look, with a way on."""
    return _error_page(
        request,
        404,
        _("We could not find this page"),
        _("It may have moved, or the address may have a slip in it. Nothing is lost."),
    )


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer 405, naming what is allowed."""
    response = _error_page(
        request,
        405,
        _("This address cannot be used that way"),
        _("It can be read, but not written to."),
    )
    response["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 from a file read before: it needs no database, cache or template."""
    return HttpResponse(_plain_page("500.html"), status=500)


class PlainErrorMiddleware:
    """Give a bare «method not allowed» the site's look."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        _plain_page("500.html")  # so that it is there when the disk is not

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return method_not_allowed(request, response["Allow"])
        return response


def _error_page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    metadata = build_metadata(request, title=title, indexed=False)
    context = {"metadata": metadata, "status": status, "title": title, "text": text}
    return render(request, "errors/error.html", context, status=status)


@lru_cache(maxsize=4)
def _plain_page(name: str) -> str:
    """The file as it is, with the address of the static files; nothing else is filled in."""
    text = (settings.BASE_DIR / "templates" / "errors" / name).read_text("utf-8")
    return text.replace("/static/", settings.STATIC_URL)
