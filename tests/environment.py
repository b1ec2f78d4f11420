"""The environment in which the tests run, set before Django reads its settings.

Loaded as a pytest plugin (see pyproject.toml), since conftest files come too late for that.
"""

import os
import tempfile

VAR_DIR = tempfile.mkdtemp(prefix="cmsc-tests-")

os.mkdir(f"{VAR_DIR}/static")

os.environ.update(
    SECRET_KEY="only-for-tests-" + "0123456789abcdef" * 4,
    DEBUG="off",
    SITE_URL="http://localhost:8000",
    SAMPLE_CONTENT="off",
    VAR_DIR=VAR_DIR,
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{VAR_DIR}/site.sqlite3",
    REDIS_URL="",
    EMAIL_URL=f"filemail://{VAR_DIR}/mail",
    TIME_ZONE="UTC",
    SECURITY_CONTACT="",
    TRUSTED_PROXIES="0",
    EXTRA_HOSTS="testserver",
    # Playwright keeps an event loop in the thread of the tests, none of which is asynchronous.
    DJANGO_ALLOW_ASYNC_UNSAFE="true",
)


def pytest_unconfigure(config) -> None:
    """Remove what the run has written."""
    import shutil

    shutil.rmtree(VAR_DIR, ignore_errors=True)
