"""The chosen teachers leave the house as a file, noted, and can be brought in again unchanged."""

import io

import pytest
from openpyxl import load_workbook

from pages.csv_reading import rows as rows_of
from pages.transfers.files import examine
from teachers.import_columns import HEADS, guessed_columns
from teachers.importing import preview
from teachers.models import Teacher, TeacherExport, TeacherImport
from tests.factories import ProgramFactory, TeacherFactory
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db
EXPORT = "/admin/teachers/exports/take/"


@pytest.fixture
def staff():
    """Return a browser of someone who keeps the directory."""
    return signed_in(member("Teachers"))


def taken_out(staff, **values) -> bytes:
    response = staff.post(EXPORT, {"file": "csv", **values})
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_a_file_of_ours_brought_in_again_changes_nothing(staff, world):
    teacher = TeacherFactory(
        name="Ana Müller",
        credentials="=PhD",
        public_phone="+33 1 23",
        languages=["fr", "en"],
        place=world["Portland, OR"],
        biography="<p>One &amp; <b>two</b></p><ul><li>three; -four</li></ul>",
        website="https://example.org/?a=1;b=2",
        level_date="2024-02-29",
        is_trainer=True,
        teaches_online=True,
    )
    for name in ("Mind, body and you", "For parents"):
        teacher.programs.add(ProgramFactory(name=name))
    teacher.save()
    TeacherFactory(place=None, languages=[], last_confirmed=None, agreed_to_be_listed=False)
    found = examine(io.BytesIO(taken_out(staff)))
    with found.file:
        heads, *rows = list(rows_of(found.file, found.survey.delimiter))
    columns = guessed_columns([heads])
    assert list(columns.values()) == list(range(len(HEADS)))
    plans = preview(TeacherImport(pk=0), columns, rows)
    assert [(plan.outcome, plan.reason) for plan in plans] == [("unchanged", "")] * 2


def test_the_filters_choose_and_the_file_is_noted_without_what_was_searched(staff):
    TeacherFactory(name="Sample Ana", state="hidden"), TeacherFactory(name="Sample Ben")
    text = taken_out(staff, state="hidden", q="ana").decode()
    assert "Sample Ana" in text
    assert "Sample Ben" not in text
    noted = TeacherExport.objects.get()
    assert (noted.format, noted.count, noted.chosen) == ("csv", 1, "State; a search")
    shown = staff.get("/admin/teachers/exports/").content.decode()
    assert noted.who in shown


def test_a_filter_that_makes_no_sense_chooses_nobody(staff):
    TeacherFactory(name="Sample Ana")
    assert "Sample Ana" not in taken_out(staff, state="no such").decode()


def test_a_workbook_holds_the_same(staff):
    teacher = TeacherFactory(name="Sample Ana")
    response = staff.post(EXPORT, {"file": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    heads, row = book.active.iter_rows(values_only=True)
    cells = dict(zip(heads, row, strict=True))
    assert (cells["Name"], cells["Contact address"]) == ("Sample Ana", teacher.contact_address)
    assert cells["In the directory now"] == "yes"


def test_no_file_leaves_by_a_link(staff):
    TeacherFactory()
    assert staff.get(EXPORT).status_code == 405
    assert not TeacherExport.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_teachers(staff, count_queries):
    TeacherFactory.create_batch(2)
    taken_out(staff)
    few = count_queries(lambda: taken_out(staff))
    TeacherFactory.create_batch(30)
    assert count_queries(lambda: taken_out(staff)) == few
    assert Teacher.objects.count() == 32
