"""A list is brought in whole, whatever is killed meanwhile, and no row twice.

They run on a copy of the tests' own database in a file.
"""

import shutil

import pytest
from django.utils import timezone

from tests.faults.killed_imports import KilledImport
from tests.faults.machine import Machine

pytestmark = [pytest.mark.own_site, pytest.mark.django_db]


@pytest.fixture
def killed_import(tmp_path, filled_database):
    """Return a function that gives an import on a site of its own; `table` is where it stands."""
    database = tmp_path / "site.sqlite3"
    shutil.copy(filled_database, database)
    machine = Machine(tmp_path, f"sqlite:///{database}", mail_port=9)
    return lambda table: KilledImport(machine, database, table)


SUBSCRIBERS = """
import django
django.setup()
from newsletter.import_columns import Columns
from newsletter.import_steps import start
from newsletter.models import SubscriberImport
from pages.transfers.files import examine
from pages.transfers.steps import keep, set_columns
with open({path!r}, "rb") as file:
    one = keep(SubscriberImport, examine(file), original_name="list.csv", by=None)
set_columns(one, vars(Columns(address=0)), has_heads=False)
start(one, consent_source="Sample fair", language="en")
"""


def test_a_worker_killed_again_and_again_loses_no_subscriber_and_reads_none_twice(
    killed_import, tmp_path
):
    rows = 20_000
    listed = "".join(f"reader{number}@example.org\n" for number in range(rows))
    (tmp_path / "list.csv").write_text(listed + "reader7@example.org\nnobody\n")
    one = killed_import("newsletter_subscriberimport")
    one.begin(SUBSCRIBERS.format(path=str(tmp_path / "list.csv")))
    one.run(rows=rows, kills=2)
    assert one.done() == rows + 2
    assert one.ask("SELECT added FROM newsletter_subscriberimport") == rows
    assert one.ask("SELECT count(*) FROM newsletter_subscriber") == rows
    assert one.ask("SELECT count(*) FROM newsletter_consentevent") == rows
    assert one.ask("SELECT count(*) FROM newsletter_importedrow") == 2


TEACHERS = """
import django
django.setup()
from teachers.import_columns import guessed_columns
from pages.transfers.files import examine, read
from pages.transfers.steps import keep, set_columns
from teachers.importing import start
from teachers.models import TeacherImport
with open({path!r}, "rb") as file:
    one = keep(TeacherImport, examine(file), original_name="list.csv", by=None)
set_columns(one, guessed_columns([next(read(one))]), has_heads=True)
one.refresh_from_db()
start(one, empty_clears=False)
"""
# What a teacher who is brought in has, each once: none may be there without the others.
OF_A_TEACHER = {
    "the teacher": "SELECT count(*) FROM teachers_teacher",
    "the entry": "SELECT count(*) FROM teachers_directoryentry",
    "the name's words": "SELECT count(DISTINCT entry_id) FROM teachers_entryword",
    "the history": "SELECT count(*) FROM wagtailcore_modellogentry WHERE action='teachers.import'",
    "the row of the report": "SELECT count(*) FROM teachers_importedteacherrow "
    "WHERE outcome = 'added'",
}


def test_a_worker_killed_again_and_again_leaves_no_teacher_half_done_and_none_twice(
    killed_import, tmp_path
):
    rows = 6_000
    today = f"{timezone.localdate():%Y-%m-%d}"
    lines = [
        f"teacher{number}@example.org,Sample {number},Certified Teacher,yes,{today}\n"
        for number in range(rows)
    ]
    head = "Contact address,Name,Training level,Agreed to be listed,Last confirmed\n"
    (tmp_path / "list.csv").write_text("".join([head, *lines, lines[7], "nobody\n"]))
    one = killed_import("teachers_teacherimport")
    one.begin(TEACHERS.format(path=str(tmp_path / "list.csv")))
    one.run(rows=rows, kills=3, look=lambda: counted(one))
    assert one.done() == rows + 2
    assert one.ask("SELECT added || ' ' || refused FROM teachers_teacherimport") == f"{rows} 2"
    assert counted(one) == rows


def counted(one: KilledImport) -> int:
    """Return how many teachers are there; fail where a part of one is missing."""
    counts = {name: one.ask(question) for name, question in OF_A_TEACHER.items()}
    assert len(set(counts.values())) == 1, counts
    return counts["the teacher"]
