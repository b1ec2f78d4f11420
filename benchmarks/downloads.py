"""How fast a 5 MB file leaves gunicorn through the whole site: `python -m benchmarks.downloads`."""

import http.client
import os
import re
import secrets
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.load import CONNECTIONS, requests_a_second
from benchmarks.measuring import Say, main
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import Workshop, run_in, serving, serving_other, workers_of
from tests.faults.machine import Machine, free_port

TITLE = "Downloads"
SIZE = 5 * 1024 * 1024
HOW = f"""
A filing of 5 MB is asked for whole over {CONNECTIONS} connections, in turns with a bare WSGI
function that gives the same file to gunicorn and does nothing else.
""".strip()
BAR = 0.7
MOST_GROWTH = 16  # MB of both web processes together, however many files were sent
ADDRESS = "/about/financials/2019/benchmark.pdf"


def bare() -> Callable:
    """Return a WSGI application that gives the file to the server, and does nothing else."""
    path = Path(os.environ["VAR_DIR"]) / "benchmark.pdf"

    def application(environ: dict, start_response: Callable) -> object:
        headers = [("Content-Type", "application/pdf"), ("Content-Length", str(SIZE))]
        start_response("200 OK", headers)
        return environ["wsgi.file_wrapper"](path.open("rb"))

    return application


def measure(workshop: Workshop, say: Say, *, rounds: int = 3, seconds: int = 2) -> Section:
    """Return how the site does beside the bare function."""
    section = Section(TITLE, HOW)
    with workshop.site() as site:
        path = site.var / "benchmark.pdf"
        path.write_bytes(secrets.token_bytes(SIZE))
        run_in(site, "-m", "benchmarks.downloads", "--file")
        port = free_port()
        environment = {**site.environment, "PORT": str(port)}
        folder = Path(__file__).resolve().parents[1]
        with (
            serving(site) as server,
            serving_other(
                "benchmarks.downloads:bare()", folder, environment, log=site.var / "bare.log"
            ),
        ):
            _check_bytes(site, path)
            origins = {"bare function": f"http://localhost:{port}"}
            origins["site"] = f"http://localhost:{site.port}"
            say("asking both in turns")
            rates: dict[str, list[float]] = {name: [] for name in origins}
            for origin in origins.values():
                requests_a_second(origin + ADDRESS, 1)
            before = _memory(server)
            for _round in range(rounds):
                for name, origin in origins.items():
                    rates[name].append(requests_a_second(origin + ADDRESS, seconds))
            after = _memory(server)
    pairs = zip(rates["site"], rates["bare function"], strict=True)
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    section.bars += [
        Bar("download : bare function", ratio, BAR, at_least=True),
        Bar("growth of the web processes meanwhile", max(0.0, after - before), MOST_GROWTH, "MB"),
    ]
    rows = []
    for name, measured in rates.items():
        rate = statistics.median(measured)
        rows.append((name, rate, f"{rate * SIZE / 1e6:,.0f} MB/s"))
    section.tables.append(Table(("5 MB", "files a second", "bytes"), rows))
    return section


def _file_a_report() -> None:
    """Publish the file as a filing of the site, as if it had passed the check."""
    import django

    django.setup()

    from tests.factories import FilingFactory, FilingFileFactory

    content = (Path(os.environ["VAR_DIR"]) / "benchmark.pdf").read_bytes()
    FilingFactory(fiscal_year=2019, slug="benchmark", file=FilingFileFactory(content=content))


def _check_bytes(site: Machine, path: Path) -> None:
    """Stop unless the file comes as it is."""
    connection = http.client.HTTPConnection("localhost", site.port)
    connection.request("GET", ADDRESS)
    if connection.getresponse().read() != path.read_bytes():
        raise RuntimeError("What came is not the file.")
    connection.close()


def _memory(server) -> float:
    """Return how much memory the web processes hold together, in MB."""
    statuses = [Path(f"/proc/{one}/status").read_text() for one in workers_of(server)]
    return sum(int(re.search(r"VmRSS:\s*(\d+)", status)[1]) for status in statuses) / 1024


if __name__ == "__main__":
    if "--file" in sys.argv:
        _file_a_report()
    else:
        main(measure)
