"""How long places take to load, and to be found by name: `python -m benchmarks.places`."""

import statistics
import sys
import time

from benchmarks.measuring import Say, main
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import Workshop, chosen_kinds, run_in

TITLE = "Places"
HOW = """
The places of the world are loaded as a new site loads them, then asked for by what people type,
with mistakes, in several scripts.
""".strip()
BAR = 30  # seconds
TYPED = [
    "Lyon", "muenchen", "東京", "Москва", "St. Louis", "NYC", "Portland", "Portland, OR",
    "Paris Texas",
    "Deutschland", "California", "10001", "San José", "Frankfurt a. M.", "Lyonn", "Barcelonna",
]  # fmt: skip
BEGUN = ["ly", "sa", "lon", "new y", "東", "portland, o"]
ROUNDS = 20


def measure(workshop: Workshop, say: Say, *, only: str = "") -> Section:
    """Return what loading and searching take."""
    section, rows = Section(TITLE, HOW), []
    for kind in chosen_kinds(only):
        with workshop.site(kind) as site:
            say(f"loading and asking on {kind}")
            said = run_in(site, "-m", "benchmarks.places", "--measure")
        loading, *times = map(float, said.split())
        section.bars.append(Bar(f"loading places on {kind}", loading, BAR, "s"))
        rows.append((kind, *(f"{time} ms" for time in times)))
    heads = (
        "database",
        "a place that was typed, median",
        "95 in 100 within",
        "suggestions while typing, median",
        "95 in 100 within",
    )
    section.tables.append(Table(heads, rows))
    return section


def _measure_here() -> None:
    """Print what loading and searching take; run within a site's environment."""
    import django

    django.setup()

    from django.core.management import call_command

    from teachers.gazetteer.search import resolve, suggest
    from teachers.models import Place
    from teachers.sample import remove_sample_teachers

    remove_sample_teachers()
    Place.objects.all().delete()  # a new site has none

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


if __name__ == "__main__":
    if "--measure" in sys.argv:
        _measure_here()
    else:
        main(measure)
