"""The page where people sign up."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from pages.addresses import public_address
from pages.models import BasePage
from pages.models.text import BodyMixin, IntroductionMixin


def newsletter_address() -> str:
    """Return the address of the newsletter's public page; the home page while there is none."""
    return public_address(NewsletterPage) or "/"


class NewsletterPage(BodyMixin, IntroductionMixin, BasePage):
    """The sign-up with the words around it.

    What the form posts to, and the links in mails, have addresses of their own below
    /newsletter/ that stay when staff rename or move this page: mails cannot be called back.
    """

    text_fields = ("introduction", "body")
    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types = []
    max_count = 1
    page_description = _("Where people subscribe to the newsletter.")
    template = "newsletter/newsletter_page.html"

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body", heading=_("Below the form")),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("newsletter page")
