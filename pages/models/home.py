"""The home page."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.blocks import StreamValue
from wagtail.search import index

from pages.blocks import HomeBlock
from pages.blocks.field import BlockField
from pages.blocks.links import LinkBlock
from pages.blocks.pages import load_linked_pages
from pages.chrome import chrome_for
from pages.metadata import absolute
from pages.models.base import BasePage


class HomePage(BasePage):
    """A greeting, then sections in the order in which staff arrange them."""

    hero_heading = models.CharField(
        _("greeting"),
        max_length=120,
        help_text=_("The first and largest words of the site. Up to ten words read best."),
    )
    hero_text = models.TextField(
        _("below it"), max_length=400, blank=True, help_text=_("One sentence.")
    )
    hero_links = BlockField(
        [("link", LinkBlock())],
        verbose_name=_("buttons"),
        max_num=2,
        blank=True,
        help_text=_("One or two. The first is the one most visitors should press."),
    )
    sections = BlockField(HomeBlock(), verbose_name=_("sections"), blank=True)

    text_fields = ("hero_heading", "hero_text", "sections")
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "pages.SectionPage",
        "pages.StandardPage",
        "newsletter.NewsletterPage",
        "teachers.TeacherDirectoryPage",
    ]
    max_count = 1
    page_description = _("The first page of the site.")
    template = "pages/home_page.html"

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("hero_heading"), FieldPanel("hero_text"), FieldPanel("hero_links")],
            heading=_("Greeting"),
        ),
        HelpPanel(
            content=_(
                "<p>Drag the sections into the order in which a visitor should meet them. People "
                "and mission points come from their own pages; change them there and they change "
                "here.</p>"
            )
        ),
        FieldPanel("sections"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("hero_heading"),
        index.SearchField("hero_text"),
        index.SearchField("sections"),
    ]

    class Meta:
        verbose_name = _("home page")

    @property
    def loaded_sections(self) -> StreamValue:
        """The sections, with every page that they and the buttons link to, in one query."""
        load_linked_pages(self.hero_links, self.sections)
        return self.sections

    @property
    def summary(self) -> str:
        """The page's description, else the words below the greeting."""
        return self.search_description or self.hero_text

    def structured_data(self, request) -> list[dict]:
        """Return the page, and the site with its search."""
        site = {
            "@type": "WebSite",
            "@id": absolute("/#website"),
            "url": absolute("/"),
            "name": chrome_for(request).organisation.name,
            "publisher": {"@id": absolute("/#organization")},
            "potentialAction": {
                "@type": "SearchAction",
                "target": absolute(f"{reverse('search')}?q={{query}}"),
                "query-input": "required name=query",
            },
        }
        return [*super().structured_data(request), site]
