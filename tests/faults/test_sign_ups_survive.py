"""What visitors were told is stored is stored, whatever is killed meanwhile.

The long run, 10,000 sign-ups with everything killed every two seconds, is in
benchmarks/sign_ups.py; this is a short form of it.
"""

import shutil
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.cmsc_site.smtp_server import SmtpServer
from tests.faults import kill_run
from tests.faults.machine import Machine, killed_at_the_end

pytestmark = [pytest.mark.own_site, pytest.mark.django_db]


@pytest.fixture
def mail_server():
    return SmtpServer()


@pytest.fixture
def machine(tmp_path, mail_server, filled_database) -> Machine:
    """A site of its own, with the first content."""
    (tmp_path / "static").mkdir()
    shutil.copy(filled_database, tmp_path / "site.sqlite3")
    url = f"sqlite:///{tmp_path}/site.sqlite3"
    return Machine(tmp_path, url, mail_server.port, web_workers=1)


def recipients(mail_server: SmtpServer) -> list[str]:
    return [one for mail in mail_server.received for one in mail.recipients]


def test_no_sign_up_is_lost_while_web_and_worker_are_killed(machine, mail_server, no_event_loop):
    with mail_server:
        outcome = kill_run.run(
            machine,
            [f"reader{n}@example.org" for n in range(150)],
            lambda: recipients(mail_server),
            seconds_between_kills=1,
            most_seconds=90,
        )
    assert len(outcome.acknowledged) == 150
    assert outcome.kills >= 1
    assert not outcome.lost
    assert outcome.repeated <= outcome.kills


def test_one_address_posted_fifty_times_at_once_is_one_row_and_one_mail(machine):
    with killed_at_the_end() as processes, ThreadPoolExecutor(50) as pool:
        processes.append(machine.start_web())
        machine.wait_until_it_answers()
        statuses = Counter(pool.map(machine.sign_up, ["ana@example.org"] * 50))
    assert statuses == {303: 50}
    with closing(sqlite3.connect(machine.var / "site.sqlite3")) as database:
        rows = [
            database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("newsletter_subscriber", "post_office_email")
        ]
    assert rows == [1, 1]
