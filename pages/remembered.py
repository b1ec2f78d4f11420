"""Says of an answer that it depends on nothing but its address, so that it may be kept for all."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.http import HttpRequest, HttpResponse, QueryDict

# Read again from outside, where a kept answer is compared and sent in the coding that is wanted.
ANSWERED_OUTSIDE = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


def only(query: QueryDict, parameters: Iterable[str]) -> QueryDict:
    """Return these parameters of a query, in one order, whatever else it holds."""
    kept = QueryDict(mutable=True)
    for name in sorted(parameters):
        if name in query:
            kept.setlist(name, query.getlist(name))
    kept._mutable = False
    return kept


def declare(request: HttpRequest, parameters: tuple[str, ...] = ()) -> None:
    """Say that the answer depends on site, path, date and these parameters alone.

    All others are taken from the request, so that nothing made from them can be kept for those
    who did not send them.
    """
    request.declared_parameters = parameters
    if request.META.get("QUERY_STRING"):
        request.GET = only(request.GET, parameters)
        request.META["QUERY_STRING"] = request.GET.urlencode()
    if getattr(request, "goes_to_page_cache", False):
        for name in ANSWERED_OUTSIDE:
            request.META.pop(name, None)


def remembered(*parameters: str) -> Callable[[Callable], Callable]:
    """Return a decorator for a view whose answer depends on its address alone (`declare`)."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            declare(request, parameters)
            return view(request, *args, **kwargs)

        return answer

    return decorate
