"""Brings the teachers of a list in, some hundred rows at a time, between the worker's other jobs.

A row is taken whole or not at all.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pages.csv_reading import Place, Row
from pages.transfers.columns import cell_of
from pages.transfers.files import read
from pages.transfers.running import read_on
from pages.transfers.steps import locked
from teachers.import_columns import Columns
from teachers.import_rows import Entry, Known, Refusal, address_key, entry_of, written
from teachers.models import ImportedTeacherRow, Teacher, TeacherImport
from teachers.staff_writing import Writing, add_teachers, change_teachers, in_hand

State, Outcome = TeacherImport.State, ImportedTeacherRow.Outcome
ROWS_AT_ONCE = 500
ACTION = "teachers.import"
CELLS_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Plan:
    """What becomes of a row, and of whom; `writing` is empty where nothing is written.

    `reason` says why it is refused, or what of it is not taken over.
    """

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


def preview(one: TeacherImport, columns: Columns, beginning: list[Row]) -> list[Plan]:
    """Return what would become of the first rows of a list. Nothing is written."""
    return _plans(one, columns, beginning, empty_clears=False, teachers=_teachers())


def look_ahead(one: TeacherImport, *, most: int) -> list[Plan]:
    """Return what would become of the first rows once the columns are chosen."""
    rows = list(islice(read(one, Place(*one.reading["place"])), most))
    return preview(one, one.reading["columns"], rows)


def _teachers():
    return Teacher.objects.select_related("place")


def _bring_in(one: TeacherImport, rows: list[Row]) -> None:
    """Write the teachers of some rows, and note and count what became of each row."""
    columns = one.reading["columns"]
    teachers = _teachers().select_for_update(of=("self",))
    known = Known(_towns_of(one.file.name, one.reading.get("failures", 0)))
    plans = _plans(
        one, columns, rows, empty_clears=one.empty_clears, teachers=teachers, known=known
    )
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


@lru_cache(maxsize=1)
def _towns_of(file: str, failures: int) -> dict:
    """Return the towns that an import has named so far, remembered from one part to the next.

    After a failure they are asked for anew, since places may have been loaded meanwhile.
    """
    return {}


def _plans(
    one: TeacherImport,
    columns: Columns,
    rows: list[Row],
    *,
    empty_clears: bool,
    teachers,
    known: Known | None = None,
) -> list[Plan]:
    known, plans = known or Known(), []
    keys = [_key(row, columns) for row in rows]
    found = teachers.filter(contact_key__in={key for key in keys if key}).order_by("pk")
    by_key = {teacher.contact_key: teacher for teacher in found}
    busy = in_hand(by_key.values())
    earlier = ImportedTeacherRow.objects.filter(
        teacher_import=one, teacher_pk__in=[teacher.pk for teacher in by_key.values()]
    )
    taken = dict(earlier.values_list("teacher_pk", "number"))
    programs = _programs_of(by_key.values()) if columns.get("programs") is not None else {}
    seen: dict[str, int] = {}
    for row, key in zip(rows, keys, strict=True):
        teacher = by_key.get(key)
        if before := seen.get(key) or (teacher and taken.get(teacher.pk)):
            reason = _("This address is already in row %(row)s of the file.") % {"row": before}
            plans.append(Plan(row, Outcome.REFUSED, reason))
            continue
        entry = entry_of(row, columns, known, teacher=teacher, empty_clears=empty_clears)
        plan = _plan(entry, teacher, busy, programs)
        plans.append(plan)
        if plan.outcome != Outcome.REFUSED:
            seen[key] = row.number
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
    note = _later_date_kept(new, teacher)
    if not new:
        return Plan(entry.row, Outcome.UNCHANGED, note, teacher_pk=teacher.pk)
    if teacher.pk in busy:
        reason = _(
            "This teacher is locked, waits in a workflow or is scheduled to be published. End "
            "that, then import the row again."
        )
        return Plan(entry.row, Outcome.REFUSED, reason)
    return Plan(entry.row, Outcome.CHANGED, note, writing=Writing(teacher, new))


def _later_date_kept(new: dict[str, object], teacher: Teacher) -> str:
    """Take out an earlier confirmation than is stored, as older lists have it; say so."""
    confirmed = new.get("last_confirmed")
    if not confirmed or not teacher.last_confirmed or confirmed >= teacher.last_confirmed:
        return ""
    del new["last_confirmed"]
    return _("Last confirmed: the later date was kept, %(stored)s rather than %(listed)s.") % {
        "stored": teacher.last_confirmed.isoformat(),
        "listed": confirmed.isoformat(),
    }


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
