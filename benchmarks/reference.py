"""What the site is compared with: a fresh `wagtail start` site, and a bare WSGI function."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.sites import serving_other
from tests.faults.machine import free_port

NAME = "freshsite"
LOCAL = 'SECRET_KEY = "only-for-benchmarks"\nALLOWED_HOSTS = ["*"]\n'


def start_wagtail_site(folder: Path) -> dict[str, str]:
    """Make a site by `wagtail start` as its guide says; return the environment to serve it in."""
    environment = {"DJANGO_SETTINGS_MODULE": f"{NAME}.settings.production"}
    wagtail = Path(sys.executable).with_name("wagtail")
    folder.mkdir(parents=True)
    commands = (
        [str(wagtail), "start", NAME, "."],
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
    )
    for command in commands:
        subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(environment if "manage.py" in command else {})},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        if "start" in command:
            (folder / NAME / "settings" / "local.py").write_text(LOCAL)
    return environment


@contextmanager
def wagtail_site(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Serve the fresh site; give the address of its home page."""
    port = free_port()
    environment = {**environment, "PORT": str(port)}
    with serving_other(f"{NAME}.wsgi:application", folder, environment):
        address = f"http://localhost:{port}/"
        _check(address)
        yield address


@contextmanager
def bare_function(folder: Path, page: str, accepted: str = "") -> Iterator[str]:
    """Serve a bare function that gives the answer which the site gives at `page` now."""
    place, _slash, path = page.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(place)
    for _again in range(2):  # the second time, it is as it comes from the cache
        connection.request("GET", f"/{path}", headers={"Accept-Encoding": accepted})
        answer = connection.getresponse()
        body = answer.read()
    connection.close()
    own = {"date", "server", "connection", "transfer-encoding"}
    headers = [header for header in answer.getheaders() if header[0].lower() not in own]
    folder.mkdir(parents=True)
    kept = folder / "answer.json"
    kept.write_text(json.dumps({"body": body.decode("latin-1"), "headers": headers}))
    port = free_port()
    environment = {"PORT": str(port), "BARE_ANSWER": str(kept)}
    with serving_other("benchmarks.bare:application()", folder, environment):
        address = f"http://localhost:{port}/"
        _check(address)
        yield address


def _check(address: str) -> None:
    """Raise RuntimeError where a reference does not answer as it should."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("GET", "/")
    if (status := connection.getresponse().status) != 200:
        raise RuntimeError(f"the reference answered {status}")
    connection.close()
