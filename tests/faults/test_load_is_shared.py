"""As many visitors as the site has threads, all at once, in whichever process there is room."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from gunicorn.workers.gthread import ThreadWorker

from cmsc_site.web_worker import EvenThreadWorker
from tests.faults.machine import PATIENCE, ROOT, free_port, killed_at_the_end

PROCESSES, THREADS = 2, 4
VISITORS = PROCESSES * THREADS


@pytest.fixture
def port(tmp_path: Path):
    """The port of a server whose processes all listen."""
    port = free_port()
    own = {
        "PORT": str(port),
        "WEB_WORKERS": str(PROCESSES),
        "WEB_THREADS": str(THREADS),
        "MEETING": str(tmp_path),
        "EXPECTED": str(VISITORS),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    with killed_at_the_end() as processes:
        processes.append(
            subprocess.Popen(
                [*command, "tests.faults.meeting:application"],
                cwd=ROOT,
                env={**os.environ, **own},
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        _wait_until_all_listen(port)
        yield port


def _wait_until_all_listen(port: int) -> None:
    end, seen = time.monotonic() + PATIENCE, set()
    while len(seen) < PROCESSES:
        assert time.monotonic() < end, f"only {seen} answer"
        with contextlib.suppress(OSError):
            seen.add(_ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/")[1])


def _ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_visitors_who_come_at_once_are_shared_among_the_processes(port: int):
    """All connections are open before anything is asked, as a browser's or a proxy's are."""
    connections = [
        http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _number in range(VISITORS)
    ]
    for connection in connections:
        connection.connect()
    with ThreadPoolExecutor(VISITORS) as visitors:
        answers = list(visitors.map(_ask, connections, ["/meet"] * VISITORS))
    statuses, processes = zip(*answers, strict=True)
    assert statuses == (200,) * VISITORS
    assert [processes.count(process) for process in set(processes)] == [THREADS] * PROCESSES


@pytest.mark.parametrize("name", ["accept", "enqueue_req", "set_accept_enabled"])
def test_gunicorn_still_has_what_the_worker_rests_on(name: str):
    """Each is called by gunicorn's own loop, whose next version may do without."""
    assert callable(getattr(ThreadWorker, name))
    assert issubclass(EvenThreadWorker, ThreadWorker)
