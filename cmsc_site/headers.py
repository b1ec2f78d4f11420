"""The headers that every answer carries: who may keep it, and what it may load."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from cmsc_site.page_cache.copies import SECONDS_WITH_QUERY

STAFF_PATHS = ("/admin/",)
SIGN_IN_PATH = "/account/"
# What keeps GZipMiddleware from encoding a file; Wagtail says "None" of its documents. Neither is
# a coding that may be told to a browser (RFC 9110, section 8.4.1).
NOT_ENCODED = {"None", "identity"}


class CacheHeadersMiddleware:
    """Say who may keep an answer.

    An answer to a visitor without a session may be kept by anyone: for no time by the browser,
    which asks again with the ETag and is told in a few bytes that nothing changed, and for a
    short time by a shared cache. While the site is down it may be shown for a day longer, unless
    its view says that nobody is to see it then (`response.may_outlive_the_site = False`). Anything
    else is for the one who asked alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_query = bool(request.META.get("QUERY_STRING"))
        response = self.get_response(request)
        if response.get("Content-Encoding") in NOT_ENCODED:
            del response["Content-Encoding"]
        if response.has_header("Cache-Control"):
            return response
        if is_private(request, response):
            patch_cache_control(response, private=True, no_store=True)
        elif response.status_code < 400:
            seconds = settings.PAGE_SHARED_CACHE_SECONDS
            # Of what the page cache keeps, it says so itself for each who asks.
            if has_query and not _is_declared_to_page_cache(request):
                seconds = min(seconds, SECONDS_WITH_QUERY)
            patch_cache_control(
                response,
                public=True,
                max_age=0,
                s_maxage=seconds,
                stale_while_revalidate=min(seconds, SECONDS_WITH_QUERY),
            )
            if getattr(response, "may_outlive_the_site", True):
                patch_cache_control(response, stale_if_error=86_400)
            patch_vary_headers(response, ["Accept-Encoding"])
        else:
            patch_cache_control(response, no_store=True)
        return response


def _is_declared_to_page_cache(request: HttpRequest) -> bool:
    return getattr(request, "goes_to_page_cache", False) and hasattr(request, "declared_parameters")


def is_private(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether the answer may differ from the one that another visitor would get."""
    return (
        request.method not in {"GET", "HEAD"}
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or bool(response.cookies)
        or "Cookie" in response.get("Vary", "")
        or request.path.startswith(STAFF_PATHS)
    )


class ContentPolicyMiddleware(CSPMiddleware):
    """Give the editing pages the policy under which Wagtail works, and all others the strict one.

    A page shown to someone with the userbar gets Wagtail's policy too, since the userbar is a
    part of Wagtail.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Set the header, and tell caches nothing of it: a signed-in answer is never kept."""
        if response.has_header("Content-Security-Policy"):  # a file brings its own
            return response
        if request.path.startswith(STAFF_PATHS) or _shows_userbar(request):
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY["DIRECTIVES"]
        elif request.path.startswith(SIGN_IN_PATH):
            # The code to photograph with an authenticator app is drawn into the page.
            response._csp_update = {"img-src": ["data:"]}
        return super().process_response(request, response)


def _shows_userbar(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        and user is not None
        and user.has_perm("wagtailadmin.access_admin")
    )
