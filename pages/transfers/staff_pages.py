"""The pages on which staff bring a list in: the file, its columns, an app's own step, the report.

What a list is of, each app says in a class of its own.
"""

from collections.abc import Callable, Iterable
from itertools import islice

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin import messages

from pages.csv_reading import Row
from pages.spreadsheets import csv_file
from pages.transfers.columns import begins_with_heads
from pages.transfers.files import read
from pages.transfers.forms import ColumnChoiceForm, ListForm, labels
from pages.transfers.models import ImportState, ListImport
from pages.transfers.steps import cancel, keep, set_columns

SHOWN_ROWS = 5
A_PAGE = 50
ROWS_AT_ONCE = 2000


class ImportPages:
    """The pages of one app; `addresses` leads to them.

    A page has the app's own template where there is one of its name, else the common one. Each is
    told the import as `one`, and as `names` what its addresses are called.
    """

    model: type[ListImport]
    app = ""  # begins the addresses and what they are called; the folder of its templates
    last_step = ""  # what the app's own step, the third, is called in its address
    may_import = may_look = ""
    columns_form: type[ColumnChoiceForm]
    last_form: type[forms.Form]
    rows_name = ""  # what the downloaded rows are called, before the import's number
    shown_counts: dict[str, str] = {}  # fields of an import that the list of them shows

    # --- what an app says ---------------------------------------------------------------------

    def preview(
        self, one: ListImport, columns: dict[str, int | None], rows: list[Row]
    ) -> list[tuple[Row, str, str]]:
        """Return each row with what would become of it, and why."""
        raise NotImplementedError

    def start(self, one: ListImport, **said) -> bool:
        """Let the worker read the list, by what was entered in the last step."""
        raise NotImplementedError

    def counts(self, one: ListImport) -> list[tuple[str, int]]:
        """Return what became of the rows, and of how many."""
        raise NotImplementedError

    def rows_to_download(self, one: ListImport) -> Iterable[list[str]]:
        """Return the heads and then the rows that can be taken from a report."""
        raise NotImplementedError

    def told_at_first(self) -> dict:
        """Return what the first page tells besides."""
        return {}

    def first_values(self, one: ListImport) -> dict:
        """Return what stands in the form of the last step at first."""
        return {}

    def told_before_start(self, one: ListImport) -> dict:
        """Return what the last step tells besides."""
        return {}

    def told_in_report(self, request: HttpRequest, one: ListImport) -> dict:
        """Return what the report tells besides."""
        return {}

    # --- the pages ----------------------------------------------------------------------------

    def addresses(self) -> list[URLPattern]:
        """Return the addresses of the pages, each kept from those who may not."""
        importing = permission_required(self.may_import, raise_exception=True)
        looking = permission_required(self.may_look, raise_exception=True)
        views: dict[str, tuple[str, Callable]] = {
            "list": ("", importing(self.first)),
            "report": ("<int:pk>/", require_safe(looking(self.report))),
            "columns": ("<int:pk>/columns/", importing(self.columns)),
            "last": (f"<int:pk>/{self.last_step}/", importing(self.last)),
            "cancel": ("<int:pk>/cancel/", importing(self.cancel)),
            "progress": ("<int:pk>/progress/", require_safe(looking(self.progress))),
            "rows": ("<int:pk>/rows.csv", require_safe(looking(self.rows))),
        }
        return [
            path(f"{self.app}/imports/{end}", view, name=self.names[page])
            for page, (end, view) in views.items()
        ]

    @property
    def names(self) -> dict[str, str]:
        """What the address of each page is called."""
        begins = f"{self.app}_import"
        others = ("report", "columns", "cancel", "progress", "rows")
        return {
            "list": begins,
            "last": f"{begins}_{self.last_step}",
            **{page: f"{begins}_{page}" for page in others},
        }

    def first(self, request: HttpRequest) -> HttpResponse:
        """Ask for a list and keep it; below are the former imports, the latest first."""
        form = ListForm(_sent(request), request.FILES if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            upload, found = form.cleaned_data["list"]
            kept = keep(self.model, found, original_name=upload.name, by=request.user)
            _count_without_heads(kept)
            return redirect(self.names["columns"], kept.pk)
        former = self.model.objects.select_related("by")
        page = page_of(former, request)
        context = {
            "form": form,
            "page_of_imports": page,
            "former": [(one, [getattr(one, name) for name in self.shown_counts]) for one in page],
            "heads_of_counts": self.shown_counts.values(),
            **self.told_at_first(),
        }
        return self._answer(request, "import", context, form)

    def columns(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask which column holds what, and show what would become of the first rows."""
        one = self._one(pk)
        if one.state != ImportState.UPLOADED:
            return redirect(self.names["report"], pk)
        beginning = list(islice(read(one), SHOWN_ROWS + 1))
        chosen = one.reading.get("columns")
        form = self.columns_form(
            _sent(request),
            beginning=beginning,
            rows=one.reading["rows"],
            chosen=chosen and {**chosen, "has_heads": one.reading["has_heads"]},
        )
        is_chosen = not form.is_bound or form.is_valid()
        if form.is_bound and is_chosen and "look" not in request.POST:
            set_columns(one, form.chosen(), has_heads=form.cleaned_data["has_heads"])
            return redirect(self.names["last"], pk)
        context = {"form": form, "one": one, "labels": labels(beginning)}
        if is_chosen:
            values = form.cleaned_data if form.is_bound else form.initial
            first = beginning[bool(values.get("has_heads")) :][:SHOWN_ROWS]
            context["preview"] = self.preview(one, form.chosen(), first)
            context["left_out"] = _left_out(beginning, form.chosen())
        return self._answer(request, "import_columns", context, form)

    def last(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask what the app has to know besides, and let the import run."""
        one = self._one(pk)
        if one.state != ImportState.UPLOADED:
            return redirect(self.names["report"], pk)
        if "columns" not in one.reading:
            return redirect(self.names["columns"], pk)
        form = self.last_form(_sent(request), initial=self.first_values(one))
        if form.is_bound and form.is_valid():
            self.start(one, **form.cleaned_data)
            return redirect(self.names["report"], pk)
        context = {"form": form, "one": one, **self.told_before_start(one)}
        return self._answer(request, f"import_{self.last_step}", context, form)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether an import that has not ended is to end, and end it."""
        one = self._one(pk)
        if request.method != "POST":
            if one.state not in (ImportState.UPLOADED, ImportState.RUNNING):
                return redirect(self.names["report"], pk)
            return self._answer(request, "import_cancel", self._progress(one))
        if cancel(one):
            told = _("The import was canceled. What was brought in already stays.")
            messages.success(request, told)
        else:
            messages.warning(request, _("The import had ended already."))
        return redirect(self.names["report"], pk)

    def report(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with how far an import is, and with the rows that are worth telling of."""
        one = self._one(pk)
        context = {
            **self._progress(one),
            "may_import": request.user.has_perm(self.may_import),
            **self.told_in_report(request, one),
        }
        return self._answer(request, "import_report", context)

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with the part of the report that changes while the import runs."""
        return self._answer(request, "import_progress", self._progress(self._one(pk)))

    def rows(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Answer with the rows of a report as a CSV file."""
        one = self._one(pk)
        return csv_file(self.rows_to_download(one), f"{self.rows_name}-{one.pk}")

    def _one(self, pk: int) -> ListImport:
        return get_object_or_404(self.model.objects.select_related("by"), pk=pk)

    def _progress(self, one: ListImport) -> dict:
        return {
            "one": one,
            "is_waiting": one.state == ImportState.UPLOADED,
            "is_running": one.state == ImportState.RUNNING,
            "counts": self.counts(one),
        }

    def _answer(
        self, request: HttpRequest, name: str, context: dict, form: forms.Form | None = None
    ) -> HttpResponse:
        status = 400 if form and form.is_bound and form.errors else 200
        templates = [f"{folder}/staff/{name}.html" for folder in (self.app, "pages")]
        context = {**context, "names": self.names}
        return TemplateResponse(request, templates, context, status=status)


def page_of(rows: QuerySet, request: HttpRequest) -> Page:
    """Return the page of them that is asked for."""
    return Paginator(rows, A_PAGE).get_page(request.GET.get("p"))


def _count_without_heads(one: ListImport) -> None:
    """Leave the row that names the columns out of the count, until staff say that there is none."""
    one.rows_total -= begins_with_heads(list(islice(read(one), 1)))
    one.save(update_fields=["rows_total"])


def _left_out(beginning: list[Row], columns: dict[str, int | None]) -> list[str]:
    """The labels of the columns that hold nothing that is read."""
    read_columns = set(columns.values())
    return [words for n, words in enumerate(labels(beginning)) if n not in read_columns]


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
