"""`make bench`: everything once, in under ten minutes, into `results.md` and `plots/`.

`python -m benchmarks pages growth` measures these alone and writes nothing.
"""

import sys
import time
from collections.abc import Sequence

from benchmarks import (
    connections,
    downloads,
    filings,
    freshness,
    growth,
    imports,
    pages,
    places,
    processes,
    sign_ups,
    teachers,
)
from benchmarks.progress import Progress, at_most
from benchmarks.results import HERE, Section, missed, not_measured, write
from benchmarks.sites import Workshop, kinds, workshop

# Each with how it is asked for here, and after how many seconds it is given up.
MEASUREMENTS = {
    "pages": (pages, {"rounds": 3}, 300),
    "growth": (growth, {}, 300),
    "processes": (processes, {}, 120),
    "freshness": (freshness, {"rounds": 2, "storms": 2}, 90),
    "connections": (connections, {}, 60),
    "sign_ups": (sign_ups, {"only": "SQLite", "rounds": 2, "asked": 60}, 120),
    "downloads": (downloads, {"rounds": 3, "seconds": 1}, 60),
    "filings": (filings, {}, 60),
    "places": (places, {"only": "SQLite"}, 90),
    "teachers": (teachers, {"only": "SQLite"}, 90),
    "imports": (imports, {"only": "SQLite"}, 90),
}
LONGEST_REASON = 300  # characters


def main(names: Sequence[str] = ()) -> int:
    """Measure what is named, or everything; return 1 where a bar was missed."""
    wanted = {name: MEASUREMENTS[name] for name in names or MEASUREMENTS}
    progress = Progress(len(wanted))
    with workshop(progress.say) as made:
        progress.title = "sites"
        made.make(*kinds())
        sections = [_measure(name, made, progress) for name in wanted]
    if names:
        print("\n".join(section.markdown() for section in sections))
        return int(bool(missed(sections)))
    failed = write(sections)
    for bar in missed(sections):
        print(f"{bar.name}: {bar.seen}, asked for {bar.asked}", file=sys.stderr)
    print(f"Written to {HERE / 'results.md'}", file=sys.stderr)
    return failed


def _measure(name: str, made: Workshop, progress: Progress) -> Section:
    module, options, seconds = MEASUREMENTS[name]
    progress.begin(module.TITLE)
    began = time.monotonic()
    try:
        with at_most(seconds):
            section = module.measure(made, progress.say, **options)
    except Exception as error:  # the others are still worth their time
        progress.say(f"failed: {error!r}")
        why = f"It could not be measured: {type(error).__name__}: {error}"
        return not_measured(module.TITLE, why[:LONGEST_REASON])
    section.seconds = time.monotonic() - began
    return section


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
