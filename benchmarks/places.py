"""How long places take to load, and to be found by name.

`python -m benchmarks.places` measures on SQLite and, where it answers, on PostgreSQL, each in a new
database, and ends with 1 where loading takes longer than the bar.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.sign_ups import database, postgresql_answers
from tests.faults.machine import Machine

BAR = 30  # seconds
TYPED = [
    "Lyon", "muenchen", "東京", "Москва", "St. Louis", "NYC", "Portland", "Portland, OR",
    "Paris Texas",
    "Deutschland", "California", "10001", "San José", "Frankfurt a. M.", "Lyonn", "Barcelonna",
]  # fmt: skip
BEGUN = ["ly", "sa", "lon", "new y", "東", "portland, o"]
ROUNDS = 20


def measure() -> None:
    """Print what loading and searching take; run within a site's environment."""
    import django

    django.setup()

    from django.core.management import call_command

    from teachers.gazetteer.search import resolve, suggest

    began = time.monotonic()
    call_command("load_places", stdout=sys.stderr)
    said = [f"{time.monotonic() - began:.1f}"]
    for call, texts in ((resolve, TYPED), (suggest, BEGUN)):
        took = []
        for text in texts * ROUNDS:
            before = time.perf_counter()
            call(text)
            took.append(1000 * (time.perf_counter() - before))
        said += [f"{statistics.median(took):.1f}", f"{statistics.quantiles(took, n=20)[-1]:.1f}"]
    print(*said)


def main() -> int:
    """Measure on each database; return 1 where loading takes too long."""
    worst = 0.0
    for kind in ("SQLite", *(["PostgreSQL"] if postgresql_answers() else [])):
        with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as address:
            machine = Machine(Path(folder), address, mail_port=9)
            (machine.var / "static").mkdir()
            machine.manage("prepare")
            said = subprocess.run(
                [sys.executable, "-m", "benchmarks.places", "--measure"],
                env=machine.environment,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
        loading, *times = map(float, said.split())
        print(
            f"{kind}: loaded in {loading:.1f} s (at most {BAR}); median and 95th percentile of "
            f"resolve {times[0]} and {times[1]} ms, of suggest {times[2]} and {times[3]} ms",
            flush=True,
        )
        worst = max(worst, loading)
    return int(worst > BAR)


if __name__ == "__main__":
    sys.exit(measure() if "--measure" in sys.argv else main())
