"""People with their roles, and what is filed, for the tests of finance."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from finance.models import FinancialReportsPage
from tests.factories import FilingFactory, UserFactory


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


def read(response) -> bytes:
    """Return what the answer holds, read to its end, which is also what closes a file."""
    return b"".join(response)


@pytest.fixture
def finance():
    """A browser in which someone of the Finance group has signed in."""
    return signed_in(member("Finance"))


@pytest.fixture
def board():
    """A browser in which a member of the board has signed in."""
    return signed_in(member("Board"))


@pytest.fixture
def reports() -> FinancialReportsPage:
    """The page of financial reports."""
    return FinancialReportsPage.objects.get()


@pytest.fixture
def paper():
    """A paper that the board alone may see."""
    return FilingFactory(board=True, title="Sample secret paper", words="zebra budget")


@pytest.fixture
def form_990():
    """A return that everyone may see."""
    return FilingFactory(title="Sample return", words="giraffe schedule")
