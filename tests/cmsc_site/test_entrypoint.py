"""The container's start script, run as the container runs it, on an empty disk."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.own_site
SCRIPT = settings.BASE_DIR / "deploy" / "entrypoint.sh"


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> dict[str, str]:
    """The environment of a machine with an empty disk, one for all tests of this file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    folder = tmp_path_factory.mktemp("machine")
    collected = folder / "collected" / "static"
    (collected / "css").mkdir(parents=True)
    (collected / "css" / "site.0123456789ab.css").write_text("body{}")
    (collected / "staticfiles.json").write_text(json.dumps({"paths": {}, "version": "1.1"}))
    return {
        "PATH": os.environ["PATH"],
        "PYTHON": sys.executable,
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": settings.SECRET_KEY,
        "SITE_URL": f"http://localhost:{port}",
        "DATABASE_URL": f"sqlite:///{folder}/var/site.sqlite3",
        "VAR_DIR": str(folder / "var"),
        "COLLECTED_STATIC": str(collected),
        "SAMPLE_CONTENT": "off",
        "DEBUG": "off",
        "WEB_WORKERS": "1",
        "PORT": port,
    }


@contextmanager
def started(machine: dict[str, str], *arguments: str):
    """Start the script, give the process, and see that it ends well when it is told to."""
    process = subprocess.Popen(
        [SCRIPT, *arguments],
        env=machine,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
        process.terminate()
        process.communicate(timeout=30)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen, words: str) -> str:
    """Return what the process writes up to the line that has `words`; fail when it ends first."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError(f"it ended without {words!r}:\n{''.join(lines)}")


@dataclass
class FirstStart:
    """What was seen when worker and web process started together on the empty disk."""

    worker_waited: bool
    web_wrote: str
    health_check: int
    ready: int


@pytest.fixture(scope="module")
def first_start(machine) -> FirstStart:
    """Start the worker, then the web process, as on a new server; it takes most of a minute."""
    with started(machine, "worker") as worker:
        waited = read_until(worker, "waiting for the database")
        with started(machine, "web") as web:
            written = read_until(web, "Booting worker")
            read_until(worker, "worker started")
            ready = f"http://127.0.0.1:{machine['PORT']}/readyz"
            with urllib.request.urlopen(ready, timeout=30) as answer:
                return FirstStart(bool(waited), written, check_health(machine), answer.status)


def check_health(machine: dict[str, str]) -> int:
    """Return how the image's health check ends."""
    command = [sys.executable, "deploy/healthcheck.py"]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=machine, timeout=30).returncode


def test_the_worker_waits_for_the_tables_which_the_web_process_makes(first_start):
    assert first_start.worker_waited
    assert "Bringing the database up to date" in first_start.web_wrote
    assert "Loaded" in first_start.web_wrote


def test_once_started_it_is_well_and_ready(first_start):
    assert first_start.health_check == 0
    assert first_start.ready == 200


def test_the_health_check_fails_where_nobody_answers(machine):
    assert check_health(machine | {"PORT": "1"}) == 1


def test_nobody_is_given_a_password_in_the_log(first_start):
    assert "password" not in first_start.web_wrote


def test_a_second_start_finds_everything_done_and_keeps_older_static_files(machine, first_start):
    published = Path(machine["VAR_DIR"]) / "static" / "css"
    published.joinpath("site.older.css").write_text("body{}")
    with started(machine, "web") as web:
        written = read_until(web, "Booting worker")
    assert "Bringing the database" not in written
    assert "nothing to do" in written
    assert {file.name for file in published.iterdir()} == {
        "site.0123456789ab.css",
        "site.older.css",
    }


def test_the_workers_log_is_json_line_by_line(machine, first_start):
    with started(machine, "worker") as worker:
        lines = read_until(worker, "worker started").splitlines()
    assert {json.loads(line)["level"] for line in lines} == {"INFO"}


def test_anything_else_is_a_command_of_the_site(machine):
    answer = subprocess.run(
        [SCRIPT, "version"], env=machine, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0
    assert re.fullmatch(r"5\.2(\.\d+)?", answer.stdout.strip())


@pytest.mark.parametrize("way", ["web", "worker"])
def test_wrong_settings_end_it_with_the_sentence_that_names_them(machine, way):
    broken = machine | {"SITE_URL": "http://www.example.org"}
    answer = subprocess.run([SCRIPT, way], env=broken, capture_output=True, text=True, timeout=60)
    assert answer.returncode != 0
    assert "SITE_URL is 'http://www.example.org'" in answer.stderr
    assert "Traceback" not in answer.stderr
