"""The site as a WSGI application that answers from its copies before Django begins a request.

What Django does around each request, signals to its parts foremost, takes longer than finding and
sending a copy; none of it is of use for one.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

from cmsc_site.page_cache.kept import kept_pages

Application = Callable[[dict, Callable], Iterable[bytes]]


def copies_first(site: Application) -> Application:
    """Return an application that asks `site` for whatever this process has no fresh copy of."""
    if not settings.PAGE_CACHE_BYTES:
        return site
    kept = kept_pages()

    def answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
        try:
            # A copy of what was asked, since Django writes into it.
            copy = kept.fresh_copy(WSGIRequest(dict(environ)))
        except Exception:  # which Django meets too, and answers
            copy = None
        if copy is None:
            return site(environ, start_response)
        response = copy.answer(environ)
        start_response(
            f"{response.status_code} {response.reason_phrase}", list(response.headers.items())
        )
        return [response.content]

    return answer
