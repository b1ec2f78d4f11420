"""Bringing a list of subscribers in, step by step: file, columns, terms; then it runs by itself."""

import csv
from itertools import islice

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from newsletter.import_forms import ColumnsForm, TermsForm
from newsletter.import_steps import cancel, columns_of, keep, set_columns, start
from newsletter.importing import preview
from newsletter.models import ImportedRow, SubscriberImport
from pages.spreadsheets import BYTE_ORDER_MARK
from pages.transfers.files import read
from pages.transfers.forms import ListForm, labels

SHOWN_ROWS = 5
A_PAGE = 50
ROWS_AT_ONCE = 2000
State = SubscriberImport.State

may_import = permission_required("newsletter.add_subscriberimport", raise_exception=True)
may_look = permission_required("newsletter.view_subscriberimport", raise_exception=True)


@may_import
def import_list(request: HttpRequest) -> HttpResponse:
    """Ask for a list and keep it; below are the former imports, the latest first."""
    form = ListForm(_sent(request), request.FILES if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        upload, found = form.cleaned_data["list"]
        kept = keep(found, original_name=upload.name, by=request.user)
        return redirect("newsletter_import_columns", kept.pk)
    former = SubscriberImport.objects.select_related("by")
    context = {
        "form": form,
        "page_of_imports": Paginator(former, A_PAGE).get_page(request.GET.get("p")),
    }
    return _answer(request, "import", context, form)


@may_import
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which column holds what, and show what would become of the first rows."""
    one = get_object_or_404(SubscriberImport, pk=pk)
    if one.state != State.UPLOADED:
        return redirect("newsletter_import_report", pk)
    beginning = list(islice(read(one), SHOWN_ROWS))
    chosen = one.reading.get("columns")
    form = ColumnsForm(
        _sent(request),
        beginning=beginning,
        rows=one.reading["rows"],
        chosen=chosen and {**chosen, "has_heads": one.reading["has_heads"]},
    )
    is_chosen = not form.is_bound or form.is_valid()
    if form.is_bound and is_chosen and "look" not in request.POST:
        set_columns(one, form.columns(), has_heads=form.cleaned_data["has_heads"])
        return redirect("newsletter_import_terms", pk)
    values = form.cleaned_data if form.is_bound else form.initial
    people = beginning[bool(values.get("has_heads")) :]
    context = {
        "form": form,
        "subscriber_import": one,
        "labels": labels(beginning),
        "rows": preview(one, form.columns(), people) if is_chosen else [],
    }
    return _answer(request, "import_columns", context, form)


@may_import
def import_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask where the people agreed, and let the import run."""
    one = get_object_or_404(SubscriberImport, pk=pk)
    if one.state != State.UPLOADED:
        return redirect("newsletter_import_report", pk)
    if columns_of(one) is None:
        return redirect("newsletter_import_columns", pk)
    form = TermsForm(_sent(request), initial={"language": one.language})
    if form.is_bound and form.is_valid():
        start(one, **form.cleaned_data)
        return redirect("newsletter_import_report", pk)
    return _answer(request, "import_terms", {"form": form, "subscriber_import": one}, form)


@require_POST
@may_import
def cancel_import(request: HttpRequest, pk: int) -> HttpResponse:
    """End an import that has not ended."""
    one = get_object_or_404(SubscriberImport, pk=pk)
    if cancel(one):
        messages.success(request, _("The import was canceled. Who was added already stays."))
    else:
        messages.warning(request, _("The import had ended already."))
    return redirect("newsletter_import_report", pk)


@require_safe
@may_look
def import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with how far an import is, and with the rows that were not simply added."""
    one = get_object_or_404(SubscriberImport.objects.select_related("by"), pk=pk)
    notes = Paginator(one.rows.all(), A_PAGE).get_page(request.GET.get("p"))
    context = {**_progress(one), "page_of_rows": notes, "topics": one.topics.all()}
    return _answer(request, "import_report", context)


@require_safe
@may_look
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the part of the report that changes while the import runs."""
    one = get_object_or_404(SubscriberImport, pk=pk)
    return _answer(request, "import_progress", _progress(one))


@require_safe
@may_look
def import_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the rows that were not simply added as a CSV file, which names nobody."""
    one = get_object_or_404(SubscriberImport, pk=pk)
    name = f"import-{one.pk}.csv"
    response = HttpResponse(
        BYTE_ORDER_MARK,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerow([_("Row"), _("What became of it"), _("Why")])
    labels_of = dict(ImportedRow.Outcome.choices)
    notes = one.rows.values_list("number", "outcome", "reason")
    for number, outcome, reason in notes.iterator(chunk_size=ROWS_AT_ONCE):
        writer.writerow([number, labels_of[outcome], reason])
    return response


def _progress(one: SubscriberImport) -> dict:
    skipped = {
        _("Known already"): one.known,
        _("Twice in the file"): one.rows_done
        - one.added
        - one.known
        - one.suppressed
        - one.refused,
        _("Never to be written to again"): one.suppressed,
        _("Not an address"): one.refused,
    }
    return {
        "subscriber_import": one,
        "is_waiting": one.state == State.UPLOADED,
        "is_running": one.state == State.RUNNING,
        "counts": [(_("Added"), one.added), *skipped.items()],
    }


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _answer(request: HttpRequest, name: str, context: dict, form=None) -> HttpResponse:
    status = 400 if form and form.is_bound and form.errors else 200
    template = f"newsletter/staff/{name}.html"
    return TemplateResponse(request, template, context, status=status)
