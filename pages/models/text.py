"""Pages of text, and sections that list the pages below them."""

from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.search import index

from pages.blocks import BodyBlock
from pages.blocks.field import BlockField
from pages.blocks.pages import load_linked_pages
from pages.models.base import BasePage
from pages.outline import OutlineEntry, outline
from pages.visibility import public


class IntroductionMixin(models.Model):
    """The words that open a page."""

    introduction = models.TextField(
        _("introduction"),
        max_length=600,
        blank=True,
        help_text=_("One or two sentences that open the page, set larger than the rest."),
    )

    class Meta:
        abstract = True

    @property
    def summary(self) -> str:
        """The page's description, else its introduction."""
        return self.search_description or self.introduction


class BodyMixin(models.Model):
    """A page's words, pictures and files, in blocks."""

    body = BlockField(BodyBlock(), verbose_name=_("body"), blank=True)

    class Meta:
        abstract = True

    @cached_property
    def loaded_body(self) -> StreamValue:
        """The body, with an address for each heading and every page that it links to."""
        load_linked_pages(self.body)
        outline(self.body)
        return self.body


class SectionPage(IntroductionMixin, BasePage):  # noqa: DJ008 - a page has one
    """A section of the site: it introduces and lists the pages below it."""

    text_fields = ("introduction",)
    schema_type = "CollectionPage"
    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types = [
        "pages.SectionPage",
        "pages.StandardPage",
        "pages.MissionPage",
        "people.LeadershipPage",
        "finance.FinancialReportsPage",
        "newsletter.NewsletterPage",
        "teachers.TeacherDirectoryPage",
    ]
    page_description = _("A section that lists the pages below it.")
    template = "pages/section_page.html"

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    search_fields = [*BasePage.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    @property
    def children(self) -> list[Page]:
        """The published, public pages below this one, in the editors' order."""
        return list(public(Page.objects.child_of(self).live()).order_by("path"))


class StandardPage(BodyMixin, IntroductionMixin, BasePage):  # noqa: DJ008 - a page has one
    """A page of text, pictures and files."""

    show_contents = models.BooleanField(
        _("list the headings at the top"),
        default=False,
        help_text=_("For a long page; it needs at least two headings."),
    )
    show_updated = models.BooleanField(
        _("show when it was last changed"),
        default=False,
        help_text=_("Where it matters to readers: policies and statements."),
    )

    text_fields = ("introduction", "body")
    parent_page_types = ["pages.HomePage", "pages.SectionPage", "pages.StandardPage"]
    subpage_types = ["pages.StandardPage"]
    page_description = _("A page of text, pictures and files.")
    template = "pages/standard_page.html"

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("show_contents"), FieldPanel("show_updated")],
            heading=_("Beside the text"),
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    @property
    def contents(self) -> list[OutlineEntry]:
        """The list of headings; empty unless the page asks for one and has two."""
        entries = outline(self.body)
        return entries if self.show_contents and len(entries) > 1 else []
