"""How long the worker takes to bring in a list of 10,000 teachers with their towns.

`python -m benchmarks.teacher_import` measures on SQLite and, where it answers, on PostgreSQL,
each in a new database, and ends with 1 where it takes longer than the bar. The towns are where
people live (`requirements-places.txt`), so that some come once and some a hundred times.
"""

import csv
import io
import sys
import time
from collections.abc import Iterator
from random import Random

from benchmarks.list_import import read_to_the_end, said_in_new_sites, show

ROWS = 10_000
BAR = 60  # seconds
HEADS = (
    "Contact address", "Name", "Credentials", "Training level", "Languages", "Formats", "Programs",
    "Town", "Website", "Agreed to be listed", "Last confirmed", "Biography",
)  # fmt: skip


def measure() -> None:
    """Print how long the upload and the import take; run within a site's environment."""
    import django

    django.setup()

    from pages.transfers.files import examine, read
    from pages.transfers.steps import keep, set_columns
    from teachers.import_columns import guessed_columns
    from teachers.importing import continue_import, start
    from teachers.models import DirectoryEntry, Teacher, TeacherImport

    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *_rows()])
    file = io.BytesIO(text.getvalue().encode())
    began = time.monotonic()
    one = keep(TeacherImport, examine(file), original_name="list.csv", by=None)
    set_columns(one, guessed_columns([next(read(one))]), has_heads=True)
    uploaded = time.monotonic()
    one.refresh_from_db()
    start(one, empty_clears=False)
    took = read_to_the_end(continue_import)
    one.refresh_from_db()
    made = (one.state, one.added, Teacher.objects.count(), DirectoryEntry.objects.count())
    if made != ("done", ROWS, ROWS, ROWS):
        reasons = list(one.rows.exclude(reason="").values_list("reason", flat=True)[:5])
        sys.exit(f"not all rows were brought in: {made} {reasons}")
    print(uploaded - began, *took)


def _rows() -> Iterator[tuple[str, ...]]:
    """Return the rows, the same each time."""
    from django.utils import timezone

    from teachers.models import Place, Program, TrainingLevel, first_listed_rank
    from teachers.sample_names import make_name

    random = Random(4)  # noqa: S311
    towns = list(Place.objects.filter(kind=Place.Kind.TOWN).order_by("pk"))
    chosen = random.choices(towns, [town.population or 1 for town in towns], k=ROWS)
    levels = list(TrainingLevel.objects.filter(rank__gte=first_listed_rank()))
    programs = [program.name for program in Program.objects.all()]
    today = timezone.localdate()
    for number, town in enumerate(chosen):
        yield (
            f"teacher.{number}@example.org",
            make_name(random, town.country).name,
            random.choice(("", "PhD", "LCSW")),
            random.choice(levels).name,
            "; ".join(random.sample(("en", "es", "fr", "de", "zh"), k=2)),
            random.choice(("in person", "online", "both")),
            "; ".join(random.sample(programs, k=min(2, len(programs)))),
            str(town),
            f"https://www.example.org/{number}",
            "yes",
            today.isoformat(),
            "Made up for a measurement.\n\nIt has two paragraphs of some words each.",
        )


def main() -> int:
    """Measure on each database; return 1 where one takes too long."""
    said = said_in_new_sites("benchmarks.teacher_import", ("load_places", "--set", "15000"))
    worst = max(show(kind, ROWS, BAR, numbers) for kind, numbers in said)
    return int(worst > BAR)


if __name__ == "__main__":
    sys.exit(measure() if "--measure" in sys.argv else main())
