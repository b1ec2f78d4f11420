"""What the site's processes need: memory, time to start, work at rest.

`python -m benchmarks.processes`; `--requests 100000` asks for more.
"""

import http.client
import os
import shutil
import statistics
import time
from pathlib import Path

from benchmarks.load import ask_mixed
from benchmarks.measuring import Say, main
from benchmarks.plots import Lines
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import Workshop, addresses_of, serving, workers_of
from tests.faults.machine import Machine, killed_at_the_end

TITLE = "Processes"
HOW = """
Memory is what Linux counts for a process: PSS shares what several processes have in common among
them, USS is what ends with the process. The requests are for every page type in turns; one in
twenty-three is a search that was never asked before, so that it is made anew. The first answer is
for the home page, by a server that was just started with every cache empty. Rest is the time that
a processor works for a process while nobody asks for anything.
""".strip()
MOST_MEMORY = 200  # MB
MOST_GROWTH = 10  # MB from a quarter of the requests to the last, which is called flat
MOST_REST = 1.0  # percent of one processor
STEPS = 4
STARTS = 3


def measure(
    workshop: Workshop, say: Say, *, requests: int = 20_000, rest_seconds: int = 6
) -> Section:
    """Return what the processes need."""
    section = Section(TITLE, HOW)
    with workshop.site() as site:
        say("starting the server with every cache empty")
        starts = [_start(site) for _number in range(STARTS)]
        with serving(site) as server, killed_at_the_end() as others:
            others.append(site.start_worker())
            workers = workers_of(server)
            say(f"{requests:,} requests, looking at the memory")
            after, sizes = _ask(site, workers, requests, workshop.folder)
            say("looking at processes at rest")
            time.sleep(5)  # what follows a start and much work is over
            rest = {
                "web process": _work(workers, rest_seconds),
                "worker": _work([others[0].pid], rest_seconds),
            }
            worker_memory = memory(others[0].pid)
    most = max(pss for at in sizes for pss, _uss in at)
    growth = max(last[0] - first[0] for first, last in zip(sizes[1], sizes[-1], strict=True))
    section.bars += [
        Bar(f"memory of a web process after {after[-1]:,} requests", most, MOST_MEMORY, "MB"),
        Bar(f"growth of that memory after the first {after[1]:,}", growth, MOST_GROWTH, "MB"),
        *(Bar(f"{name} at rest", percent, MOST_REST, "%") for name, percent in rest.items()),
    ]
    rows = [
        (f"{count:,}", *(f"{pss:.0f} MB, {uss:.0f} MB" for pss, uss in at))
        for count, at in zip(after, sizes, strict=True)
    ]
    heads = ["after requests", *(f"web process {n}: PSS, USS" for n in range(1, len(workers) + 1))]
    section.tables.append(Table(heads, rows))
    listening, first, second = (statistics.median(column) for column in zip(*starts, strict=True))
    facts = [
        ("from the command to the first answer (/healthz)", f"{listening:.2f} s"),
        ("first home page, every cache empty", f"{1000 * first:.0f} ms to the first byte"),
        ("second home page", f"{1000 * second:.1f} ms to the first byte"),
        ("memory of the worker (PSS)", f"{worker_memory[0]:.0f} MB"),
    ]
    section.tables.append(Table(("start and worker", "median"), facts))
    series = [
        (f"process {number + 1}", [at[number][0] for at in sizes]) for number in range(len(workers))
    ]
    title, unit = "Memory of each web process", f"MB (PSS); dashed: at most {MOST_MEMORY}"
    section.plots.append(Lines("memory", title, unit, "requests", after, series, MOST_MEMORY))
    return section


def memory(process: int) -> tuple[float, float]:
    """Return how many MB a process takes: PSS and USS."""
    sizes = dict.fromkeys(("Pss", "Private_Clean", "Private_Dirty"), 0.0)
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        name, _colon, rest = line.partition(":")
        if name in sizes:
            sizes[name] = int(rest.split()[0]) / 1024
    return sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"]


def _start(site: Machine) -> tuple[float, float, float]:
    """Return the seconds to the first answer, and to the first bytes of the home page, twice."""
    for cache in ("cache", "pages"):
        shutil.rmtree(site.var / cache, ignore_errors=True)
    began = time.monotonic()
    with serving(site):
        answered = time.monotonic() - began
        times = []
        connection = http.client.HTTPConnection("localhost", site.port)
        for _again in range(2):
            asked = time.monotonic()
            connection.request("GET", "/")
            answer = connection.getresponse()
            times.append(time.monotonic() - asked)
            answer.read()
        connection.close()
    return answered, *times


def _ask(
    site: Machine, workers: list[int], requests: int, folder: Path
) -> tuple[list[int], list[list[tuple[float, float]]]]:
    """Return after how many requests it was looked, and each process's memory then."""
    paths = [path for path in addresses_of(site).values() if "?" not in path]
    mixed = [*paths * 4, "/teachers/?q=aNUMBER", "/search/?q=bNUMBER"]
    origin, count = f"http://localhost:{site.port}", 0
    ask_mixed(origin, paths, 1, folder)
    after, sizes = [0], [[memory(worker) for worker in workers]]
    for step in range(1, STEPS + 1):
        while count < requests * step / STEPS:
            count += ask_mixed(origin, mixed, 1, folder)
        after.append(count)
        sizes.append([memory(worker) for worker in workers])
    return after, sizes


def _work(processes: list[int], seconds: int) -> float:
    """Return how many percent of one processor the busiest works while nothing is asked."""
    before = [_seconds_of_work(process) for process in processes]
    time.sleep(seconds)
    after = [_seconds_of_work(process) for process in processes]
    return max(100 * (b - a) / seconds for a, b in zip(before, after, strict=True))


def _seconds_of_work(process: int) -> float:
    """Return how long processors worked for a process and those that it started."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(measure)
