"""Which file an address gives to everyone, kept until staff change anything.

Finding it takes six questions to the database, which is longer than sending the file. Only
what was answered to someone without a session is kept, so nothing that is private comes here.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from finance.delivery import Deliverable, deliver
from pages.generation import fragment_key, generation_for

LASTING_SECONDS = 86_400


@dataclass(frozen=True)
class PublicFile:
    """A file for everyone. A lasting one has an address that changes with its content."""

    deliverable: Deliverable
    is_lasting: bool = False


def recall(request: HttpRequest) -> PublicFile | None:
    """Return the file that the request's address gives to everyone, where it is known."""
    return cache.get(_key(request)) if request.method in {"GET", "HEAD"} else None


def remember(request: HttpRequest, file: PublicFile) -> None:
    """Keep the file under the request's address, if it was given to someone without a session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        cache.set(_key(request), file)


def give_to_everyone(request: HttpRequest, file: PublicFile) -> HttpResponseBase:
    """Answer with a file that any cache may keep."""
    response = deliver(request, file.deliverable, public=True)
    # Where a bucket gives it out, the answer leads to an address that holds for a minute.
    if file.is_lasting and response.status_code in {200, 206, 304}:
        del response["Cache-Control"]
        patch_cache_control(
            response,
            public=True,
            max_age=LASTING_SECONDS,
            s_maxage=settings.PAGE_SHARED_CACHE_SECONDS,
        )
    return response


def _key(request: HttpRequest) -> str:
    # Capitals and the port are the asker's to write in any way, and make no difference here.
    where = (request.get_host().lower().partition(":")[0], request.path)
    return fragment_key("file", *where, generation=generation_for(request))
