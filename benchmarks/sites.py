"""Sites to measure: made once with sample content, and copied for each measurement."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from tests.faults.machine import PATIENCE, ROOT, Machine, kill, killed_at_the_end

NOBODY_LISTENS = 9  # a port for mail that goes nowhere
UNCACHED = {"PAGE_CACHE_MB": "0"}
ADDRESSES = "addresses.json"


@contextmanager
def database(kind: str, folder: Path, *, copy_of: str = "") -> Iterator[str]:
    """Give the address of a new database, empty or a copy, which is gone after the block."""
    if kind == "SQLite":
        path = folder / "site.sqlite3"
        if copy_of:
            shutil.copy(copy_of.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    import psycopg

    name = f"cmsc_benchmark_{os.getpid()}_{time.monotonic_ns() % 10**9}"
    template = f"TEMPLATE {copy_of.removeprefix('postgres:///')}" if copy_of else ""
    with psycopg.connect("postgres:///postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {template}")
        try:
            yield f"postgres:///{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def postgresql_answers() -> bool:
    """Tell whether there is a PostgreSQL on the local socket."""
    import psycopg

    try:
        psycopg.connect("postgres:///postgres", connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def kinds() -> list[str]:
    """Return the databases that can be measured here."""
    return ["SQLite", *(["PostgreSQL"] if postgresql_answers() else [])]


def chosen_kinds(only: str) -> list[str]:
    """Return the databases that can be measured here, or the one that was chosen."""
    return [kind for kind in kinds() if only in {"", kind}]


def run_in(machine: Machine, *command: str) -> str:
    """Run Python with the command in a site's environment; return what it prints."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=machine.environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


class Workshop:
    """Makes a site with sample content once for each kind of database, and gives copies of it."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.folder, self.say = folder, say
        self._made: dict[str, Machine] = {}
        self._databases: list = []
        self._static: Path | None = None
        self._static_lock = Lock()
        self._locks = {kind: Lock() for kind in ("SQLite", "PostgreSQL")}

    @contextmanager
    def site(self, kind: str = "SQLite", *, workers: int = 2, **extra: str) -> Iterator[Machine]:
        """Give a site of its own, which is gone after the block; `extra` is of its environment."""
        original = self._original(kind)
        with tempfile.TemporaryDirectory(dir=self.folder, ignore_cleanup_errors=True) as folder:
            var = Path(folder)
            for part in ("static", "media", "filings"):
                if (original.var / part).is_dir():
                    link_all(original.var / part, var / part)
            shutil.copy(original.var / ADDRESSES, var)
            with database(kind, var, copy_of=original.database_url) as address:
                yield Machine(
                    var,
                    address,
                    NOBODY_LISTENS,
                    web_workers=workers,
                    extra={"SAMPLE_CONTENT": "on", **extra},
                )

    def make(self, *wanted: str) -> None:
        """Make the originals of these kinds at once."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(self._original, wanted))

    def close(self) -> None:
        """Remove the databases."""
        for one in self._databases:
            one.__exit__(None, None, None)

    def _original(self, kind: str) -> Machine:
        with self._locks[kind]:
            if kind not in self._made:
                self.say(f"making a site with sample content on {kind} (up to a minute)")
                self._made[kind] = self._make(kind)
            return self._made[kind]

    def _make(self, kind: str) -> Machine:
        var = self.folder / kind
        (var / "static").mkdir(parents=True)
        holder = database(kind, var)
        address = holder.__enter__()
        self._databases.append(holder)
        machine = Machine(var, address, NOBODY_LISTENS, extra={"SAMPLE_CONTENT": "on"})
        machine.manage("prepare")
        machine.manage("load_places", "--set", "15000")
        said = run_in(machine, "-m", "benchmarks.samples")
        (var / ADDRESSES).write_text(said.splitlines()[-1])
        # Pictures are made now, or the worker of each copy would make them while it is measured.
        machine.manage("db_worker", "--batch", "--no-startup-delay")
        self._collect_static(machine)
        if kind == "SQLite":  # the whole of it into one file, to be copied
            import sqlite3

            with sqlite3.connect(address.removeprefix("sqlite:///")) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        return machine

    def _collect_static(self, machine: Machine) -> None:
        """Collect the files once, as they are the same for all."""
        with self._static_lock:
            if self._static is None:
                machine.manage("collectstatic", "--noinput", "--verbosity", "0")
                self._static = machine.var / "static"
            else:
                link_all(self._static, machine.var / "static")


def link_all(source: Path, target: Path) -> None:
    """Copy a folder's files by another name of each, which takes no time and no room."""
    shutil.copytree(source, target, copy_function=os.link, dirs_exist_ok=True)


@contextmanager
def workshop(say: Callable[[str], None]) -> Iterator[Workshop]:
    """Give a workshop, whose sites are gone after the block, and also when the run is ended."""
    former = signal.signal(signal.SIGTERM, lambda *_args: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="cmsc-bench-", ignore_cleanup_errors=True) as folder:
        one = Workshop(Path(folder), say)
        try:
            yield one
        finally:
            one.close()
            signal.signal(signal.SIGTERM, former)


@contextmanager
def serving(machine: Machine) -> Iterator[subprocess.Popen]:
    """Serve the site until the block ends."""
    with killed_at_the_end() as processes:
        processes.append(machine.start_web())
        machine.wait_until_it_answers()
        try:
            yield processes[0]
        except Exception:
            log = (machine.var / "web.log").read_text().splitlines()
            failures = [line for line in log if '"ERROR"' in line or '"status": 5' in line]
            print("\n".join(failures[-5:]), file=sys.stderr)
            raise


@contextmanager
def serving_other(
    application: str, folder: Path, environment: dict[str, str], *, log: Path | None = None
) -> Iterator[subprocess.Popen]:
    """Serve another WSGI application by the site's gunicorn settings until the block ends."""
    said = (log or folder / "server.log").open("a")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), application],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "WEB_WORKERS": "2", **environment},
        stdout=said,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        _wait_for(int(environment["PORT"]))
        yield server
    finally:
        kill(server)
        said.close()


def _wait_for(port: int) -> None:
    """Return when something listens at the port. Raises OSError after a minute."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def workers_of(server: subprocess.Popen) -> list[int]:
    """Return the processes that a server has started, once it has."""
    path = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    end = time.monotonic() + 20
    while not (found := path.read_text().split()) and time.monotonic() < end:
        time.sleep(0.05)
    return [int(one) for one in found]


def addresses_of(machine: Machine) -> dict[str, str]:
    """Return the address of a page of each type, by what it is called."""
    return json.loads((machine.var / ADDRESSES).read_text())
