"""The entries of the Finance menu beside filings and figures."""

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
        (_("Import figures"), "finance_import", "upload", "finance.add_annualfigures"),
        (_("Disclosure"), "finance_disclosure", "tasks", "finance.change_filing"),
        (_("Board downloads"), "finance_board_log", "history", "finance.view_boardaccess"),
        (_("Removed filings"), "finance_removed", "bin", "finance.delete_filing"),
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
