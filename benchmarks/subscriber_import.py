"""How long the worker takes to bring in a list of 100,000 addresses.

`python -m benchmarks.subscriber_import` measures on SQLite and, where it answers, on PostgreSQL,
each in a new database, and ends with 1 where it takes longer than the bar.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.sign_ups import database, postgresql_answers
from tests.faults.machine import Machine

ROWS = 100_000
BAR = 60  # seconds


def measure() -> None:
    """Print how long the upload and the import take; run within a site's environment."""
    import django

    django.setup()

    from newsletter.import_columns import Columns
    from newsletter.import_steps import keep, set_columns, start
    from newsletter.importing import continue_import
    from newsletter.models import ConsentEvent, Subscriber
    from pages.transfers.files import examine

    with tempfile.TemporaryFile() as file:
        for number in range(ROWS):
            file.write(b"Sample Reader %d,reader.%d@example.org\n" % (number, number))
        began = time.monotonic()
        one = keep(examine(file), original_name="list.csv", by=None)
    set_columns(one, Columns(address=1, name=0), has_heads=False)
    uploaded = time.monotonic()
    start(one, consent_source="Sample", language="en")
    parts, computing = [], time.process_time()
    while True:
        before = time.monotonic()
        if not continue_import():
            break
        parts.append(time.monotonic() - before)
    computing = time.process_time() - computing
    one.refresh_from_db()
    made = (one.state, one.added, Subscriber.objects.count(), ConsentEvent.objects.count())
    if made != ("done", ROWS, ROWS, ROWS):
        sys.exit(f"not all rows were brought in: {made}")
    print(f"{uploaded - began:.1f} {sum(parts):.1f} {computing:.1f} {max(parts):.2f}")


def main() -> int:
    """Measure on each database; return 1 where one takes too long."""
    worst = 0.0
    for kind in ("SQLite", *(["PostgreSQL"] if postgresql_answers() else [])):
        with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as address:
            machine = Machine(Path(folder), address, mail_port=9)
            (machine.var / "static").mkdir()
            machine.manage("prepare")
            said = subprocess.run(
                [sys.executable, "-m", "benchmarks.subscriber_import", "--measure"],
                env=machine.environment,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
        upload, seconds, computing, longest = map(float, said.split())
        print(
            f"{kind}: {ROWS:,} rows in {seconds:.1f} s (at most {BAR}), "
            f"{computing:.1f} s of them computing, no part longer "
            f"than {longest:.2f} s, the upload {upload:.1f} s",
            flush=True,
        )
        worst = max(worst, seconds)
    return int(worst > BAR)


if __name__ == "__main__":
    sys.exit(measure() if "--measure" in sys.argv else main())
