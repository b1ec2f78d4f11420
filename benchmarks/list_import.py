"""What the measurements of imports share: a site of their own, and the worker's part of it."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.sign_ups import database, postgresql_answers
from tests.faults.machine import Machine


def said_in_new_sites(module: str, *commands: tuple[str, ...]) -> Iterator[tuple[str, list[float]]]:
    """Run a module's `--measure` in a new site on each database; give its name and the numbers.

    Before it, each of the `commands` of manage.py is run in the site.
    """
    for kind in ("SQLite", *(["PostgreSQL"] if postgresql_answers() else [])):
        with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as address:
            machine = Machine(Path(folder), address, mail_port=9)
            (machine.var / "static").mkdir()
            machine.manage("prepare")
            for command in commands:
                machine.manage(*command)
            said = subprocess.run(
                [sys.executable, "-m", module, "--measure"],
                env=machine.environment,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
        yield kind, [float(number) for number in said.split()]


def read_to_the_end(continue_import: Callable[[], int]) -> tuple[float, float, float]:
    """Let the import run; return its seconds, those of them computing, and the longest part's."""
    parts, computing = [], time.process_time()
    while True:
        before = time.monotonic()
        if not continue_import():
            break
        parts.append(time.monotonic() - before)
    return sum(parts), time.process_time() - computing, max(parts)


def show(kind: str, rows: int, bar: int, numbers: list[float]) -> float:
    """Print what an import took; return its seconds."""
    upload, seconds, computing, longest = numbers
    print(
        f"{kind}: {rows:,} rows in {seconds:.1f} s (at most {bar}), {computing:.1f} s of them "
        f"computing, no part longer than {longest:.2f} s, the upload {upload:.1f} s",
        flush=True,
    )
    return seconds
