"""What groups of users may do."""

from django.contrib.auth.models import Group, Permission


def grant(group_name: str, permissions: list[str]) -> None:
    """Give a group, made where there is none, permissions written as "app.codename".

    Raises LookupError for a permission that does not exist.
    """
    group, _made = Group.objects.get_or_create(name=group_name)
    for name in permissions:
        app_label, _dot, codename = name.partition(".")
        found = Permission.objects.filter(
            content_type__app_label=app_label, codename=codename
        ).first()
        if found is None:
            raise LookupError(f"there is no permission {name}")
        group.permissions.add(found)
