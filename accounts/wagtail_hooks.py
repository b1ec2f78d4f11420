"""What accounts add to the Wagtail admin."""

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks


@hooks.register("register_account_menu_item")
def sign_in_settings(request) -> dict[str, str]:
    """Return the row of a person's account page that leads to password, passkeys and codes."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Password, passkeys and codes"),
        "help_text": _("Change how you sign in."),
    }
