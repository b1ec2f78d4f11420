"""What finance adds to the Wagtail admin, to the site's search and to the first content."""

from django.contrib.auth.models import Permission
from django.forms import Media
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.search import SearchArea
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from finance.content import load_finance
from finance.disclosure import Status
from finance.models import Filing, FilingFile
from finance.models.filing_file import FileState
from finance.search import filings_source
from finance.staff_files import check_again, file_status, read_file, withhold
from finance.staff_import import import_figures
from finance.staff_removed import refuse_in_bulk, removed_filings, restore_filing
from finance.staff_reports import (
    board_log,
    board_log_results,
    disclosure_report,
    link_to_fix,
    requirements,
)
from finance.viewsets import FinanceViewSetGroup

register_snippet(FinanceViewSetGroup)

hooks.register("register_search_source", filings_source)
hooks.register("load_site_part", load_finance, order=10)
hooks.register("before_delete_snippet", refuse_in_bulk)


@hooks.register("register_admin_urls")
def staff_addresses() -> list:
    """Return the addresses of finance's own pages in the admin."""
    return [
        path("finance/files/<int:pk>/", read_file, name="finance_read_file"),
        path("finance/files/<int:pk>/status/", file_status, name="finance_file_status"),
        path("finance/files/<int:pk>/check/", check_again, name="finance_check_again"),
        path("finance/files/<int:pk>/withhold/", withhold, name="finance_withhold"),
        path("finance/removed/", removed_filings, name="finance_removed"),
        path("finance/removed/<int:pk>/", restore_filing, name="finance_restore_filing"),
        path("finance/import/", import_figures, name="finance_import"),
        path("finance/disclosure/", disclosure_report, name="finance_disclosure"),
        path("finance/board/", board_log, name="finance_board_log"),
        path("finance/board/results/", board_log_results, name="finance_board_log_results"),
    ]


@hooks.register("register_permissions")
def board_permissions():
    """Let administrators give the board's permissions to groups."""
    return Permission.objects.filter(
        content_type__app_label="finance",
        codename__in=["view_board_library", "view_boardaccess"],
    )


@hooks.register("register_log_actions")
def name_actions(actions) -> None:
    """Name what is noted in a filing's history."""
    actions.register_action("finance.accept", _("Accept the file"), _("File passed the check"))
    actions.register_action("finance.refuse", _("Refuse the file"), _("File was refused"))
    actions.register_action("finance.withhold", _("Withhold"), _("Earlier version was withheld"))
    actions.register_action("finance.show", _("Show again"), _("Earlier version was shown again"))
    actions.register_action("finance.restore", _("Restore"), _("Restored"))
    actions.register_action("finance.import", _("Import"), _("Figures were read from a return"))


@hooks.register("insert_editor_js")
def watch_files() -> SafeString:
    """Return the script that looks how far the check of a file is."""
    return format_html('<script type="module" src="{}"></script>', static("js/file-status.js"))


@hooks.register("register_admin_search_area")
def find_filings_in_admin() -> SearchArea:
    """Return the row that lets the admin's search look for filings too."""

    class FilingsArea(SearchArea):
        def is_shown(self, request) -> bool:
            return request.user.has_perm("finance.change_filing")

    url = reverse("wagtailsnippets_finance_filing:list")
    return FilingsArea(_("Filings"), url, name="filings", icon_name="doc-full-inverse", order=210)


class DisclosurePanel(Component):
    """What of the organization's papers is missing or due, on the dashboard of those who file."""

    name = "disclosure"
    template_name = "finance/staff/disclosure_panel.html"
    order = 20
    media = Media()

    def get_context_data(self, parent_context: dict) -> dict:
        """Return what needs doing, each with the link to do it."""
        request = parent_context["request"]
        wanting = [
            (requirement, link_to_fix(requirement))
            for requirement in requirements(request)
            if requirement.status is not Status.PRESENT
        ]
        filings = Filing.kept.filter(file__isnull=False).select_related("file")
        return {
            "wanting": wanting,
            "refused": filings.filter(file__state=FileState.REFUSED),
            "placeholders": filings.filter(file__is_placeholder=True, live=True),
            "waiting": FilingFile.objects.filter(state=FileState.WAITING).count(),
        }


@hooks.register("construct_homepage_panels")
def show_disclosure(request, panels: list[Component]) -> None:
    """Show the panel to those who can do something about it."""
    if request.user.has_perm("finance.change_filing"):
        panels.append(DisclosurePanel())
