"""One line in the log for each request: what, how it ended, how long it took; not by whom."""

import logging
import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("cmsc_site.requests")
_TOKEN = re.compile(r"[^/]*~[^/]*")
QUIET_PATHS = {"/healthz", "/readyz"}


def without_captures(request: HttpRequest) -> str:
    """Return the path, with what its address pattern captures left out.

    A link to confirm or to reset holds a secret in its path; a page's own path captures nothing
    by name.
    """
    match = request.resolver_match
    if match and match.captured_kwargs:
        return f"/{match.route}"
    # A link that lost its end leads nowhere, and still holds its secret; no page has this sign.
    return _TOKEN.sub("*", request.path)


class RequestLogMiddleware:
    """Log the method, the path without its query string, the status and the milliseconds.

    Neither the visitor's address nor the browser's name is written, and nothing they typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        if request.path not in QUIET_PATHS:
            logger.info(
                "request",
                extra={
                    "method": request.method,
                    "path": without_captures(request),
                    "status": response.status_code,
                    "milliseconds": round(1000 * (time.perf_counter() - began), 1),
                },
            )
        return response
