"""A real site for a real browser: gunicorn on a free port with its own database."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import expect

from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds until a site that does not answer is a failure
EDITOR = "editor@example.org"  # made by sample_site
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class RunningSite:
    """A site that answers at `url`, with what it writes below `var`."""

    url: str
    var: Path
    environment: dict[str, str]

    def work(self) -> None:
        """Have the worker do all that there is to do."""
        _run(self.environment, "manage.py", "run_worker", "--once")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _run(environment: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]


def _wait_until_alive(url: str, server: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, "the web server ended"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=1):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"the site did not answer within {PATIENCE} s")


def _copy_of_the_tests_own_database(path: Path) -> None:
    """Write the migrated and loaded database of this process to a file, to save the time."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


@pytest.fixture(scope="session")
def site(tmp_path_factory, django_db_setup, django_db_blocker):
    """Run the site as `make run` does, with sample content, until the tests end."""
    var = tmp_path_factory.mktemp("site")
    port = _free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cmsc_site.settings",
        "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
        "SITE_URL": f"http://localhost:{port}",
        "DATABASE_URL": f"sqlite:///{var}/site.sqlite3",
        "VAR_DIR": str(var),
        "PORT": str(port),
        "DEBUG": "off",
        "SAMPLE_CONTENT": "off",
        "WEB_WORKERS": "1",
        "LOG_LEVEL": "ERROR",
    }
    with django_db_blocker.unblock():
        _copy_of_the_tests_own_database(var / "site.sqlite3")
    _run(environment, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    _run(environment, "-m", "tests.browser.sample_site")
    _run(environment, "manage.py", "run_worker", "--once")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "cmsc_site.wsgi"],
        cwd=ROOT,
        env=environment,
        stdout=(var / "web.log").open("w"),
        stderr=subprocess.STDOUT,
    )
    try:
        url = f"http://localhost:{port}"
        _wait_until_alive(url, server)
        yield RunningSite(url, var, environment)
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def base_url(site):
    """Let `page.goto("/about/")` mean the running site."""
    return site.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Use the Chromium that is named or found; Playwright's own where there is none."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    launch = {**browser_type_launch_args, "args": arguments}
    return {**launch, "executable_path": path} if path else launch


def sign_in(page, address: str, email: str) -> None:
    """Ask for an address that is not for everyone, and sign in where that leads."""
    page.goto(address)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(f"{address}$"))


@pytest.fixture
def admin(page):
    """The admin, signed in through the site's own sign-in page; complaints are collected."""
    page.complaints = []
    page.on(
        "console",
        lambda message: (
            page.complaints.append(message.text)
            if "Content Security Policy" in message.text
            else None
        ),
    )
    sign_in(page, "/admin/", EDITOR)
    return page


def pytest_collection_modifyitems(items) -> None:
    """Mark what needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
    if items and all(item.get_closest_marker("browser") for item in items):
        # There is a database for the site to copy only where some test asks for one.
        items[0].add_marker(pytest.mark.django_db)
