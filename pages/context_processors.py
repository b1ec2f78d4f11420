"""What every template of the public site can use."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pages.chrome import chrome_for


def chrome(request: HttpRequest) -> dict:
    """Return the chrome, read only if the template uses it, and who may see the userbar.

    The userbar is for staff. Only a request that brings a session cookie is asked who sent it,
    so that nothing a visitor is shown depends on a cookie.
    """
    return {
        "chrome": SimpleLazyObject(lambda: chrome_for(request)),
        "shows_userbar": settings.SESSION_COOKIE_NAME in request.COOKIES
        or getattr(request, "is_preview", False),
    }
