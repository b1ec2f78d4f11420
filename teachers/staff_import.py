"""Bringing a list of teachers in, step by step: file, columns, a look; then it runs by itself."""

import csv
from collections import Counter
from itertools import islice

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin import messages

from pages.csv_reading import Row
from pages.spreadsheets import BYTE_ORDER_MARK, plain_cell
from pages.transfers.files import read
from pages.transfers.forms import ColumnChoiceForm, ListForm, column_field, labels
from pages.transfers.steps import cancel, keep, set_columns
from teachers.gazetteer.search import is_ready
from teachers.import_columns import HEADS, Columns, begins_with_heads, guessed_columns
from teachers.importing import look_ahead, preview, start
from teachers.models import ImportedTeacherRow, TeacherImport

SHOWN_ROWS = 5
LOOKED_AT = 300  # rows, of which the last step says what would become of them
REFUSED_SHOWN = 20  # of these, with the reason
A_PAGE = 50
ROWS_AT_ONCE = 2000
State, Outcome = TeacherImport.State, ImportedTeacherRow.Outcome

may_import = permission_required("teachers.import_teacher", raise_exception=True)

HELP = {
    "contact_address": gettext_lazy("Teachers are told apart by it. It is never shown."),
    "level": gettext_lazy("By its name under Teachers → Levels."),
    "languages": gettext_lazy("Names or codes: “English; French” or “en; fr”."),
    "formats": gettext_lazy("“in person”, “online” or both."),
    "programs": gettext_lazy("By their names under Teachers → Programs, parted by semicolons."),
    "place": gettext_lazy("With its country, or its state: “Lyon, France”."),
    "agreed_to_be_listed": gettext_lazy(
        "“yes” or “no”. Without it nobody who is new is shown to visitors."
    ),
    "last_confirmed": gettext_lazy(
        "As 2026-05-31 or 5/31/2026. The entry is shown for a year from this day."
    ),
    "biography": gettext_lazy("Plain text."),
}


class _AColumnForEach(ColumnChoiceForm):
    held = tuple(HEADS)

    def __init__(self, values, *, beginning: list[Row], rows: int, chosen: dict | None) -> None:
        guess = {"has_heads": begins_with_heads(beginning), **guessed_columns(beginning)}
        super().__init__(values, beginning=beginning, rows=rows, proposed=chosen or guess)


TeacherColumnsForm = type(
    "TeacherColumnsForm",
    (_AColumnForEach,),
    {
        name: column_field(head, required=name == "contact_address", help_text=HELP.get(name, ""))
        for name, head in HEADS.items()
    },
)


class StartForm(forms.Form):
    """Asks what an empty cell means."""

    empty_clears = forms.TypedChoiceField(
        label=gettext_lazy("Where a cell is empty and the teacher is known"),
        choices=[
            ("no", gettext_lazy("leave what is stored as it is")),
            ("yes", gettext_lazy("delete what is stored there")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
        help_text=gettext_lazy(
            "Name, level, formats and consent stay in any case; an empty cell says nothing of them."
        ),
    )


@may_import
def import_list(request: HttpRequest) -> HttpResponse:
    """Ask for a list and keep it; below are the former imports, the latest first."""
    form = ListForm(_sent(request), request.FILES if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        upload, found = form.cleaned_data["list"]
        kept = keep(TeacherImport, found, original_name=upload.name, by=request.user)
        _count_without_heads(kept)
        return redirect("teachers_import_columns", kept.pk)
    former = TeacherImport.objects.select_related("by")
    context = {
        "form": form,
        "heads": HEADS.values(),
        "has_places": is_ready(),
        "page_of_imports": Paginator(former, A_PAGE).get_page(request.GET.get("p")),
    }
    return _answer(request, "import", context, form)


@may_import
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which column holds what, and show what would become of the first rows."""
    one = get_object_or_404(TeacherImport, pk=pk)
    if one.state != State.UPLOADED:
        return redirect("teachers_import_report", pk)
    beginning = list(islice(read(one), SHOWN_ROWS + 1))
    chosen = one.reading.get("columns")
    form = TeacherColumnsForm(
        _sent(request),
        beginning=beginning,
        rows=one.reading["rows"],
        chosen=chosen and {**chosen, "has_heads": one.reading["has_heads"]},
    )
    is_chosen = not form.is_bound or form.is_valid()
    if form.is_bound and is_chosen and "look" not in request.POST:
        set_columns(one, form.chosen(), has_heads=form.cleaned_data["has_heads"])
        return redirect("teachers_import_start", pk)
    values = form.cleaned_data if form.is_bound else form.initial
    first = beginning[bool(values.get("has_heads")) :][:SHOWN_ROWS]
    context = {
        "form": form,
        "teacher_import": one,
        "labels": labels(beginning),
        "plans": preview(one, form.chosen(), first) if is_chosen else [],
        "left_out": _left_out(beginning, form.chosen()) if is_chosen else [],
    }
    return _answer(request, "import_columns", context, form)


@may_import
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what would become of the rows, and let the import run."""
    one = get_object_or_404(TeacherImport, pk=pk)
    if one.state != State.UPLOADED:
        return redirect("teachers_import_report", pk)
    if "columns" not in one.reading:
        return redirect("teachers_import_columns", pk)
    form = StartForm(_sent(request))
    if form.is_bound and form.is_valid():
        start(one, empty_clears=form.cleaned_data["empty_clears"])
        return redirect("teachers_import_report", pk)
    plans = look_ahead(one, most=LOOKED_AT)
    counts = Counter(plan.outcome for plan in plans)
    refused = [plan for plan in plans if plan.outcome == Outcome.REFUSED]
    context = {
        "form": form,
        "teacher_import": one,
        "looked_at": len(plans),
        "counts": [(outcome.label, counts[outcome]) for outcome in Outcome],
        "refused": refused[:REFUSED_SHOWN],
        "others_refused": len(refused[REFUSED_SHOWN:]),
        "lacks_consent": one.reading["columns"].get("agreed_to_be_listed") is None,
        "lacks_confirmation": one.reading["columns"].get("last_confirmed") is None,
    }
    return _answer(request, "import_start", context, form)


@may_import
def cancel_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether an import that has not ended is to end, and end it."""
    one = get_object_or_404(TeacherImport, pk=pk)
    if request.method != "POST":
        if one.state not in (State.UPLOADED, State.RUNNING):
            return redirect("teachers_import_report", pk)
        return _answer(request, "import_cancel", _progress(one))
    if cancel(one):
        told = _("The import was canceled. What was brought in already stays.")
        messages.success(request, told)
    else:
        messages.warning(request, _("The import had ended already."))
    return redirect("teachers_import_report", pk)


@require_safe
@may_import
def import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with how far an import is, and with the rows that were refused."""
    one = get_object_or_404(TeacherImport.objects.select_related("by"), pk=pk)
    refused = one.rows.filter(outcome=Outcome.REFUSED).defer("cells")
    page = Paginator(refused, A_PAGE).get_page(request.GET.get("p"))
    noted = one.rows.exclude(outcome=Outcome.REFUSED).exclude(reason="").defer("cells")
    context = {**_progress(one), "page_of_rows": page}
    context |= {"noted": noted[:A_PAGE], "others_noted": max(noted.count() - A_PAGE, 0)}
    return _answer(request, "import_report", context)


@require_safe
@may_import
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the part of the report that changes while the import runs."""
    one = get_object_or_404(TeacherImport, pk=pk)
    return _answer(request, "import_progress", _progress(one))


@require_safe
@may_import
def import_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the refused rows as a CSV file: what they held, and why each was refused.

    Mended, it can be brought in as it is.
    """
    one = get_object_or_404(TeacherImport, pk=pk)
    response = HttpResponse(
        BYTE_ORDER_MARK,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="refused-rows-{one.pk}.csv"'},
    )
    writer = csv.writer(response)
    columns = one.reading.get("columns", {})
    held = {column: str(HEADS[name]) for name, column in columns.items() if column is not None}
    width = max(held, default=-1) + 1
    heads = [held.get(column, _("(not read)")) for column in range(width)]
    writer.writerow([*heads, _("Row"), _("Why")])
    refused = one.rows.filter(outcome=Outcome.REFUSED).values_list("number", "reason", "cells")
    for number, reason, cells in refused.iterator(chunk_size=ROWS_AT_ONCE):
        shown = [*map(plain_cell, cells[:width]), *[""] * (width - len(cells))]
        writer.writerow([*shown, number, plain_cell(reason)])
    return response


def _count_without_heads(one: TeacherImport) -> None:
    """Leave the row that names the columns out of the count, until staff say that there is none."""
    one.rows_total -= begins_with_heads(list(islice(read(one), 1)))
    one.save(update_fields=["rows_total"])


def _left_out(beginning: list[Row], columns: Columns) -> list[str]:
    """The labels of the columns that hold nothing that is read."""
    read_columns = set(columns.values())
    return [words for n, words in enumerate(labels(beginning)) if n not in read_columns]


def _progress(one: TeacherImport) -> dict:
    return {
        "teacher_import": one,
        "is_waiting": one.state == State.UPLOADED,
        "is_running": one.state == State.RUNNING,
        "counts": [(outcome.label, getattr(one, outcome.value)) for outcome in Outcome],
    }


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _answer(request: HttpRequest, name: str, context: dict, form=None) -> HttpResponse:
    status = 400 if form and form.is_bound and form.errors else 200
    template = f"teachers/staff/{name}.html"
    return TemplateResponse(request, template, context, status=status)
