"""People with their roles, for the tests of the newsletter."""

import pytest
from django.test import Client
from django.urls import reverse

from newsletter.models import Subscriber
from tests.signing_in import member, signed_in


def text_of(response) -> str:
    """Return what the answer says."""
    return response.content.decode()


def page_of(subscriber: Subscriber) -> str:
    """Return the address of a person's page in the admin."""
    return reverse("newsletter_subscriber", args=[subscriber.pk])


def acts_of(subscriber: Subscriber) -> list[str]:
    """Return a person's history, the oldest act first."""
    return list(subscriber.events.values_list("act", flat=True))


@pytest.fixture
def newsletter_staff() -> Client:
    """A browser in which someone of the Newsletter group has signed in."""
    return signed_in(member("Newsletter"))
