"""The chosen subscribers as a file for a spreadsheet or for the program that sends newsletters.

Each file that leaves the house is noted, with who took it.
"""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from newsletter.links import leave_link, preferences_link
from newsletter.models import Subscriber, SubscriberExport
from newsletter.subscriber_filters import chosen_subscribers, how_chosen
from pages.spreadsheets import csv_file, xlsx_file

ROWS_AT_ONCE = 2000


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
        yield _row(one)


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


def _csv(subscribers: QuerySet, name: str) -> HttpResponseBase:
    return csv_file(rows(subscribers), name)


def _xlsx(subscribers: QuerySet, name: str) -> HttpResponseBase:
    return xlsx_file(rows(subscribers), name, _("Subscribers"))


WRITERS = {"csv": _csv, "xlsx": _xlsx}
