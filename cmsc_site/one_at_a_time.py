"""Keeps processes, of whatever machine, from doing the same thing at the same time."""

import fcntl
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def turn_at(name: str, *, wait: bool = False) -> Iterator[bool]:
    """Give True and keep others out until the block ends, or False where another is in it.

    With `wait` it is always True in the end. Whoever is killed gives up the turn with its
    connection to the database.
    """
    keep = _turn_in_database if connection.vendor == "postgresql" else _turn_on_machine
    with keep(name, wait) as granted:
        yield granted


def alone(name: str, work: Callable[[], int]) -> Callable[[], int]:
    """Return a worker's job that does nothing while another worker is at the same one."""

    def in_turn() -> int:
        with turn_at(name) as granted:
            return work() if granted else 0

    return in_turn


@contextmanager
def _turn_in_database(  # pragma: no cover - coverage is counted on SQLite, this is for PostgreSQL
    name: str, wait: bool
) -> Iterator[bool]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
            granted = True
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            (granted,) = cursor.fetchone()
    try:
        yield granted
    finally:
        if granted:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _turn_on_machine(name: str, wait: bool) -> Iterator[bool]:
    """SQLite is of one machine, where a lock on a file does."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    file_name = f"{name.replace(' ', '-')}.lock"
    with open(settings.VAR_DIR / file_name, "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
