"""The pages on which staff take a list out as a file, and on which each that left is noted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from pages.spreadsheets import csv_file, xlsx_file
from pages.transfers.models import NotedExport

A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class ExportPages:
    """The pages of one app; `addresses` leads to them."""

    model: type[NotedExport]
    app: str  # begins the addresses and what they are called; the folder of its template
    name: str  # what a file is called, before the day
    sheet: str  # what the sheet of a workbook is called
    list_address: str  # what the address of the list is called, from which files are taken
    may_take: str
    may_look: str
    # What the filters choose, and which of them were set; never the words of a search.
    chosen: Callable[[HttpRequest, QueryDict], QuerySet]
    how_chosen: Callable[[HttpRequest, QueryDict], str]
    rows: Callable[[QuerySet], Iterable[list[str]]]  # the heads, then a row for each

    def addresses(self) -> list[URLPattern]:
        """Return the addresses of the pages, each kept from those who may not."""
        looking = permission_required(self.may_look, raise_exception=True)
        taking = permission_required(self.may_take, raise_exception=True)
        noted = f"{self.app}/exports/"
        return [
            path(noted, require_safe(looking(self.noted)), name=f"{self.app}_exports"),
            path(f"{noted}take/", require_POST(taking(self.take)), name=f"{self.app}_export"),
        ]

    def take(self, request: HttpRequest) -> HttpResponseBase:
        """Note the export, then answer with the file: what the filters in the form choose.

        `file` says which kind; `format` may be a filter.
        """
        kind = request.POST.get("file", "")
        if kind not in {"csv", "xlsx"}:
            messages.error(request, _("Please choose CSV or Excel."))
            return redirect(self.list_address)
        chosen = self.chosen(request, request.POST)
        self.model.objects.create(
            by=request.user,
            who=request.user.get_username(),
            format=kind,
            count=chosen.count(),
            chosen=self.how_chosen(request, request.POST),
        )
        name = f"{self.name}-{timezone.localdate():%Y-%m-%d}"
        rows = self.rows(chosen)
        return csv_file(rows, name) if kind == "csv" else xlsx_file(rows, name, str(self.sheet))

    def noted(self, request: HttpRequest) -> HttpResponse:
        """Answer with who took which list, and when; the last one first."""
        page = Paginator(self.model.objects.all(), A_PAGE).get_page(request.GET.get("p"))
        template = f"{self.app}/staff/exports.html"
        return TemplateResponse(request, template, {"page_of_exports": page})


class OffersExport:
    """Has a list in the admin offer what it shows as a file, to those who may take it out."""

    exports: ExportPages
    no_filters = frozenset({"ordering", "_w_filter_fragment", "csrfmiddlewaretoken"})

    def get_context_data(self, **kwargs) -> dict:
        """Add where the file is to be had, and the filters by which it is chosen."""
        chosen_by = [
            (name, value)
            for name, values in self.request.GET.lists()
            if name not in self.no_filters and name != self.page_kwarg
            for value in values
        ]
        return {
            **super().get_context_data(**kwargs),
            "chosen_by": chosen_by,
            "take_address": f"{self.exports.app}_export",
            "may_take": self.request.user.has_perm(self.exports.may_take),
        }
