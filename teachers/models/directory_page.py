"""The page on which teachers are found, and a profile of each below it."""

from http import HTTPMethod

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index

from pages.addresses import public_address
from pages.metadata import Crumb, Metadata, absolute, build_metadata
from pages.models import BasePage
from pages.models.text import BodyMixin, IntroductionMixin
from pages.remembered import remembered
from teachers.directory.choice import PARAMETERS, read_choice
from teachers.directory.profile import Profile, person_data, profile_of
from teachers.directory.results import search
from teachers.gazetteer.search import suggest
from teachers.models.directory_entry import DirectoryEntry
from teachers.models.teacher import Teacher

# A sitemap may hold 50,000 addresses (sitemaps.org), and other pages want room in it.
MOST_IN_SITEMAP = 45_000
LONGEST_BEGINNING = 100  # characters of a place that suggestions are asked for


def directory_address() -> str:
    """Return the address of the directory; empty while no page shows it."""
    return public_address(TeacherDirectoryPage)


class TeacherDirectoryPage(RoutablePageMixin, BodyMixin, IntroductionMixin, BasePage):
    """The search for teachers with its results, and profiles below it."""

    # A message to a teacher is sent to an address below the page.
    allowed_http_methods = [*BasePage.allowed_http_methods, HTTPMethod.POST]
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

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer; no cache shows who left since, while the site is down."""
        response = super().serve(request, *args, **kwargs)
        response.may_outlive_the_site = False
        return response

    # --- the search -------------------------------------------------------------------------

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Add what the search found; only the page that nothing was asked of is remembered."""

        context = super().get_context(request, *args, **kwargs)
        reading = read_choice(request.GET)
        context["is_search"] = reading.choice.is_made or bool(reading.problems)
        if context["is_search"]:
            context["fragment_key"] = ""
        context["address"] = self.get_url(request) if self.pk else ""
        # Asked only where what is shown is not remembered.
        context["results"] = SimpleLazyObject(lambda: search(reading))
        return context

    @path("")
    @method_decorator(remembered(*PARAMETERS))
    def index_route(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer with what a search finds; all that may be asked is in the query string."""
        return super().index_route(request, *args, **kwargs)

    @path("places.json/")
    @method_decorator(remembered("q"))
    def places(self, request: HttpRequest) -> HttpResponse:
        """Answer with places whose names begin with what was typed, the likeliest first."""

        typed = request.GET.get("q", "")[:LONGEST_BEGINNING]
        found = [{"label": one.label, "kind": one.kind} for one in suggest(typed)]
        return JsonResponse({"places": found}, json_dumps_params={"ensure_ascii": False})

    # --- a teacher --------------------------------------------------------------------------

    def entry_at(self, slug: str) -> DirectoryEntry:
        """Return the entry of a teacher who is in the directory; raises Http404 for anyone else."""
        entry = DirectoryEntry.objects.current().filter(slug=slug).first()
        if entry is None:
            raise Http404
        return entry

    def address_after(self, slug: str, request: HttpRequest) -> str:
        """Return where the profile is that was at `slug` once; empty where none is shown."""
        entries = DirectoryEntry.objects.current().filter(teacher__former_slugs__slug=slug)
        now = entries.values_list("slug", flat=True).first()
        return self.profile_url(now, request) if now else ""

    @path("<slug:slug>/", name="teacher")
    @method_decorator(remembered())
    def teacher(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Answer with the profile of a teacher who is in the directory, or lead to it."""
        from teachers.contact import contact_box  # which needs the other models

        try:
            entry = self.entry_at(slug)
        except Http404:
            if moved := self.address_after(slug, request):
                return redirect(moved, permanent=True)
            raise
        # Read where the page's main part is not remembered.
        teachers = Teacher.objects.select_related("portrait", "level", "place")
        teacher = SimpleLazyObject(lambda: teachers.get(pk=entry.teacher_id))
        address = self.profile_url(entry.slug, request)
        context = self.profile_context(request, teacher)
        context["contact"] = SimpleLazyObject(lambda: contact_box(teacher, address))
        return self.render(request, template="teachers/profile.html", context_overrides=context)

    @path("<slug:slug>/write/", name="write")
    def write_to_teacher(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the form that writes to a teacher, and take what was written."""
        from teachers.contact_views import write  # which needs the other models

        return write(request, self, self.entry_at(slug))

    def profile_url(self, slug: str, request: HttpRequest | None = None) -> str:
        """Return the path of a teacher's profile."""
        return f"{self.get_url(request)}{slug}/"

    def profile_context(self, request: HttpRequest, teacher: Teacher) -> dict:
        """Return what the profile's template needs."""
        profile = SimpleLazyObject(lambda: profile_of(teacher))
        return {
            "page": self,
            "profile": profile,
            "address": self.get_url(request) if self.pk else "",
            "metadata": SimpleLazyObject(lambda: self.profile_metadata(request, profile)),
            "fragment_key": self.get_fragment_key(request) if self.pk else "",
        }

    def profile_metadata(self, request: HttpRequest, profile: Profile) -> Metadata:
        """Return what the head of a profile says: the person, as schema.org calls one."""

        crumbs = self.get_breadcrumbs(request) if self.pk else []
        return build_metadata(
            request,
            title=profile.teacher.name,
            description=profile.summary,
            breadcrumbs=[*crumbs, Crumb(profile.teacher.name, request.path)],
            image=profile.teacher.portrait,
            kind="profile",
            graph=[person_data(profile, absolute(request.path))],
        )

    # --- what machines read -----------------------------------------------------------------

    def get_route_paths(self) -> list[str]:
        """Return the paths at which the page answers, so that moving it redirects them all."""
        slugs = DirectoryEntry.objects.current().values_list("slug", flat=True)
        return ["/", *(f"/{slug}/" for slug in slugs)]

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict]:
        """Return this page and every profile below it."""
        own = super().get_sitemap_urls(request)
        address = own[0]["location"]
        entries = DirectoryEntry.objects.current().order_by("sort_name", "teacher_id")
        found = entries.values_list("slug", "teacher__last_published_at")[:MOST_IN_SITEMAP]
        return own + [
            {"location": f"{address}{slug}/", "lastmod": published} for slug, published in found
        ]
