"""Who may read the board's library."""

from django.conf import settings
from django.http import HttpRequest

PERMISSION = "finance.view_board_library"


def may_read_board_library(request: HttpRequest) -> bool:
    """Tell whether whoever asks may read the board's papers.

    Without a session's cookie nobody is signed in, and nothing is looked up: the answer is then
    the same for everyone and may be kept by any cache.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.user.has_perm(PERMISSION)
