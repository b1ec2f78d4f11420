"""Keeps those who do not work in finance from every address of it in the admin.

Wagtail's own views ask for a permission, but some name the object first, and its choosers ask
for none at all; a board paper's title must not be told on the way.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

GUARDED = (
    "/admin/finance/",
    "/admin/snippets/finance/",
    "/admin/snippets/choose/finance/",
    "/admin/bulk/finance/",
)
# Whoever has one of these works in finance; which of its pages they may use, each page asks.
PERMISSIONS = (
    "finance.change_filing",
    "finance.change_annualfigures",
    "finance.view_boardaccess",
)


def staff_gate(get_response: Callable[[HttpRequest], HttpResponse]):
    """Return the middleware; it answers as Wagtail does to someone without a permission."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(GUARDED) and _is_staff_of_another_part(request.user):
            messages.error(request, _("Sorry, you do not have permission to access this area."))
            return redirect("wagtailadmin_home")
        return get_response(request)

    return middleware


def _is_staff_of_another_part(user) -> bool:
    """Whether the admin is open to the user, and finance is not; others are asked to sign in."""
    return user.has_perm("wagtailadmin.access_admin") and not any(
        user.has_perm(permission) for permission in PERMISSIONS
    )
