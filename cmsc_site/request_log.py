"""One line in the log for each request: what, how it ended, how long it took; not by whom."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("cmsc_site.requests")
QUIET_PATHS = {"/healthz", "/readyz"}


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
                    "path": request.path,
                    "status": response.status_code,
                    "milliseconds": round(1000 * (time.perf_counter() - began), 1),
                },
            )
        return response
