"""Entries of the admin's menu that are shown to those who may use what they lead to."""

from collections.abc import Iterable

from django.urls import reverse_lazy
from django.utils.functional import Promise
from wagtail.admin.menu import MenuItem

Entry = tuple[str | Promise, str, str, str]  # words, name of the address, icon, permission


class PermittedMenuItem(MenuItem):
    """An entry that is shown to those who may use what it leads to."""

    def __init__(self, *args, permission: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request) -> bool:
        """Tell whether the person has the permission."""
        return request.user.has_perm(self.permission)


def menu_items(entries: Iterable[Entry], first_order: int) -> list[MenuItem]:
    """Return the entries in their order, numbered from `first_order`."""
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
