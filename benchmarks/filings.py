"""How long the check of a PDF and the reading of a return take: `python -m benchmarks.filings`.

Prints a table; ends with 1 where a bar is missed.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cmsc_site.settings")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks-" + "0123456789abcdef" * 4)

import django

django.setup()

from finance.examination import examine  # noqa: E402
from finance.form990 import read_return  # noqa: E402
from finance.placeholder import placeholder_pdf  # noqa: E402
from tests.finance.returns import sample_return  # noqa: E402

RUNS = 7
PAGES = 60
CHECK_BAR_SECONDS = 2.0
PARSE_BAR_SECONDS = 0.05


def seconds(work) -> float:
    """Return the median time of several runs."""
    times = []
    for _run in range(RUNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> int:
    """Measure both, print what was seen; return 1 where a bar is missed."""
    lines = ["Sample words that fill a page of a sample document, again and again. " * 6]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.pdf"
        path.write_bytes(placeholder_pdf("Sample document", lines, PAGES))
        examination = examine(path)
        if examination.findings or examination.pages != PAGES:
            print(f"the sample was not accepted: {examination.findings}")
            return 1
        check = seconds(lambda: examine(path))
    xml = sample_return()
    parse = seconds(lambda: read_return(xml, ein="00-0000000"))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"| check of {PAGES} pages | {check:.2f} s | bar {CHECK_BAR_SECONDS} s |")
    print(f"| memory of the check | {memory:.0f} MB | bar 512 MB |")
    print(f"| reading a return | {parse * 1000:.2f} ms | bar {PARSE_BAR_SECONDS * 1000:.0f} ms |")
    return int(check > CHECK_BAR_SECONDS or parse > PARSE_BAR_SECONDS or memory > 512)


if __name__ == "__main__":
    sys.exit(main())
