"""The entries of the Newsletter menu beside topics and mails."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem


class PermittedMenuItem(MenuItem):
    """An entry that is shown to those who may use what it leads to."""

    def __init__(self, *args, permission: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request) -> bool:
        """Tell whether the person has the permission."""
        return request.user.has_perm(self.permission)


def staff_menu_items(first_order: int) -> list[MenuItem]:
    """Return the entries, numbered from `first_order`."""
    entries = [
        (_("Subscribers"), "newsletter_subscribers", "group", "newsletter.view_subscriber"),
        (_("Add by hand"), "newsletter_add", "plus", "newsletter.add_subscriber"),
        (_("Held sign-ups"), "newsletter_held", "warning", "newsletter.view_heldsignup"),
        (_("Import"), "newsletter_import", "upload", "newsletter.add_subscriberimport"),
        (_("Exports"), "newsletter_exports", "download", "newsletter.view_subscriberexport"),
        (_("Deliverability"), "newsletter_deliverability", "view", "newsletter.change_subscriber"),
        (_("The form"), "newsletter_form", "cog", "newsletter.change_newslettersettings"),
    ]
    return [
        PermittedMenuItem(
            label,
            reverse_lazy(url_name),
            name=url_name.replace("_", "-"),
            icon_name=icon,
            order=order,
            permission=permission,
        )
        for order, (label, url_name, icon, permission) in enumerate(entries, start=first_order)
    ]
