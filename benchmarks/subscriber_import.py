"""How long the worker takes to bring in a list of 100,000 addresses.

`python -m benchmarks.subscriber_import` measures on SQLite and, where it answers, on PostgreSQL,
each in a new database, and ends with 1 where it takes longer than the bar.
"""

import sys
import tempfile
import time

from benchmarks.list_import import read_to_the_end, said_in_new_sites, show

ROWS = 100_000
BAR = 60  # seconds


def measure() -> None:
    """Print how long the upload and the import take; run within a site's environment."""
    import django

    django.setup()

    from newsletter.import_columns import Columns
    from newsletter.import_steps import start
    from newsletter.importing import continue_import
    from newsletter.models import ConsentEvent, Subscriber, SubscriberImport
    from pages.transfers.files import examine
    from pages.transfers.steps import keep, set_columns

    with tempfile.TemporaryFile() as file:
        for number in range(ROWS):
            file.write(b"Sample Reader %d,reader.%d@example.org\n" % (number, number))
        began = time.monotonic()
        one = keep(SubscriberImport, examine(file), original_name="list.csv", by=None)
    set_columns(one, vars(Columns(address=1, name=0)), has_heads=False)
    uploaded = time.monotonic()
    start(one, consent_source="Sample", language="en")
    took = read_to_the_end(continue_import)
    one.refresh_from_db()
    made = (one.state, one.added, Subscriber.objects.count(), ConsentEvent.objects.count())
    if made != ("done", ROWS, ROWS, ROWS):
        sys.exit(f"not all rows were brought in: {made}")
    print(uploaded - began, *took)


def main() -> int:
    """Measure on each database; return 1 where one takes too long."""
    said = said_in_new_sites("benchmarks.subscriber_import")
    worst = max(show(kind, ROWS, BAR, numbers) for kind, numbers in said)
    return int(worst > BAR)


if __name__ == "__main__":
    sys.exit(measure() if "--measure" in sys.argv else main())
