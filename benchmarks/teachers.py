"""How fast teachers are found by place, by name and on the page: `python -m benchmarks.teachers`.

`--count 100000` measures among so many, most of them copies of samples.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from random import Random

from benchmarks.measuring import Say, main
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import UNCACHED, Workshop, chosen_kinds, run_in

TITLE = "Finding teachers"
HOW = """
Sample teachers live where people live. The questions to the database are asked alone, then whole
pages of the directory are asked for with all kinds of choices, without the page cache.
The bars are for 95 answers in 100.
""".strip()
MADE = 5_000
PLACES = 300
NAMES = 500
PAGES = 66
MOST_QUERIES = 12
# In ms, of 95 in 100; the page's for each count.
BARS = {"radius": 10.0, "first page": 100.0, "name": 40.0}
PAGE_BARS = {5_000: 150.0, 100_000: 300.0}


def measure(workshop: Workshop, say: Say, *, only: str = "", count: int = MADE) -> Section:
    """Return how fast teachers are found among that many."""
    section, rows = Section(TITLE, HOW), []
    for kind in chosen_kinds(only):
        with workshop.site(kind, **UNCACHED) as site:
            say(f"making {count:,} teachers on {kind}, and asking for them")
            said = run_in(site, "-m", "benchmarks.teachers", "--measure", str(count))
        result = json.loads(said.splitlines()[-1])
        for name, times in result["times"].items():
            late = statistics.quantiles(times, n=20)[-1]
            limit = BARS.get(name) or PAGE_BARS.get(count, max(PAGE_BARS.values()))
            section.bars.append(Bar(f"{name}, {count:,} teachers on {kind}", late, limit, "ms"))
            rows.append((name, kind, f"{statistics.median(times):.1f} ms", f"{late:.1f} ms"))
        words = f"queries of a page of the directory on {kind}"
        section.bars.append(Bar(words, result["queries"], MOST_QUERIES))
    heads = ("question", "database", "median", "95 in 100 within")
    section.tables.append(Table(heads, rows))
    return section


def _measure_here(count: int) -> None:
    """Make the teachers and print the times as JSON; run within a site's environment."""
    import django

    django.setup()

    from django.db import connection, transaction

    from benchmarks.growing import grow_teachers

    with transaction.atomic():
        grow_teachers(count, min(count, MADE))
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself after a while; a site on SQLite may never have done so.
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
    times = {
        "radius": times_of(_ask_near, _choices()),
        "first page": times_of(_ask_first_page, range(20)),
        "name": times_of(_ask_name, _misspelt()),
    }
    cold, pages, queries = _times_of_pages()
    times |= {"page": pages, "page, every cache empty": cold}
    print(json.dumps({"times": times, "queries": queries}))


def times_of(call: Callable, arguments: Iterable) -> list[float]:
    """Return how many milliseconds each call took, after one that does not count."""
    arguments = list(arguments)
    call(arguments[0])
    times = []
    for argument in arguments:
        began = time.perf_counter()
        call(argument)
        times.append(1000 * (time.perf_counter() - began))
    return times


def _choices() -> list[tuple]:
    """Return places where people live, with what is asked for there."""
    from teachers.geometry import Point
    from teachers.models import Place, TrainingLevel

    rank = TrainingLevel.objects.order_by("-rank").values_list("rank", flat=True)[0]
    random = Random(2)  # noqa: S311
    rows = list(
        Place.objects.filter(kind="town").values_list("latitude", "longitude", "population")
    )
    places = random.choices(
        rows or [(0, 0, 1)], [row[2] or 1 for row in rows or [(0, 0, 1)]], k=PLACES
    )
    return [(Point(lat, lng), random.choice((50, 100)), rank) for lat, lng, _people in places]


def _ask_near(asked: tuple) -> list[int]:
    from teachers.directory.choice import IN_PERSON, Choice
    from teachers.directory.query import Where, everyone, offering, within

    point, distance, rank = asked
    choice = Choice(levels=(rank,), languages=("en",), formats=(IN_PERSON,))
    entries = offering(within(everyone(), Where(point=point), distance), choice)
    return list(
        entries.order_by("square", "sort_name", "teacher_id").values_list("pk", flat=True)[:20]
    )


def _ask_first_page(_number: int) -> list[int]:
    from teachers.directory.query import everyone

    return list(everyone().order_by("sort_name", "teacher_id").values_list("pk", flat=True)[:20])


def _misspelt() -> list[str]:
    """Return names of the directory, each with a mistake."""
    from teachers.models import Teacher

    random = Random(3)  # noqa: S311
    names = list(Teacher.objects.order_by("pk").values_list("name", flat=True))
    queries = []
    for name in random.choices(names, k=NAMES):
        name = name.removesuffix(" (Sample)")
        place = random.randrange(len(name))
        queries.append(name[:place] + name[place + 1 :])
    return queries


def _ask_name(query: str) -> list[int]:
    from teachers.names import find_by_name

    return find_by_name(query)


def _times_of_pages() -> tuple[list[float], list[float], int]:
    """Return the times of a mix of pages with every cache empty, and of the same made once more.

    A search is made anew each time; what the site's pages share is known the second time. The
    last is the most queries of one of those.
    """
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    addresses = [
        {},
        {"page": "9"},
        {"level": "3"},
        {"language": "en"},
        {"q": "Maria"},
        {"q": "yoga"},
    ]
    addresses += [{"near": town} for town in ("Lyon", "London", "Tokyo", "New York City")]
    addresses += [{"near": "Berlin", "language": "de", "format": "in-person", "distance": "100"}]
    client, cold, times, most = Client(headers={"host": "localhost"}), [], [], 0
    for number in range(PAGES + 1):
        for cache in caches.all():
            cache.clear()
        began = time.perf_counter()
        answer = client.get("/teachers/", addresses[number % len(addresses)])
        passed = 1000 * (time.perf_counter() - began)
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            client.get("/teachers/", addresses[number % len(addresses)])
        again = 1000 * (time.perf_counter() - began)
        if answer.status_code != 200:
            sys.exit(f"the page answered {answer.status_code}")
        if number:
            cold.append(passed)
            if addresses[number % len(addresses)]:  # the page without a search is remembered
                times.append(again)
            most = max(most, len(captured))
    return cold, times, most


if __name__ == "__main__":
    if "--measure" in sys.argv:
        _measure_here(int(sys.argv[-1]))
    else:
        main(measure)
