"""The chosen teachers as a file for a spreadsheet, which can be brought in again.

Each file that leaves the house is noted, with who took it.
"""

import datetime
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.transfers.exports import ExportPages
from teachers.gazetteer.labels import label_of
from teachers.import_columns import HEADS
from teachers.models import Teacher, TeacherExport
from teachers.teacher_filters import chosen_teachers, how_chosen

ROWS_AT_ONCE = 1000


def rows(teachers: QuerySet[Teacher]) -> Iterator[list[str]]:
    """Yield the heads of the columns, then a row for each, as published.

    What stands behind the columns that can be brought in again is for reading.
    """
    yield [
        *(str(head) for head in HEADS.values()),
        _("State"),
        _("In the directory now"),
        _("Profile address"),
    ]
    found = teachers.select_related("level", "place", "entry").prefetch_related("programs")
    for teacher in found.iterator(chunk_size=ROWS_AT_ONCE):
        yield _row(teacher)


def _row(teacher: Teacher) -> list[str]:
    cells = {
        "contact_address": teacher.contact_address,
        "name": teacher.name,
        "sort_name": teacher.sort_name,
        "credentials": teacher.credentials,
        "level": teacher.level.name,
        "level_date": _day(teacher.level_date),
        "is_trainer": _yes_or_no(teacher.is_trainer),
        "languages": "; ".join(sorted(teacher.languages)),
        "formats": "; ".join(formats(teacher)),
        "programs": "; ".join(program.name for program in teacher.programs.all()),
        "place": label_of(teacher.place) if teacher.place else "",
        "website": teacher.website,
        "public_phone": teacher.public_phone,
        "agreed_to_be_listed": _yes_or_no(teacher.agreed_to_be_listed),
        "last_confirmed": _day(teacher.last_confirmed),
        "biography": teacher.biography,
    }
    is_listed = hasattr(teacher, "entry")
    return [
        *(cells[held] for held in HEADS),
        teacher.get_state_display(),
        _yes_or_no(is_listed),
        teacher.slug,
    ]


def formats(teacher: Teacher) -> list[str]:
    """Return the formats in which someone teaches, as a list names them."""
    said = [(teacher.teaches_in_person, "in person"), (teacher.teaches_online, "online")]
    return [words for is_so, words in said if is_so]


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def _yes_or_no(is_so: bool) -> str:
    return _("yes") if is_so else _("no")


exports = ExportPages(
    model=TeacherExport,
    app="teachers",
    name="teachers",
    sheet=gettext_lazy("Teachers"),
    list_address="wagtailsnippets_teachers_teacher:list",
    may_take="teachers.export_teacher",
    may_look="teachers.export_teacher",
    chosen=chosen_teachers,
    how_chosen=how_chosen,
    rows=rows,
)
