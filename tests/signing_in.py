"""People with their roles, and browsers in which they have signed in."""

from django.contrib.auth.models import Group
from django.test import Client

from tests.factories import UserFactory


def member(group: str = "", **fields):
    """Return a user, put into a group if one is named."""
    user = UserFactory(**fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def signed_in(user) -> Client:
    """Return a browser in which that user has signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
