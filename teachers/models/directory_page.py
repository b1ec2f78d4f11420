"""The page on which teachers are found, and a profile of each below it."""

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index

from pages.addresses import public_address
from pages.models import BasePage
from pages.models.text import BodyMixin, IntroductionMixin
from teachers.models.directory_entry import DirectoryEntry
from teachers.models.teacher import Teacher


def directory_address() -> str:
    """Return the address of the directory; empty while no page shows it."""
    return public_address(TeacherDirectoryPage)


class TeacherDirectoryPage(RoutablePageMixin, BodyMixin, IntroductionMixin, BasePage):
    """The search for teachers with its results, and profiles below it."""

    text_fields = ("introduction", "body")
    schema_type = "CollectionPage"
    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types = []
    max_count = 1
    page_description = _("Where people find an MSC teacher by place, name or training level.")
    template = "teachers/directory_page.html"

    when_nobody_is_found = models.TextField(
        _("when nobody is found"),
        max_length=600,
        blank=True,
        default=_("Write to us, and we will help you to find a teacher or a course."),
        help_text=_("Shown with the address from Settings → Organization."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        HelpPanel(
            content=_(
                "<p>The teachers, levels and programs are under <strong>Teachers</strong> in the "
                "menu on the left.</p>"
            )
        ),
        FieldPanel("when_nobody_is_found"),
        FieldPanel("body", heading=_("Below the results")),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("teacher directory")

    @path("<slug:slug>/", name="teacher")
    def teacher(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Answer with the profile of a teacher who is in the directory; 404 for anyone else."""
        entry = DirectoryEntry.objects.current().filter(slug=slug).first()
        if entry is None:
            raise Http404
        context = self.profile_context(request, entry.teacher)
        return self.render(request, template="teachers/profile.html", context_overrides=context)

    def profile_context(self, request: HttpRequest, teacher: Teacher) -> dict:
        """Return what the profile's template needs."""
        return {"page": self, "teacher": teacher}
