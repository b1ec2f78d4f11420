"""How long the check of a PDF and the reading of a return take: `python -m benchmarks.filings`."""

import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import Say, main
from benchmarks.results import Bar, Section
from benchmarks.sites import Workshop, run_in

TITLE = "The check of filings"
RUNS = 7
PAGES = 60
HOW = f"""
A PDF of {PAGES} pages is examined as an upload is, in a process of its own whose memory is
measured too, and a return of the IRS is read as XML. Times are medians of {RUNS} runs.
""".strip()
CHECK_BAR_SECONDS = 2.0
PARSE_BAR_MILLISECONDS = 50
MEMORY_BAR_MB = 512


def measure(workshop: Workshop, say: Say) -> Section:
    """Return what both take."""
    with workshop.site() as site:
        say("checking and reading")
        said = run_in(site, "-m", "benchmarks.filings", "--measure")
    check, memory, parse = json.loads(said.splitlines()[-1])
    section = Section(TITLE, HOW)
    section.bars += [
        Bar(f"check of {PAGES} pages", check, CHECK_BAR_SECONDS, "s"),
        Bar("memory of the check", memory, MEMORY_BAR_MB, "MB"),
        Bar("reading a return", parse, PARSE_BAR_MILLISECONDS, "ms"),
    ]
    return section


def _seconds(work: Callable[[], object]) -> float:
    """Return the median time of several runs."""
    times = []
    for _run in range(RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _measure_here() -> None:
    """Print the figures as JSON; run within a site's environment."""
    import django

    django.setup()

    from finance.examination import examine
    from finance.form990 import read_return
    from finance.placeholder import placeholder_pdf
    from tests.finance.returns import sample_return

    lines = ["Sample words that fill a page of a sample document, again and again. " * 6]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.pdf"
        path.write_bytes(placeholder_pdf("Sample document", lines, PAGES))
        examination = examine(path)
        if examination.findings or examination.pages != PAGES:
            sys.exit(f"the sample was not accepted: {examination.findings}")
        check = _seconds(lambda: examine(path))
    xml = sample_return()
    parse = 1000 * _seconds(lambda: read_return(xml, ein="00-0000000"))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps([check, memory, parse]))


if __name__ == "__main__":
    if "--measure" in sys.argv:
        _measure_here()
    else:
        main(measure)
