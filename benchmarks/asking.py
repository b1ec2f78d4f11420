"""Pages asked for within one process, for their time and their queries without a server's noise.

`Asker` starts `python -m benchmarks.asking` in a site's environment and asks through it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from tests.faults.machine import ROOT, Machine

TIMES = 5


@dataclass(frozen=True)
class Asked:
    """What a page took: milliseconds of the processor, queries to the database, bytes."""

    milliseconds: float
    queries: int
    size: int


class Asker:
    """A process that asks one site for pages.

    The time is the processor's, which other work on the machine changes little; SQLite works in
    the same process, so its part is counted too.
    """

    def __init__(self, machine: Machine) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.asking"],
            cwd=ROOT,
            env=machine.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Asker":
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()

    def ask(self, path: str) -> Asked:
        """Return the median time of several requests after one more, and the queries of one."""
        self._process.stdin.write(path + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line.startswith("{"):
            raise RuntimeError(f"{path} could not be asked for")
        said = json.loads(line)
        if said["status"] != 200:
            raise RuntimeError(f"{path} answered {said['status']}")
        return Asked(said["milliseconds"], said["queries"], said["size"])


def _answer_questions() -> None:
    import logging
    import os
    import statistics
    import time

    import django

    django.setup()

    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    logging.disable(logging.CRITICAL)
    client = Client(headers={"host": "localhost"})
    for line in sys.stdin:
        path, times = line.strip(), []
        for _number in range(2):  # fills the caches
            client.get(path)
        if os.environ.get("FORGET"):
            for cache in caches.all():
                cache.clear()
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        queries = len(captured)  # forgotten by the next request
        for _number in range(TIMES):
            began = time.process_time()
            client.get(path)
            times.append(1000 * (time.process_time() - began))
        said = {
            "milliseconds": statistics.median(times),
            "queries": queries,
            "status": answer.status_code,
            "size": len(answer.content),
        }
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    _answer_questions()
