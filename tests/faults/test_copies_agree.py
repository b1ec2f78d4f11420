"""Web processes of one machine give out copies of pages; what is published is in all at once."""

import http.client
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.machine import ROOT, Machine, killed_at_the_end

pytestmark = [pytest.mark.own_site, pytest.mark.django_db]

WORKERS = 2
PATH = "/sitemap.xml"  # which needs no static files
PUBLISH = """
import django
django.setup()
from pages.models import HomePage, StandardPage
page = HomePage.objects.get().add_child(instance=StandardPage(title="Sample", slug={slug!r}))
page.save_revision().publish()
"""


@pytest.fixture
def machine(tmp_path, filled_database):
    """A site with several web processes."""
    database = tmp_path / "site.sqlite3"
    shutil.copy(filled_database, database)
    machine = Machine(tmp_path, f"sqlite:///{database}", mail_port=9, web_workers=WORKERS)
    (tmp_path / "static").mkdir()
    with killed_at_the_end() as processes:
        processes.append(machine.start_web())
        machine.wait_until_it_answers()
        yield machine


def ask(machine) -> tuple[str, str]:
    """Return what the page's address answers over a connection of its own, and from where."""
    connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=60)
    try:
        connection.request("GET", PATH, headers={"Host": f"localhost:{machine.port}"})
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read().decode(), answer.headers["Cache-Status"]
    finally:
        connection.close()


def publish(machine, slug) -> None:
    """Publish a page from a process that is no web process."""
    subprocess.run(
        [sys.executable, "-c", PUBLISH.format(slug=slug)],
        cwd=ROOT,
        env={**os.environ, **machine.environment},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def times_made(machine) -> int:
    """Return how often a process made the page, as the log tells."""
    lines = (machine.var / "web.log").read_text().splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    return sum(row.get("path") == PATH and row["status"] == 200 for row in rows)


def test_what_is_published_is_in_every_process_at_the_next_request(machine):
    for number in range(3):
        publish(machine, f"sample-{number}")
        answers = [ask(machine) for _ in range(20)]
        assert all(f"/sample-{number}/" in text for text, _status in answers)
        assert {status for _text, status in answers} == {"page; fwd=miss; stored", "page; hit"}


def test_many_who_ask_at_once_have_the_page_made_once_in_a_process(machine):
    publish(machine, "sample-storm")
    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(lambda _n: ask(machine), range(200)))
    assert all("/sample-storm/" in text for text, _status in answers)
    assert 1 <= times_made(machine) <= WORKERS
