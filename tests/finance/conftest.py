"""People with their roles, and what is filed, for the tests of finance."""

import pytest

from finance.models import FinancialReportsPage
from tests.factories import FilingFactory
from tests.signing_in import member, signed_in


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
