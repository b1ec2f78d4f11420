"""Two machines with disks of their own, over one database, Redis, bucket and mail server."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import requests
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import connection

from tests.bucket import KEYS, NAME, REGION
from tests.faults.machine import PATIENCE, ROOT, Machine, free_port, kill

REDIS = shutil.which("redis-server") or shutil.which("valkey-server")
SIGN_UPS_PER_NETWORK = 4


@contextlib.contextmanager
def own_redis(folder: Path) -> Iterator[str]:
    """Run a Redis or Valkey that nothing else uses until the block ends; give its address."""
    port = free_port()
    process = subprocess.Popen(
        [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(lambda: _listens(port), "Redis answers")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        kill(process)


@contextlib.contextmanager
def copy_of_the_tests_database() -> Iterator[str]:
    """Give the address of a copy with the first content, which is there until the block ends.

    To be made while no test has begun a transaction.
    """
    name = settings.DATABASES["default"]["NAME"]
    copy = f"{name}_machines"
    connection.close()  # nobody may look on while it is copied
    with psycopg.connect(_database_address("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        try:
            yield _database_address(copy)
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


@dataclass
class TwoMachines:
    """Both machines, and what the tests ask of them."""

    first: Machine
    second: Machine

    def address(self, machine: Machine, path: str) -> str:
        """Return the address of a path at one of the machines, past the load balancer."""
        return f"http://localhost:{machine.port}{path}"

    def rows(self, question: str, *values: object) -> list[tuple]:
        """Return what the database answers."""
        with psycopg.connect(self.first.database_url) as database:
            return database.execute(question, values).fetchall()

    def run(self, code: str) -> None:
        """Run Python on the first machine, in a process of its own."""
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code],
            cwd=ROOT,
            env=self.first.environment,
            check=True,
        )

    def start_web(self) -> list[subprocess.Popen]:
        """Start the web servers; return their processes."""
        return [machine.start_web() for machine in (self.first, self.second)]

    def start_workers(self) -> list[subprocess.Popen]:
        """Start a worker on each machine, both at once; return their processes."""
        return [machine.start_worker() for machine in (self.first, self.second)]


class Visitor:
    """A browser that a load balancer sends now to the one machine, now to the other."""

    def __init__(self, machines: TwoMachines) -> None:
        self._machines = machines
        self._session = requests.Session()
        # As a proxy in front tells it.
        self._session.headers["X-Forwarded-For"] = "198.51.100.7"

    def get(self, machine: Machine, path: str, **headers: str) -> requests.Response:
        """Get a path from one of the machines, following nothing."""
        return self._session.get(
            self._machines.address(machine, path),
            headers={"Accept-Encoding": "identity", **headers},
            allow_redirects=False,
            timeout=30,
        )

    def post(
        self,
        machine: Machine,
        path: str,
        values: dict,
        *,
        files: dict | None = None,
        form: str = "",
    ) -> requests.Response:
        """Post a form to one of the machines, with the token that is in the form there."""
        self.get(machine, form or path)
        token = self._session.cookies.get("csrf", "")
        return self._session.post(
            self._machines.address(machine, path),
            {**values, "csrfmiddlewaretoken": token},
            files=files,
            headers={"Sec-Fetch-Site": "same-origin"},
            allow_redirects=False,
            timeout=30,
        )


@contextlib.contextmanager
def two_machines(
    folder: Path, *, database_url: str, redis_url: str, endpoint: str, mail_port: int
) -> Iterator[TwoMachines]:
    """Give two machines of which nothing runs yet; what is started on them ends with the block."""
    port = free_port()
    shared = {
        # The name under which both are reached.
        "SITE_URL": f"http://localhost:{port}",
        "REDIS_URL": redis_url,
        "S3_BUCKET": NAME,
        "S3_ENDPOINT": endpoint,
        "S3_REGION": REGION,
        "S3_ACCESS_KEY": KEYS["access_key"],
        "S3_SECRET_KEY": KEYS["secret_key"],
        "TRUSTED_PROXIES": "1",
        "SIGN_UPS_PER_NETWORK": str(SIGN_UPS_PER_NETWORK),
        "FILE_SERVER": "",
        "CDN": "",
    }
    made = []
    for name in ("first", "second"):
        (folder / name / "static").mkdir(parents=True)
        (folder / name / "static" / "staticfiles.json").write_text(_manifest())
        made.append(Machine(folder / name, database_url, mail_port, web_workers=1, extra=shared))
    yield TwoMachines(*made)


def wait_until(happened: Callable[[], object], what: str) -> None:
    """Return when it has happened; fail after a minute."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"it never came to this: {what}"
        time.sleep(0.1)


def _manifest() -> str:
    """Name every static file as it is: collecting them takes longer than all the tests."""
    found = (path for finder in get_finders() for path, _storage in finder.list([]))
    return json.dumps({"version": "1.1", "paths": {path: path for path in found}})


def _database_address(name: str) -> str:
    given = urlsplit(os.environ["TEST_DATABASE_URL"])
    return f"{given.scheme}://{given.netloc}/{name}?{given.query}".rstrip("?")


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
