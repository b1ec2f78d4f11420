"""A worker that is killed while it sends repeats at most the mail in hand."""

import contextlib
import os
import signal
import sqlite3
import time
from collections import Counter

import pytest
from post_office.models import STATUS

from tests.cmsc_site.smtp_server import SmtpServer
from tests.faults.machine import PATIENCE, Machine, killed_at_the_end

QUEUE = """
from post_office.mail import send_many
send_many([
    {"recipients": f"reader{n}@example.org", "sender": "cmsc@example.org",
     "subject": "Welcome", "message": "Hello"} for n in range(30)
])
"""


@pytest.mark.own_site
@pytest.mark.without_database
def test_a_worker_killed_while_it_sends_repeats_that_one_mail_and_loses_none(tmp_path):
    with SmtpServer() as server, killed_at_the_end() as processes:
        machine = Machine(tmp_path, f"sqlite:///{tmp_path}/site.sqlite3", server.port)
        (tmp_path / "static").mkdir()
        machine.manage("prepare")
        machine.manage("shell", "-c", QUEUE)

        def kill_the_worker_once(mail):
            if len(server.received) == 5:
                os.kill(processes[0].pid, signal.SIGKILL)
                processes[0].wait(PATIENCE)

        server.before_answer = kill_the_worker_once
        processes.append(machine.start_worker())
        processes[0].wait(PATIENCE)
        assert len(server.received) == 5
        processes.append(machine.start_worker())
        end = time.monotonic() + PATIENCE
        while waiting(tmp_path / "site.sqlite3"):
            assert time.monotonic() < end, (tmp_path / "worker.log").read_text()
            time.sleep(0.1)
    times = Counter(server.recipients)
    assert set(times) == {f"reader{n}@example.org" for n in range(30)}
    assert {name for name, count in times.items() if count > 1} <= {server.recipients[4]}
    assert max(times.values()) <= 2


def waiting(database) -> int:
    with contextlib.closing(sqlite3.connect(database)) as reader:
        [count] = reader.execute(
            "SELECT count(*) FROM post_office_email WHERE status NOT IN (?, ?)",
            (STATUS.sent, STATUS.failed),
        ).fetchone()
    return count
