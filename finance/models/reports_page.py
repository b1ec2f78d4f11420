"""The page of financial reports: the filings by year, the figures, and all that is below it."""

from functools import cached_property

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path
from wagtail.search import index

from finance.charts import each_dollar, net_assets, revenue_and_expenses
from finance.figures_export import figures_csv, figures_json
from finance.filing_answers import answer_filing, answer_thumbnail, answer_version, answer_year
from finance.filing_feed import filing_feed
from finance.listing import Choice, Listing, choice_from, list_filings
from finance.models.figures import AnnualFigures
from finance.models.filing import Filing, FilingQuerySet
from finance.structured_data import dataset, digital_document
from pages.addresses import public_address
from pages.metadata import absolute
from pages.models import BasePage
from pages.models.text import IntroductionMixin
from pages.remembered import remembered


def reports_address() -> str:
    """Return the address below which public filings are; empty while no page shows them."""
    return public_address(FinancialReportsPage)


class FinancialReportsPage(RoutablePageMixin, IntroductionMixin, BasePage):
    """All filings that everyone may see, with the organization's figures by year."""

    paper_copy = models.TextField(
        _("how to ask for a paper copy"),
        max_length=600,
        blank=True,
        default=_("You can read any of these documents on paper. To ask for a copy, write to us."),
        help_text=_(
            "The postal and e-mail addresses from Settings → Organization are shown below it."
        ),
    )

    text_fields = ("introduction", "paper_copy")
    schema_type = "CollectionPage"
    parent_page_types = ["pages.SectionPage"]
    subpage_types = []
    max_count = 1
    page_description = _("Form 990s, financial statements and figures by year.")
    template = "finance/financial_reports_page.html"

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        HelpPanel(
            content=_(
                "<p>The documents and figures are under <strong>Finance</strong> in the menu on "
                "the left. They appear here by themselves, newest year first.</p>"
            )
        ),
        MultiFieldPanel([FieldPanel("paper_copy")], heading=_("Paper copies")),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("financial reports page")

    # --- what it shows ----------------------------------------------------------------------

    def filings(self) -> FilingQuerySet:
        """Return the filings that everyone may see, in the page's language."""
        return Filing.objects.public().filter(locale=self.locale_id)

    @cached_property
    def all_filings(self) -> list[Filing]:
        """The filings with their files, newest year first, in a fixed number of queries."""
        return list(self.filings().newest_first().with_files())

    @cached_property
    def figures(self) -> list[AnnualFigures]:
        """The published figures, newest year first; samples only while there are no real ones."""
        figures = list(AnnualFigures.objects.public().filter(locale=self.locale_id))
        return [year for year in figures if not year.is_sample] or figures

    @property
    def charts(self) -> dict[str, object]:
        """The charts that can be drawn from the figures; empty without any."""
        drawn = {
            "revenue_and_expenses": revenue_and_expenses(self.figures),
            "each_dollar": each_dollar([year for year in self.figures if year.split_adds_up]),
            "net_assets": net_assets(self.figures),
        }
        return {name: chart for name, chart in drawn.items() if chart is not None}

    @property
    def has_sample_figures(self) -> bool:
        """Whether some of the figures are samples, which the page must say."""
        return any(figures.is_sample for figures in self.figures)

    def listing(self, choice: Choice) -> Listing:
        """Return the filings that a visitor chose, by year."""
        return list_filings(self.all_filings, choice)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add the chosen filings; what is remembered is remembered for each choice."""
        context = super().get_context(request, *args, **kwargs)
        choice = choice_from(request.GET)
        # Read only where what is shown of it is not remembered.
        context["listing"] = SimpleLazyObject(lambda: self.listing(choice))
        context["address"] = self.get_url(request) if self.pk else ""
        if context["fragment_key"] and choice.is_made:
            # A choice that finds nothing may be anything at all, so it is not worth keeping.
            found = context["listing"].is_known
            context["fragment_key"] = f"{context['fragment_key']}:{choice}" if found else ""
        return context

    @property
    def is_restricted(self) -> bool:
        """Whether the page, and so what is below it, is not open to everyone."""
        return self.get_view_restrictions().exists()

    def below(self) -> dict[str, object]:
        """Return what all files below the page have in common."""
        return {"locale": self.locale_id, "restricted": self.is_restricted}

    # --- what is below it -------------------------------------------------------------------

    @path("")
    @method_decorator(remembered("kind", "year"))
    def index_route(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer with the filings that were chosen, by year, and the figures."""
        return super().index_route(request, *args, **kwargs)

    @re_path(r"^(?P<year>[0-9]{4})/(?P<slug>[-\w]+)\.pdf/$", name="filing")
    def filing_file(self, request: HttpRequest, year: str, slug: str) -> HttpResponseBase:
        """Answer with a filing's current file."""
        return answer_filing(request, int(year), slug, **self.below())

    @re_path(r"^(?P<year>[0-9]{4})/(?P<slug>[-\w]+)/version-(?P<number>[0-9]{1,4})\.pdf/$")
    def version_file(
        self, request: HttpRequest, year: str, slug: str, number: str
    ) -> HttpResponseBase:
        """Answer with the file that a filing had once, or still has."""
        return answer_version(request, int(year), slug, int(number), **self.below())

    @re_path(r"^(?P<year>[0-9]{4})/(?P<slug>[-\w]+)/(?P<digest>[0-9a-f]{16})\.jpg/$")
    def thumbnail_file(
        self, request: HttpRequest, year: str, slug: str, digest: str
    ) -> HttpResponseBase:
        """Answer with the picture of a filing's first page."""
        return answer_thumbnail(request, int(year), slug, digest, **self.below())

    @re_path(r"^(?P<year>[0-9]{4})\.zip/$", name="year")
    def year_zip(self, request: HttpRequest, year: str) -> HttpResponseBase:
        """Answer with all public files of a year as one ZIP."""
        filings = self.filings().filter(fiscal_year=int(year))
        return answer_year(request, int(year), filings, restricted=self.is_restricted)

    @path("figures.csv/")
    @method_decorator(remembered())
    def csv_figures(self, request: HttpRequest) -> HttpResponse:
        """Answer with the figures as a table for a spreadsheet."""
        return figures_csv(self.figures, self.get_url(request))

    @path("figures.json/")
    @method_decorator(remembered())
    def json_figures(self, request: HttpRequest) -> HttpResponse:
        """Answer with the figures for a program."""
        return figures_json(self.figures, self.get_url(request))

    @path("feed.atom/")
    @method_decorator(remembered())
    def feed(self, request: HttpRequest) -> HttpResponse:
        """Answer with the latest filings for a feed reader."""
        return filing_feed(self, request)

    # --- what machines read -----------------------------------------------------------------

    def structured_data(self, request: HttpRequest) -> list[dict]:
        """Return the page, its documents and its figures, as schema.org names them."""
        address = self.get_url(request)
        documents = [digital_document(filing, address) for filing in self.all_filings]
        data = [*super().structured_data(request), *filter(None, documents)]
        if self.figures and not self.has_sample_figures:
            data.append(dataset(self.figures, address))
        return data

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict]:
        """Return this page and the files below it."""
        own = super().get_sitemap_urls(request)
        address = own[0]["location"]
        filings = self.filings().select_related("file")
        return own + [
            {"location": absolute(f"{address}{filing.path}"), "lastmod": filing.file.current_since}
            for filing in filings
            if filing.has_file and not filing.file.is_placeholder
        ]
