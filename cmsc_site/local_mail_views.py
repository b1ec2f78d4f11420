"""A newcomer's inbox: the mails that are kept in a folder, on a developer's machine alone."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from pages.client_address import is_loopback
from pages.local_mail import KeptMail, is_local, last_mails, read_mail
from pages.metadata import build_metadata
from pages.read_only import read_only

SHOWN = 50
# What mails are written with, and nothing else; links open in the whole window.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation"
)


def on_this_machine_alone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 unless mails are kept here, the site is local, and so is who asks."""

    @never_cache
    @read_only
    @wraps(view)
    def answer(request: HttpRequest, **names: str) -> HttpResponse:
        is_here = is_loopback(request.META.get("REMOTE_ADDR", ""))
        forwarded = "X-Forwarded-For" in request.headers
        if not (settings.IS_LOCAL and is_local() and is_here) or forwarded:
            raise Http404
        return view(request, **names)

    return answer


@on_this_machine_alone
def inbox(request: HttpRequest) -> HttpResponse:
    """Answer with the last mails that the site would have sent."""
    context = {
        "metadata": build_metadata(request, title=_("Mail of this machine"), indexed=False),
        "mails": last_mails(SHOWN),
    }
    return render(request, "local_mail/inbox.html", context)


@on_this_machine_alone
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with one mail: what its headers say, and its words."""
    found = _found(name)
    context = {
        "metadata": build_metadata(request, title=found.message["Subject"], indexed=False),
        "mail": found,
        "text": found.part("plain"),
        "headers": list(found.message.items()),
    }
    response = render(request, "local_mail/mail.html", context)
    response._csp_update = {"frame-src": ["'self'"]}
    return response


@on_this_machine_alone
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a mail as a mail program shows it."""
    page = _found(name).part("html").replace("<head>", '<head><base target="_top">', 1)
    response = HttpResponse(page)
    response["Content-Security-Policy"] = f"{MAIL_POLICY}; frame-ancestors 'self'"
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _found(name: str) -> KeptMail:
    found = read_mail(name)
    if found is None:
        raise Http404
    return found
