"""Brings the teachers of a list in, some hundred rows at a time, between the worker's other jobs.

A row is taken whole or not at all.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pages.csv_reading import Place, Row
from pages.transfers.files import read
from pages.transfers.running import read_on
from pages.transfers.steps import locked
from teachers.import_columns import Columns, cell_of
from teachers.import_rows import Entry, Known, Refusal, address_key, entry_of, written
from teachers.models import ImportedTeacherRow, Teacher, TeacherImport
from teachers.staff_writing import Writing, add_teachers, change_teachers, in_hand

State, Outcome = TeacherImport.State, ImportedTeacherRow.Outcome
ROWS_AT_ONCE = 500
ACTION = "teachers.import"
CELLS_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Plan:
    """What becomes of a row, and of whom; `writing` is empty where nothing is written."""

    row: Row
    outcome: Outcome
    reason: str = ""
    writing: Writing | None = None
    teacher_pk: int | None = None


@transaction.atomic
def start(one: TeacherImport, *, empty_clears: bool) -> bool:
    """Let the worker read the list; return False where it runs or has ended already."""
    found = locked(one, State.UPLOADED)
    if found is None or "columns" not in found.reading:
        return False
    found.empty_clears, found.state = empty_clears, State.RUNNING
    found.save(update_fields=["empty_clears", "state"])
    return True


def continue_import() -> int:
    """Read the next rows of the import that runs; return how many were read.

    What goes wrong is raised, after the third time in a row the import ends with it.
    """
    return read_on(TeacherImport, _bring_in, lambda one: ROWS_AT_ONCE)


def forget_refused_cells() -> int:
    """Delete what the refused rows of imports held, after a month; return of how many rows."""
    before = timezone.now() - CELLS_KEPT
    old = ImportedTeacherRow.objects.filter(teacher_import__created_at__lt=before)
    return old.exclude(cells=[]).update(cells=[])


def preview(
    one: TeacherImport, columns: Columns, beginning: list[Row], *, empty_clears: bool = False
) -> list[Plan]:
    """Return what would become of the first rows of a list. Nothing is written."""
    return _plans(one, columns, beginning, empty_clears=empty_clears, teachers=_teachers())


def totals(one: TeacherImport, *, most: int, empty_clears: bool = False) -> Counter:
    """Return how many of the first rows would come to what, by outcome."""
    rows = list(islice(read(one, Place(*one.reading["place"])), most))
    columns = one.reading["columns"]
    return Counter(plan.outcome for plan in preview(one, columns, rows, empty_clears=empty_clears))


def _teachers():
    return Teacher.objects.select_related("place")


def _bring_in(one: TeacherImport, rows: list[Row]) -> None:
    """Write the teachers of some rows, and note and count what became of each row."""
    columns = one.reading["columns"]
    teachers = _teachers().select_for_update(of=("self",))
    plans = _plans(one, columns, rows, empty_clears=one.empty_clears, teachers=teachers)
    said = {"action": ACTION, "by": one.by, "data": {"import": one.pk}}
    change_teachers([plan.writing for plan in plans if plan.outcome == Outcome.CHANGED], **said)
    add_teachers([plan.writing for plan in plans if plan.outcome == Outcome.ADDED], **said)
    ImportedTeacherRow.objects.bulk_create(
        ImportedTeacherRow(
            teacher_import=one,
            number=plan.row.number,
            outcome=plan.outcome,
            reason=plan.reason,
            cells=plan.row.cells if plan.outcome == Outcome.REFUSED else [],
            teacher_pk=plan.writing.teacher.pk if plan.writing else plan.teacher_pk,
        )
        for plan in plans
    )
    counts = Counter(plan.outcome for plan in plans)
    for outcome in Outcome:
        setattr(one, outcome.value, getattr(one, outcome.value) + counts[outcome])


def _plans(
    one: TeacherImport, columns: Columns, rows: list[Row], *, empty_clears: bool, teachers
) -> list[Plan]:
    known, plans = Known(), []
    keys = [_key(row, columns) for row in rows]
    found = teachers.filter(contact_key__in={key for key in keys if key}).order_by("pk")
    by_key = {teacher.contact_key: teacher for teacher in found}
    busy = in_hand(by_key.values())
    earlier = ImportedTeacherRow.objects.filter(
        teacher_import=one, teacher_pk__in=[teacher.pk for teacher in by_key.values()]
    )
    taken = set(earlier.values_list("teacher_pk", flat=True))
    programs = _programs_of(by_key.values()) if columns.get("programs") is not None else {}
    seen: set[str] = set()
    for row, key in zip(rows, keys, strict=True):
        teacher = by_key.get(key)
        if key and (key in seen or (teacher and teacher.pk in taken)):
            plans.append(Plan(row, Outcome.REFUSED, _("This address is in the list before.")))
            continue
        entry = entry_of(row, columns, known, teacher=teacher, empty_clears=empty_clears)
        plan = _plan(entry, teacher, busy, programs)
        plans.append(plan)
        if plan.outcome != Outcome.REFUSED:
            seen.add(key)
    return plans


def _plan(
    entry: Entry, teacher: Teacher | None, busy: set[int], programs: dict[int, list[int]]
) -> Plan:
    if entry.refusal:
        return Plan(entry.row, Outcome.REFUSED, entry.refusal)
    if teacher is None:
        new = Teacher(contact_key=entry.key)
        return Plan(entry.row, Outcome.ADDED, writing=Writing(new, entry.values))
    stored = {"programs": programs.get(teacher.pk, [])}
    new = {
        name: value
        for name, value in entry.values.items()
        if value != (stored[name] if name in stored else _stored(teacher, name))
    }
    if not new:
        return Plan(entry.row, Outcome.UNCHANGED, teacher_pk=teacher.pk)
    if teacher.pk in busy:
        reason = _(
            "This teacher is locked, waits in a workflow or is scheduled to be published. End "
            "that, then import the row again."
        )
        return Plan(entry.row, Outcome.REFUSED, reason)
    return Plan(entry.row, Outcome.CHANGED, writing=Writing(teacher, new))


def _stored(teacher: Teacher, name: str) -> object:
    value = getattr(teacher, name)
    return sorted(value) if name == "languages" else value


def _programs_of(teachers) -> dict[int, list[int]]:
    through = Teacher.programs.through.objects
    rows = through.filter(teacher_id__in=[teacher.pk for teacher in teachers])
    found: dict[int, list[int]] = {}
    for teacher, program in rows.values_list("teacher_id", "program_id").order_by("program_id"):
        found.setdefault(teacher, []).append(program)
    return found


def _key(row: Row, columns: Columns) -> str:
    try:
        return address_key(written(cell_of(row, columns["contact_address"])))
    except Refusal:
        return ""
