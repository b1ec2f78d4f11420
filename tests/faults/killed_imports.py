"""Imports while the worker is killed again and again."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.faults.machine import Machine, kill, killed_at_the_end

PATIENCE = 60  # seconds
LONGEST_PART = 1  # second, more or less


@dataclass(frozen=True)
class KilledImport:
    """An import on a machine whose database is a file; `table` is where imports stand."""

    machine: Machine
    database: Path
    table: str

    def begin(self, program: str) -> None:
        """Have a program that starts the import run in the site's environment."""
        command = [sys.executable, "-c", program]
        subprocess.run(command, env=self.machine.environment, check=True)

    def run(self, *, rows: int, kills: int, look: Callable[[], object] = lambda: None) -> None:
        """Let workers read the list of so many rows, and kill all of them but the last.

        Each is killed at another moment of a part's transaction, and `look` is called after that.
        """
        with killed_at_the_end() as processes:
            for number in range(1, kills + 1):
                processes[:] = [self.machine.start_worker()]
                _wait_until(lambda n=number: self.done() > n * rows / (kills + 2))
                time.sleep(LONGEST_PART * number / (kills + 1))
                kill(processes[0])
                look()
            assert self.done() < rows, "killed too late to tell anything"
            processes[:] = [self.machine.start_worker()]
            _wait_until(lambda: self.ask(f"SELECT state FROM {self.table}") == "done")  # noqa: S608

    def done(self) -> int:
        """Return how many rows are read."""
        return self.ask(f"SELECT rows_done FROM {self.table}")  # noqa: S608

    def ask(self, question: str):
        """Return the one value that a query finds."""
        with closing(sqlite3.connect(self.database, timeout=20)) as reader:
            return reader.execute(question).fetchone()[0]


def _wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "nothing came of it in a minute"
        time.sleep(0.005)
