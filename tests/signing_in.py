"""People with their roles, and browsers in which they have signed in."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.test import Client

from tests.factories import UserFactory

SIGN_IN = "sign in"
GROUPS = {
    "editor": "Editors",
    "moderator": "Moderators",
    "finance": "Finance",
    "newsletter": "Newsletter",
    "teachers": "Teachers",
    "board": "Board",
}
ROLES = ["anonymous", "user", *GROUPS, "superuser"]


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


def browser_of(role: str) -> Client:
    """Return the browser of someone of that role."""
    if role == "anonymous":
        return Client()
    if role == "superuser":
        return signed_in(member(admin=True))
    return signed_in(member(GROUPS.get(role, "")))


def for_keepers_alone(role: str, answer: int) -> dict[str, int | str]:
    """Return what each role gets of a page in the admin that is for one role and superusers.

    Wagtail asks those who may not use the admin to sign in as someone who may, and sends those who
    may, but not for this, back to its first page.
    """
    asked = dict.fromkeys(["anonymous", "user", "board"], SIGN_IN)
    return {**dict.fromkeys(ROLES, 302), **asked, role: answer, "superuser": answer}


def answer_in_short(response) -> int | str:
    """Return the status of an answer, or that it asks to sign in."""
    asks = response.status_code == 302 and "/login/" in response["Location"]
    return SIGN_IN if asks else response.status_code


def seen_by(client: Client, addresses: Iterable[str]) -> dict[str, int | str]:
    """Return what each address answers in short."""
    return {address: answer_in_short(client.get(address)) for address in addresses}
