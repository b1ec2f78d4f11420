"""What staff look at: which documents must be open to the public, who read the board's papers."""

import django_filters
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Site

from finance.disclosure import Requirement, disclosure
from finance.models import BoardAccess, Filing, FinanceSettings


def requirements(request: HttpRequest) -> list[Requirement]:
    """Return how it stands with what must be open to the public today."""
    facts = FinanceSettings.for_site(Site.find_for_request(request))
    filings = Filing.objects.public().newest_first().select_related("file")
    return disclosure(
        list(filings),
        today=timezone.localdate(),
        month=facts.fiscal_year_end_month,
        files_990t=facts.files_990t,
    )


def link_to_fix(requirement: Requirement) -> str:
    """Return where staff put it right: the filing, or the form of a new one, filled in."""
    if requirement.filing:
        return reverse("wagtailsnippets_finance_filing:edit", args=[requirement.filing.pk])
    if not requirement.kind:
        return reverse("wagtailsettings:edit", args=["finance", "financesettings"])
    values = {"kind": requirement.kind}
    if requirement.fiscal_year_end:
        values["fiscal_year_end"] = requirement.fiscal_year_end.isoformat()
    return f"{reverse('wagtailsnippets_finance_filing:add')}?{urlencode(values)}"


@permission_required("finance.change_filing", raise_exception=True)
def disclosure_report(request: HttpRequest) -> HttpResponse:
    """Answer with each document that must be open to the public, and how it stands with it."""
    rows = [(requirement, link_to_fix(requirement)) for requirement in requirements(request)]
    return TemplateResponse(request, "finance/staff/disclosure.html", {"rows": rows})


class BoardLogFilter(WagtailFilterSet):
    """Narrows the log of the board's library."""

    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = BoardAccess
        fields = ["user", "act", "at"]


class BoardLogView(ReportView):
    """The log of the board's library, the latest line first."""

    model = BoardAccess
    page_title = _("Board downloads")
    header_icon = "history"
    index_url_name = "finance_board_log"
    index_results_url_name = "finance_board_log_results"
    columns = [
        DateColumn("at", label=_("When"), sort_key="at"),
        Column("who", label=_("Who"), sort_key="who"),
        Column("act", label=_("What"), accessor="get_act_display", sort_key="act"),
        Column("subject", label=_("Document"), sort_key="subject"),
    ]
    filterset_class = BoardLogFilter
    list_export = ["when", "who", "get_act_display", "subject"]
    export_headings = {
        "when": _("When"),
        "who": _("Who"),
        "get_act_display": _("What"),
        "subject": _("Document"),
    }
    default_ordering = "-at"

    def get_filename(self) -> str:
        """Return the name of an exported log."""
        return f"board-downloads-{timezone.localdate():%Y-%m-%d}"


# Wagtail's own check of a permission wants a policy, which a log that is only read has none of.
board_log, board_log_results = (
    permission_required("finance.view_boardaccess", raise_exception=True)(view)
    for view in (BoardLogView.as_view(), BoardLogView.as_view(results_only=True))
)
