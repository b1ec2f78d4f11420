"""Keeps those who do not work in a part of the site from every address of it in the admin.

Wagtail's own views ask for a permission, but some name the object first, and its choosers ask
for none at all; a board paper's title or a subscriber must not be told on the way. A part is an
app whose AppConfig names `staff_permissions`: whoever has one of them works in it, and which of
its pages they may use, each page asks.
"""

from collections.abc import Callable

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

# Where an app's addresses may begin; its own pages, Wagtail's lists, choosers and bulk actions.
BEGINNINGS = (
    "/admin/{label}/",
    "/admin/snippets/{label}/",
    "/admin/snippets/choose/{label}/",
    "/admin/bulk/{label}/",
)


def staff_gate(get_response: Callable[[HttpRequest], HttpResponse]):
    """Return the middleware; it answers as Wagtail does to someone without a permission."""
    permissions_at = {
        beginning.format(label=app.label): app.staff_permissions
        for app in apps.get_app_configs()
        if hasattr(app, "staff_permissions")
        for beginning in BEGINNINGS
    }
    guarded = tuple(permissions_at)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(guarded):
            permissions = next(
                permissions_at[beginning]
                for beginning in guarded
                if request.path.startswith(beginning)
            )
            if _is_staff_of_another_part(request.user, permissions):
                messages.error(request, _("Sorry, you do not have permission to access this area."))
                return redirect("wagtailadmin_home")
        return get_response(request)

    return middleware


def _is_staff_of_another_part(user, permissions: tuple[str, ...]) -> bool:
    """Whether the admin is open to the user, and this part is not; others are asked to sign in."""
    return user.has_perm("wagtailadmin.access_admin") and not any(
        user.has_perm(permission) for permission in permissions
    )
