"""What staff are told of a file, and what they do with one: read, check again, withhold."""

from datetime import timedelta

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.log_actions import log

from finance.delivery import deliver
from finance.filing_check import check_file
from finance.findings import sentences
from finance.models import FilingFile
from finance.models.filing_file import FileState

# A check takes seconds; after this long something is wrong with the worker.
LONG = timedelta(minutes=2)

may_change = permission_required("finance.change_filing", raise_exception=True)


def file_context(file: FilingFile | None) -> dict:
    """Return what the panel says of a file."""
    if file is None:
        return {"file": None}
    return {
        "file": file,
        "sentences": sentences(tuple(file.findings), file.findings),
        "takes_long": file.is_waiting and timezone.now() - file.uploaded_at > LONG,
    }


@may_change
@require_safe
def file_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the part of the editing page that tells of one file."""
    file = get_object_or_404(FilingFile, pk=pk)
    return render(request, "finance/staff/file_status.html", file_context(file))


@may_change
@require_safe
def read_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with a checked file, published or not; a refused one may be dangerous to open."""
    file = get_object_or_404(FilingFile, pk=pk, state=FileState.ACCEPTED)
    return deliver(request, file.deliverable(file.original_name), public=False)


@may_change
@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the worker to check a waiting file, whose first check may have been lost."""
    file = get_object_or_404(FilingFile, pk=pk, state=FileState.WAITING)
    check_file.enqueue(file.pk)
    messages.success(request, _("The file will be checked again."))
    return _to_filing(file)


@permission_required("finance.publish_filing", raise_exception=True)
def withhold(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then withhold an earlier version from the public, or show it again."""
    replaced = FilingFile.objects.filter(superseded_at__isnull=False, is_placeholder=False)
    file = get_object_or_404(replaced, pk=pk, filing__removed_at=None)
    if request.method == "POST":
        file.is_withheld = not file.is_withheld
        file.save(update_fields=["is_withheld"])
        log(
            instance=file.filing,
            action="finance.withhold" if file.is_withheld else "finance.show",
            data={"file": file.original_name, "version": file.number},
        )
        text = (
            _("Version %(number)s is withheld from the public.")
            if file.is_withheld
            else _("Version %(number)s is published again.")
        )
        messages.success(request, text % {"number": file.number})
        return _to_filing(file)
    return TemplateResponse(request, "finance/staff/withhold.html", {"file": file})


def _to_filing(file: FilingFile) -> HttpResponse:
    if file.filing_id is None:
        return redirect("wagtailsnippets_finance_filing:list")
    return redirect(reverse("wagtailsnippets_finance_filing:edit", args=[file.filing_id]))
