"""Filings and figures in the Wagtail admin."""

from datetime import date
from functools import partial

from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import (
    Column,
    DateColumn,
    UpdatedAtColumn,
)
from wagtail.admin.widgets import SlugInput
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
)
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from finance.charts.dollars import full_dollars
from finance.figures import EXPENSES, FIGURES, REVENUE
from finance.forms import FilingForm
from finance.models import AnnualFigures, Filing
from finance.panels import DifferencesPanel, FilesPanel
from finance.staff_menu import STAFF_MENU
from finance.staff_removed import RemoveView
from pages.day_input import DayInput
from pages.staff_menu import menu_items


def _state(thing: Filing | AnnualFigures) -> str:
    return _("Published") if thing.live else _("Draft")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class FilingSaving:
    """What creating and editing a filing share: its file is checked before it is published."""

    def setup(self, request, *args, **kwargs) -> None:
        """Save when told to, and not all the while: each saving would send the file again."""
        super().setup(request, *args, **kwargs)
        self.autosave_interval, self.autosave_enabled = 0, False

    def save_instance(self) -> Filing:
        """Save a revision of its own each time: one that waits to be published never changes."""
        self.request.POST = self.request.POST.copy()
        self.request.POST.pop("overwrite_revision_id", None)
        return super().save_instance()

    def get_success_message(self, instance=None) -> str:
        """Tell that the file is being checked, while it is."""
        filing = instance or self.object
        message = super().get_success_message(instance)
        if filing.file is None or not filing.file.is_waiting:
            return message
        if self.action == "publish" and not filing.goes_live_later:
            return _(
                "“%(filing)s” is saved. Its file is being checked; it is published as soon as the "
                "check is passed. You need not wait."
            ) % {"filing": filing}
        return _("%(message)s Its file is being checked.") % {"message": message}

    def get_success_url(self) -> str:
        """Stay with the filing while its file is checked, to see what comes of it."""
        if self.object.file is not None and self.object.file.is_waiting:
            return self.get_edit_url()
        return super().get_success_url()


class FilingCreateView(FilingSaving, CreateView):
    """Files a document; what a link says of it is filled in."""

    def get_initial(self) -> dict:
        """Return what the list of documents to disclose knows already."""
        known = {
            "kind": self.request.GET.get("kind"),
            "fiscal_year_end": _date(self.request.GET.get("fiscal_year_end", "")),
        }
        return {name: value for name, value in known.items() if value}


class FilingEditView(FilingSaving, EditView):
    """Changes a filing or replaces its file."""


class KeptAlone:
    """What both views of the chooser share: a removed filing is not offered."""

    def get_object_list(self):
        """Return the filings that nobody has removed."""
        return Filing.kept.all()


class FilingChooseView(KeptAlone, ChooseView):
    """Chooses a filing."""


class FilingChooseResultsView(KeptAlone, ChooseResultsView):
    """Chooses among the filings that were searched for."""


class FilingChooserViewSet(SnippetChooserViewSet):
    """Chooses the filing that is amended, or that figures are from."""

    choose_view_class = FilingChooseView
    choose_results_view_class = FilingChooseResultsView


class FilingIndexView(IndexView):
    """The list of filings, with their files' state."""

    def get_base_queryset(self):
        """Return the filings with what the list shows of their files."""
        return super().get_base_queryset().select_related("file")


class FilingViewSet(SnippetViewSet):
    """Filings: found by title and kind."""

    model = Filing
    icon = "doc-full-inverse"
    menu_label = _("Filings")
    add_view_class = FilingCreateView
    edit_view_class = FilingEditView
    delete_view_class = RemoveView
    delete_template_name = "finance/staff/remove.html"
    index_view_class = FilingIndexView
    chooser_viewset_class = FilingChooserViewSet
    list_display = [
        "name",
        Column("kind_label", label=_("Kind"), sort_key="kind"),
        Column("fiscal_year", label=_("Year"), sort_key="fiscal_year"),
        Column("visibility", label=_("Seen by"), accessor="get_visibility_display"),
        Column("file_state", label=_("File"), accessor="file_state_label"),
        Column("live", label=_("State"), accessor=_state, sort_key="live"),
        UpdatedAtColumn(),
    ]
    list_filter = ["kind", "fiscal_year", "visibility", "live"]
    list_per_page = 50
    ordering = ["-fiscal_year", "kind_order"]
    copy_view_enabled = False
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FilesPanel(heading=_("File")),
                    MultiFieldPanel(
                        [
                            FieldPanel("upload"),
                            FieldPanel("replacement_reason"),
                            FieldPanel("keep_published_file"),
                            FieldPanel("kept_file"),
                        ],
                        heading=_("Upload"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("kind", required_on_save=True),
                            FieldRowPanel(
                                [
                                    FieldPanel("fiscal_year_end", widget=DayInput),
                                    FieldPanel("fiscal_year"),
                                ]
                            ),
                            FieldPanel("visibility"),
                            FieldPanel("opens_to_everyone"),
                        ],
                        heading=_("What it is"),
                    ),
                    FieldPanel("title"),
                    FieldPanel("summary"),
                    FieldPanel("issued_on", widget=DayInput),
                    MultiFieldPanel(
                        [
                            FieldPanel("has_all_schedules"),
                            FieldPanel("amends"),
                            FieldPanel("fiscal_year_start", widget=DayInput),
                        ],
                        heading=_("Returns to the IRS"),
                    ),
                ],
                heading=_("Filing"),
            ),
            ObjectList(
                [FieldPanel("slug", widget=SlugInput), PublishingPanel()],
                heading=_("Address"),
            ),
        ],
        base_form_class=FilingForm,
    )


def _dollars(name: str, figures: AnnualFigures) -> str:
    amount = getattr(figures, name)
    return "" if amount is None else full_dollars(amount)


class AnnualFiguresViewSet(SnippetViewSet):
    """The figures of each fiscal year."""

    model = AnnualFigures
    icon = "table"
    menu_label = _("Figures by year")
    list_display = [
        "__str__",
        *(
            Column(name, label=FIGURES[name], accessor=partial(_dollars, name))
            for name in ("total_revenue", "total_expenses", "net_assets")
        ),
        Column("source", label=_("Source")),
        Column("live", label=_("State"), accessor=_state, sort_key="live"),
        DateColumn("last_published_at", label=_("Published")),
    ]
    list_filter = ["live"]
    ordering = ["-fiscal_year"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=_(
                    "<p>Whole US dollars, without cents. Leave a figure empty where you do not "
                    "know it: it is shown as a gap, never as zero. The figures of a return can be "
                    "read from its XML file, under <strong>Finance → Import figures</strong>.</p>"
                )
            ),
            DifferencesPanel(heading=_("Do they add up?")),
            FieldRowPanel(
                [FieldPanel("fiscal_year_end", widget=DayInput), FieldPanel("fiscal_year")],
                heading=_("Year"),
            ),
            MultiFieldPanel(
                [*(FieldPanel(name) for name in REVENUE), FieldPanel("total_revenue")],
                heading=_("Revenue"),
            ),
            MultiFieldPanel(
                [*(FieldPanel(name) for name in EXPENSES), FieldPanel("total_expenses")],
                heading=_("Expenses"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("total_assets"),
                    FieldPanel("total_liabilities"),
                    FieldPanel("net_assets"),
                ],
                heading=_("At the year's end"),
            ),
            FieldPanel("explanation"),
            FieldPanel("source"),
            FieldPanel("fiscal_year_start", widget=DayInput),
            PublishingPanel(),
        ]
    )


class FinanceViewSetGroup(SnippetViewSetGroup):
    """The "Finance" entry of the menu on the left."""

    items = (FilingViewSet, AnnualFiguresViewSet)
    menu_icon = "folder-open-inverse"
    menu_label = _("Finance")
    menu_name = "finance"
    menu_order = 210

    def get_submenu_items(self) -> list[MenuItem]:
        """Return the two lists, then what else there is to do."""
        items = super().get_submenu_items()
        return [*items, *menu_items(STAFF_MENU, first_order=len(items) + 1)]
