"""What each page takes as the site grows: `python -m benchmarks.growth`."""

import statistics
import time
from collections.abc import Mapping

from benchmarks.asking import Asked, Asker
from benchmarks.measuring import Say, main
from benchmarks.plots import Bars
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import UNCACHED, Workshop, addresses_of, run_in
from tests.faults.machine import Machine

TITLE = "Growth"
HOW = """
Two sites on SQLite, one small and one large, are asked for the same pages in turns within one
process each, without the page cache. A time is what the processor works for a page, the database
included, and the median of several.

| | small | large |
| --- | --- | --- |
| pages, twenty in a section | 100 | 10,000 |
| people, all with a seat today | 8 | 1,000 |
| filings, in up to thirty years | 2 | 300 |
| teachers | 1,000 | 100,000 |
| subscribers | 1,000 | 1,000,000 |

Of the 100,000 teachers, 5,000 are made as samples and the others are copies of these, so the
large directory has no more different names and towns than those. Where a page shows a list whole,
it is measured again with the people of whom all but the first have left.
""".strip()
BAR, SEARCH_BAR = 1.5, 3.0
SMALL_SUBSCRIBERS = 1000
FEW_SEATED = "leadership, all but 8 have left"


def measure(workshop: Workshop, say: Say, *, rounds: int = 2) -> Section:
    """Return how much longer each page takes on a large site than on a small one."""
    section = Section(TITLE, HOW)
    with workshop.site(**UNCACHED) as small, workshop.site(**UNCACHED) as large:
        paths = addresses_of(small)
        run_in(small, "-m", "benchmarks.growing", "--subscribers", str(SMALL_SUBSCRIBERS))
        say("making the large site (a minute or two)")
        began = time.monotonic()
        run_in(large, "-m", "benchmarks.growing")
        section.notes.append(f"Making the large site took {time.monotonic() - began:.0f} s.")
        say("asking both in turns")
        asked = _ask_both(small, large, paths, rounds)
        run_in(large, "-m", "benchmarks.growing", "--end-seats")
        say("asking again, when most people have left")
        few = {FEW_SEATED: paths["leadership"]}
        asked |= _ask_both(small, large, few, rounds)
    rows, ratios = [], []
    for name, (least, most) in asked.items():
        ratio = statistics.median(
            one.milliseconds / other.milliseconds for one, other in zip(most, least, strict=True)
        )
        section.bars.append(Bar(f"growth, {name}: large : small", ratio, _limit(name), "times"))
        ratios.append((name, ratio))
        times = (f"{_median(least):.1f} ms", f"{_median(most):.1f} ms")
        queries = (least[-1].queries, most[-1].queries)
        sizes = [f"{asked[-1].size / 1000:.0f} KB" for asked in (least, most)]
        rows.append((name, *times, ratio, *queries, *sizes))
    heads = ("page", "small", "large", "ratio", "queries, small", "large", "size, small", "large")
    section.tables.append(Table(heads, rows))
    section.plots.append(
        Bars(
            "growth",
            "How many times longer a page takes on the large site",
            "times; search and directory are asked for 3",
            ratios,
            limit=BAR,
            limits={name: _limit(name) for name in asked},
        )
    )
    return section


def _ask_both(
    small: Machine, large: Machine, paths: Mapping[str, str], rounds: int
) -> dict[str, tuple[list[Asked], list[Asked]]]:
    found: dict[str, tuple[list[Asked], list[Asked]]] = {name: ([], []) for name in paths}
    with Asker(small) as one, Asker(large) as other:
        for _round in range(rounds):
            for name, path in paths.items():
                found[name][0].append(one.ask(path))
                found[name][1].append(other.ask(path))
    return found


def _limit(name: str) -> float:
    return SEARCH_BAR if name.startswith(("search", "directory")) else BAR


def _median(asked: list[Asked]) -> float:
    return statistics.median(one.milliseconds for one in asked)


if __name__ == "__main__":
    main(measure)
