"""Pages against references in the same run: `python -m benchmarks.pages`."""

import statistics
from contextlib import ExitStack
from dataclasses import replace

from benchmarks.asking import Asker
from benchmarks.load import CONNECTIONS, requests_a_second, warm
from benchmarks.measuring import Say, main
from benchmarks.plots import Bars
from benchmarks.reference import bare_function, start_wagtail_site, wagtail_site
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import UNCACHED, Workshop, addresses_of, kinds, serving
from tests.faults.machine import Machine, free_port

TITLE = "Pages against references"
HOW = f"""
Each page is asked for over {CONNECTIONS} connections that stay open, as fast as answers come. All
servers are gunicorn by this site's `gunicorn.conf.py` (two processes of four threads). They are
asked in turns, the fresh Wagtail site before every three pages, and a ratio is the median of the
ratios of each turn, so that a noisy machine disturbs both sides alike.

- *bare function*: a WSGI function that returns the same bytes with the same headers.
- *fresh Wagtail site*: the home page of a site just made by `wagtail start`, with DEBUG off: one
  page without menu or content, on SQLite.
- *cached*: as visitors get it. *Uncached*: with `PAGE_CACHE_MB=0`, so that each answer is made
  anew; the templates are compiled, and what pages share is remembered as it is on a running site.

Searches (of the site, or of the directory by place or name) are no page types: they are in the
tables, but what is asked of them in milliseconds is among the teachers and in the growth.
""".strip()
CACHED_BAR, CACHED_TIMES_BAR = 0.70, 15
HOME_BAR, HOME_QUERIES, PAGE_BAR = 0.60, 8, 0.35
FRESH = "fresh Wagtail site"
BESIDE = 3  # pages that are compared with one asking of the reference
BROWSER = "gzip, deflate, br"


def measure(workshop: Workshop, say: Say, *, rounds: int = 3, seconds: int = 1) -> Section:
    """Return what pages do beside the references."""
    section = Section(TITLE, HOW)
    say("making a fresh Wagtail site")
    folder = workshop.folder / "fresh"
    environment = start_wagtail_site(folder)
    with wagtail_site(folder, environment) as fresh:
        _cached(section, workshop, say, fresh, 2 * seconds, rounds + 1)
        for kind in kinds():
            _uncached(section, workshop, say, fresh, kind, seconds, rounds)
    return section


def _cached(
    section: Section, workshop: Workshop, say: Say, fresh: str, seconds: int, rounds: int
) -> None:
    with ExitStack() as stack:
        site = stack.enter_context(workshop.site())
        stack.enter_context(serving(site))
        page = f"http://localhost:{site.port}/"
        bare = stack.enter_context(bare_function(workshop.folder / "bare", page))
        short = stack.enter_context(bare_function(workshop.folder / "bare-br", page, BROWSER))
        coded = {"Accept-Encoding": BROWSER}
        asked = {
            FRESH: (fresh, None),
            "bare function": (bare, None),
            "cached home page": (page, None),
            "bare function, compressed": (short, coded),
            "cached home page, compressed": (page, coded),
        }
        say("cached pages")
        rates = _in_turns(asked, seconds, rounds)
    plain = _ratio(rates["cached home page"], rates["bare function"])
    coded_ratio = _ratio(rates["cached home page, compressed"], rates["bare function, compressed"])
    times = _ratio(rates["cached home page"], rates[FRESH])
    section.bars += [
        Bar("cached page : bare function", plain, CACHED_BAR, at_least=True),
        Bar("the same, compressed (brotli)", coded_ratio, CACHED_BAR, at_least=True),
        Bar(f"cached page : {FRESH}", times, CACHED_TIMES_BAR, "times", at_least=True),
    ]
    rows = [(name, statistics.median(measured)) for name, measured in rates.items()]
    section.tables.append(Table(("cached pages", "answers a second"), rows))
    section.plots.append(Bars("cached", "Cached pages", "answers a second", rows))


def _uncached(
    section: Section, workshop: Workshop, say: Say, fresh: str, kind: str, seconds: int, rounds: int
) -> None:
    with workshop.site(kind, **UNCACHED) as site:
        paths = addresses_of(site)
        queries, whole = _queries(site, paths)
        with serving(site):
            origin = f"http://localhost:{site.port}"
            asked: dict[str, tuple] = {}
            beside: dict[str, str] = {}  # the reference that is asked shortly before each page
            for number, (name, path) in enumerate(paths.items()):
                if number % BESIDE == 0:
                    asked[reference := f"{FRESH} {number}"] = (fresh, None)
                beside[name] = reference
                asked[name] = (origin + path, None)
            say(f"uncached pages on {kind}")
            rates = _in_turns(asked, seconds, rounds)
    ratios = {name: _ratio(rates[name], rates[beside[name]]) for name in paths}
    for name, ratio in ratios.items():
        if "?" in paths[name]:
            continue
        bar = HOME_BAR if name == "home" else PAGE_BAR
        words = f"{name}, uncached on {kind} : {FRESH}"
        section.bars.append(Bar(words, ratio, bar, at_least=True))
    home = queries["home"]
    section.bars.append(Bar(f"queries of the home page on {kind}", home, HOME_QUERIES))
    rows = [
        (name, statistics.median(rates[name]), ratios[name], queries[name], whole[name])
        for name in paths
    ]
    references = [rate for name in set(beside.values()) for rate in rates[name]]
    rows.append((f"({FRESH})", statistics.median(references), 1.0, "", ""))
    heads = (f"uncached on {kind}", "answers a second", "ratio", "queries", "queries, no memory")
    section.tables.append(Table(heads, rows))
    section.plots.append(
        Bars(
            f"uncached-{kind.lower()}",
            f"Pages made anew, on {kind}, beside the fresh Wagtail site's",
            "ratio of answers a second; the home page is asked for 0.60",
            list(ratios.items()),
            limit=PAGE_BAR,
            at_least=True,
            limits={"home": HOME_BAR},
        )
    )


def _queries(site: Machine, paths: dict[str, str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return each page's queries as on a running site, and with nothing at all remembered."""
    empty = replace(site, port=free_port(), extra={**site.extra, "FORGET": "on"})
    with Asker(site) as usual, Asker(empty) as forgetful:
        running = {name: usual.ask(path).queries for name, path in paths.items()}
        return running, {name: forgetful.ask(path).queries for name, path in paths.items()}


def _in_turns(asked: dict[str, tuple], seconds: int, rounds: int) -> dict[str, list[float]]:
    """Return the rates of each, one a round, after some requests that are not counted."""
    for address, headers in asked.values():
        warm(address, headers)
    rates: dict[str, list[float]] = {name: [] for name in asked}
    for _round in range(rounds):
        for name, (address, headers) in asked.items():
            rates[name].append(requests_a_second(address, seconds, headers=headers))
    return rates


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    main(measure)
