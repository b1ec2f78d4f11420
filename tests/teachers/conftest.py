"""Fixtures of the tests of teachers."""

import pytest
from wagtail.models import Site


@pytest.fixture
def root_site(db) -> Site:
    """Return the site."""
    return Site.objects.get(is_default_site=True)
