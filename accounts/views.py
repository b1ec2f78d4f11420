"""Where a person goes after signing in."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache


@never_cache
@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """Send a signed-in person where they work: the admin, the board's library, their account."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    if request.user.has_perm("finance.view_board_library"):
        return redirect("board_library")
    return redirect("mfa_index")


@never_cache
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Hand Wagtail's sign-in over to the site's own.

    Someone who is signed in but may not use the admin gets a 403 that says so; sending them to
    the sign-in page again would send them round in a circle.
    """
    if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied(
            _(
                "Your account is not allowed to use the editing pages. Please ask an administrator "
                "to put it into a group."
            )
        )
    return redirect_to_login(request.GET.get("next") or "/admin/", login_url="account_login")
