"""Views that only read."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


def read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer GET and HEAD alone, and 405 to all else.

    Without the exemption a POST would be refused before, with a sentence on a form's secret that
    nobody sent; there is no form here, and nothing that could be changed.
    """
    return csrf_exempt(require_safe(view))
