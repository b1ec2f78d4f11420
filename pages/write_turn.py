"""Lets those who write into an SQLite database wait in line.

SQLite lets one write at a time and has the others ask again after longer and longer naps, in
which the database stands idle. A lock on a file wakes the next one at once, of whatever process
of the machine. A database server has a line of its own.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def write_turn() -> Iterator[None]:
    """Wait for the turn to write, and keep it until the block ends."""
    if connection.vendor != "sqlite":
        yield
        return
    with open(settings.VAR_DIR / "write-turn.lock", "ab") as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield
