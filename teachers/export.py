"""The chosen teachers as a file for a spreadsheet, which can be brought in again.

Each file that leaves the house is noted, with who took it.
"""

import datetime
from collections.abc import Iterator

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from pages.spreadsheets import csv_file, xlsx_file
from teachers.gazetteer.labels import label_of
from teachers.import_columns import HEADS
from teachers.models import Teacher, TeacherExport
from teachers.teacher_filters import chosen_teachers, how_chosen

ROWS_AT_ONCE = 1000
may_export = permission_required("teachers.export_teacher", raise_exception=True)


@require_POST
@may_export
def export_teachers(request: HttpRequest) -> HttpResponseBase:
    """Note the export, then answer with the file: what the filters in the form choose.

    `file` says which kind; `format` is a filter.
    """
    writer = WRITERS.get(request.POST.get("file", ""))
    if writer is None:
        messages.error(request, _("Please choose CSV or Excel."))
        return redirect("wagtailsnippets_teachers_teacher:list")
    chosen = chosen_teachers(request, request.POST)
    TeacherExport.objects.create(
        by=request.user,
        who=request.user.get_username(),
        format=request.POST["file"],
        count=chosen.count(),
        chosen=how_chosen(request, request.POST),
    )
    return writer(chosen, f"teachers-{timezone.localdate():%Y-%m-%d}")


@require_safe
@may_export
def exports(request: HttpRequest) -> HttpResponse:
    """Answer with who took which list, and when; the last one first."""
    page = Paginator(TeacherExport.objects.all(), 50).get_page(request.GET.get("p"))
    return TemplateResponse(request, "teachers/staff/exports.html", {"page_of_exports": page})


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


def _csv(teachers: QuerySet, name: str) -> HttpResponseBase:
    return csv_file(rows(teachers), name)


def _xlsx(teachers: QuerySet, name: str) -> HttpResponseBase:
    return xlsx_file(rows(teachers), name, _("Teachers"))


WRITERS = {"csv": _csv, "xlsx": _xlsx}
