"""The chosen subscribers as a file for a spreadsheet or for the program that sends newsletters.

Both kinds of file are made row by row, so that a hundred thousand rows take no more memory than
a few. What a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV
injection). Each file that leaves the house is noted, with who took it.
"""

import csv
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.admin import messages

from newsletter.links import leave_link, preferences_link
from newsletter.models import Subscriber, SubscriberExport
from newsletter.subscriber_filters import chosen_subscribers, how_chosen

ROWS_AT_ONCE = 2000
FORMULA_SIGNS = frozenset("=+-@")
# Where a spreadsheet parts the lines of a CSV at another sign, a cell may begin here too.
_AFTER_SEPARATOR = re.compile(r"""([;|\t][\s"']*)(?=[=+\-@\u2212\uff0b\uff0d\uff1d\uff20])""")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as Latin-1
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
@permission_required("newsletter.export_subscriber", raise_exception=True)
def export_subscribers(request: HttpRequest) -> HttpResponseBase:
    """Note the export, then answer with the file: what the filters in the form choose."""
    writer = WRITERS.get(request.POST.get("format", ""))
    if writer is None:
        messages.error(request, _("Please choose CSV or Excel."))
        return redirect("newsletter_subscribers")
    chosen = chosen_subscribers(request, request.POST)
    SubscriberExport.objects.create(
        by=request.user,
        who=request.user.get_username(),
        format=request.POST["format"],
        count=chosen.count(),
        chosen=how_chosen(request, request.POST),
    )
    return writer(chosen, f"subscribers-{timezone.localdate():%Y-%m-%d}")


@permission_required("newsletter.view_subscriberexport", raise_exception=True)
def exports(request: HttpRequest) -> HttpResponse:
    """Answer with who took which list, and when; the last one first."""
    page = Paginator(SubscriberExport.objects.all(), 50).get_page(request.GET.get("p"))
    return TemplateResponse(request, "newsletter/staff/exports.html", {"page_of_exports": page})


def plain_cell(text: str) -> str:
    """Return the text of a cell, made harmless where it would begin a formula.

    Full-width signs count as what they stand for (Unicode, NFKC), and what is not seen before a
    sign hides nothing. What no file of this kind can hold is left out.
    """
    text = _AFTER_SEPARATOR.sub(r"\1'", ILLEGAL_CHARACTERS_RE.sub("", text))
    if text[:1] in {"\t", "\r", "\n"}:
        return f"'{text}"
    for sign in text:
        if unicodedata.category(sign)[0] not in "ZC":
            begins = unicodedata.normalize("NFKC", sign)[0]
            return f"'{text}" if begins in FORMULA_SIGNS or sign == "\u2212" else text
    return text


def rows(subscribers: QuerySet) -> Iterator[list[str]]:
    """Yield the heads of the columns, then a row for each; times are in the site's zone."""
    yield [
        _("Address"),
        _("Name"),
        _("State"),
        _("Language"),
        _("Topics"),
        _("Signed up at"),
        _("First signed up"),
        _("Confirmed"),
        _("Left"),
        _("Link to leave"),
        _("Link to preferences"),
    ]
    for one in subscribers.prefetch_related("topics").iterator(chunk_size=ROWS_AT_ONCE):
        yield [plain_cell(text) for text in _row(one)]


def _row(one: Subscriber) -> list[str]:
    return [
        one.address,
        one.name,
        one.get_state_display(),
        one.language,
        "; ".join(topic.name for topic in one.topics.all()),
        one.source,
        _moment(one.created_at),
        _moment(one.confirmed_at),
        _moment(one.left_at),
        leave_link(one),
        preferences_link(one),
    ]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


class _Line:
    """What `csv` writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _csv(subscribers: QuerySet, name: str) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from map(csv.writer(_Line()).writerow, rows(subscribers))

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _xlsx(subscribers: QuerySet, name: str) -> FileResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Subscribers"))
    for row in rows(subscribers):
        sheet.append(row)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


WRITERS = {"csv": _csv, "xlsx": _xlsx}
