"""Fixtures for all tests. Each test begins with the first content loaded and an empty cache."""

import asyncio
from contextlib import contextmanager

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from xdist.scheduler import LoadScopeScheduling

from cmsc_site.page_cache.kept import kept_pages
from pages.content.loader import load_site

# What shares something that is slow to make is run by one process.
TOGETHER = (
    "tests/browser/",
    "tests/cmsc_site/test_entrypoint.py",
    "tests/faults/test_several_machines.py",
    "tests/finance/test_delivery.py",
    "tests/teachers/test_gazetteer.py",
    "tests/teachers/test_names.py",
)


def pytest_xdist_make_scheduler(config, log):
    """Share out the tests one by one, and what belongs together as one."""

    class Sharing(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next(filter(nodeid.startswith, TOGETHER), nodeid)

    return Sharing(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Load the first content once; each test's own changes are rolled back."""
    with django_db_blocker.unblock():
        load_site()


@pytest.fixture(autouse=True)
def empty_caches():
    """Begin and end each test with nothing remembered."""
    for cache in caches.all():
        cache.clear()
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def empty_media(settings, tmp_path):
    """Keep each test's uploads apart."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def own_generation(settings, tmp_path):
    """Keep the tests that run beside each other from forgetting each other's pages."""
    settings.GENERATION_FILE = tmp_path / "generation"
    kept_pages.cache_clear()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Return a context in which whatever waits for the commit happens at its end."""

    @contextmanager
    def run():
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return run


@pytest.fixture
def count_queries():
    """Return a function that calls another and tells how many queries it took."""

    def count(call) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


@pytest.fixture
def no_event_loop():
    """Hide the event loop that Playwright keeps in this thread, as the site's own have none."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)
