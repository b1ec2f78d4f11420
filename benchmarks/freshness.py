"""Whether what was published is there at once, and made once: `python -m benchmarks.freshness`."""

import http.client
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

from benchmarks.counted import counts
from benchmarks.measuring import Say, main
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import Workshop, addresses_of, run_in, serving_other, workers_of
from tests.faults.machine import ROOT, Machine

TITLE = "Fresh at once, and made once"
HOW = """
Real processes: a web server of three processes, and another process that publishes a page by
Wagtail. Connections that stay open lead to each web process (Linux says which process holds
which). When the other process has committed, the next request on every connection must show the
new words. Then many requests come at once for a page that no process has, and each process may
make it once; whoever asks meanwhile gets the former page or waits for the new one.
""".strip()
WORKERS = 3
CONNECTIONS = 40
PUBLISH = """
import time
from pages.models import StandardPage
page = StandardPage.objects.get(slug="sample-blocks").specific
page.title = "{title}"
page.save_revision().publish()
"""


def measure(
    workshop: Workshop, say: Say, *, rounds: int = 3, at_once: int = 200, storms: int = 3
) -> Section:
    """Return whether published words were stale anywhere, and how often a page was made."""
    section = Section(TITLE, HOW)
    with workshop.site(workers=WORKERS) as site, _serving_counted(site) as workers:
        path = addresses_of(site)["text with every block"]
        stale = asked = 0
        times: list[float] = []
        for number in range(rounds):
            say(f"publishing and asking every process ({number + 1} of {rounds})")
            one_stale, one_times = _publish_and_ask(site, workers, path, number)
            stale, asked = stale + one_stale, asked + len(one_times)
            times += one_times
        worst, statuses, slowest = 0, Counter(), 0.0
        for number in range(storms):
            say(f"{at_once} requests at once ({number + 1} of {storms})")
            run_in(site, "manage.py", "shell", "-c", PUBLISH.format(title=f"Storm {number}"))
            before = counts(site.var)
            storm, seconds = _storm(site, path, at_once, f"Storm {number}")
            statuses, slowest = statuses + storm, max(slowest, seconds)
            made = counts(site.var)
            worst = max([worst, *(made[one] - before.get(one, 0) for one in made)])
    section.bars += [
        Bar(f"former words after publishing, of {asked} answers from every process", stale, 0),
        Bar(f"times one process made a page asked for {at_once} times at once", worst, 1),
        Bar("of these, answers that were not a whole page", statuses["failed"], 0),
    ]
    rows = [
        ("first answer of a connection after publishing, median", f"{1000 * _mid(times):.1f} ms"),
        (f"the last of {at_once} requests at once was answered after", f"{slowest:.2f} s"),
        ("what they got", ", ".join(f"{words}: {count}" for words, count in statuses.items())),
    ]
    section.tables.append(Table(("seen", ""), rows))
    return section


def _mid(times: list[float]) -> float:
    return statistics.median(times) if times else 0.0


@contextmanager
def _serving_counted(site: Machine) -> Iterator[list[int]]:
    """Serve the site with its pages counted; give the web processes."""
    application = "benchmarks.counted:application()"
    with serving_other(application, ROOT, site.environment, log=site.var / "web.log") as server:
        site.wait_until_it_answers()
        workers = workers_of(server)
        yield workers


def _publish_and_ask(
    site: Machine, workers: list[int], path: str, number: int
) -> tuple[int, list[float]]:
    """Publish in another process; return how many got former words, and what answers took."""
    connections = []
    for _number in range(CONNECTIONS):
        connection = http.client.HTTPConnection("localhost", site.port, timeout=20)
        connection.request("GET", path)
        connection.getresponse().read()
        connections.append(connection)
    title = f"Published {number}"
    run_in(site, "manage.py", "shell", "-c", PUBLISH.format(title=title))
    reached = _processes_reached(site.port, workers)
    stale, times = 0, []
    for connection in connections:
        began = time.monotonic()
        connection.request("GET", path)
        body = connection.getresponse().read().decode()
        times.append(time.monotonic() - began)
        stale += f"<title>{title}" not in body
        connection.close()
    if reached != set(workers):
        raise RuntimeError("the connections did not lead to every process")
    return stale, times


def _processes_reached(port: int, workers: list[int]) -> set[int]:
    """Return those of the processes that hold a connection at the port."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "01" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    return {
        worker
        for worker in workers
        if any(str(_target(entry)) in inodes for entry in Path(f"/proc/{worker}/fd").iterdir())
    }


def _target(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:
        return ""


def _storm(site: Machine, path: str, count: int, title: str) -> tuple[Counter[str], float]:
    """Ask that often at once; return what came, by a word, and when the last was answered."""
    barrier = Barrier(count)
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{site.port}\r\nConnection: close\r\n\r\n"

    def ask(_number: int) -> tuple[str, float]:
        with socket.create_connection(("127.0.0.1", site.port), timeout=60) as connection:
            barrier.wait(timeout=60)
            began = time.monotonic()
            connection.sendall(request.encode())
            answer = b""
            while part := connection.recv(65536):
                answer += part
        return _word(answer.decode(), title), time.monotonic() - began

    with ThreadPoolExecutor(count) as pool:
        came = list(pool.map(ask, range(count)))
    return Counter(word for word, _seconds in came), max(seconds for _word, seconds in came)


def _word(answer: str, title: str) -> str:
    if not answer.startswith("HTTP/1.1 200") or "</html>" not in answer:
        return "failed"
    return "new" if f"<title>{title}" in answer else "former"


if __name__ == "__main__":
    main(measure)
