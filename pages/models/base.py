"""What all page types share: how they are described, found, linked to and cached."""

from functools import cached_property
from http import HTTPMethod

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Subquery
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.search import index
from wagtail.url_routing import RouteResult

from pages.generation import fragment_key, generation_for
from pages.metadata import Crumb, Metadata, absolute, page_metadata
from pages.remembered import declare
from pages.visibility import ROOT, public, restricted_pages

# First steps of addresses that are no page's (cmsc_site/urls.py).
RESERVED_SLUGS = {
    "account", "admin", "board", "documents", "mail", "media", "search", "social", "static",
}  # fmt: skip
HOME_DEPTH = 2  # the tree's root is 1


class BasePage(Page):
    """The base of every page type.

    What a page shows may depend on the page and the date alone, never on who asks for it.
    """

    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    schema_type = "WebPage"
    text_fields: tuple[str, ...] = ()  # whose words an excerpt in the search may show

    social_image = models.ForeignKey(
        "library.UploadedImage",
        verbose_name=_("picture for social media"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Shown where the page is shared. Left empty, a picture is drawn from the page's title."
        ),
    )

    promote_panels = [
        MultiFieldPanel(
            [
                HelpPanel(
                    content=_(
                        "<p>The search title and description are what people read in a search "
                        "engine before they decide to come. The description is also shown where "
                        "this page is listed.</p>"
                    )
                ),
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel(
                    "search_description",
                    help_text=_("One or two sentences, 160 characters at most."),
                ),
            ],
            heading=_("Found by search engines"),
        ),
        FieldPanel("social_image"),
    ]

    search_kind = "ofkindpage"  # pages/search_index.py
    search_fields = [
        *Page.search_fields,
        index.SearchField("search_kind"),
        index.SearchField("search_description"),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse an address that the site itself uses, where the page could not be reached."""
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {"slug": _("The site uses this address itself. Please choose another.")}
            )

    # --- finding the page -------------------------------------------------------------------

    def route(self, request, path_components: list[str]) -> RouteResult:
        """Find the page at the path below this one, in one query for the whole path.

        Wagtail's own way asks twice for each step of the path. The pages on the way are kept on
        the page that is found, so that breadcrumbs need no query of their own.
        """
        generation_for(request)  # before anything is read that is remembered under it
        if not path_components:
            return super().route(request, path_components)
        paths = [self.url_path]
        for component in path_components:
            paths.append(f"{paths[-1]}{component}/")
        found = list(Page.objects.filter(url_path__in=paths[1:]).order_by("depth"))
        if not found:
            raise Http404
        page = found[-1].specific
        page.trail = [*self.trail, self, *found[:-1]]
        return page.route(request, path_components[len(found) :])

    @cached_property
    def trail(self) -> list[Page]:
        """The pages above this one, from the home page down."""
        if self.depth <= HOME_DEPTH:
            return []
        return list(self.get_ancestors().filter(depth__gte=HOME_DEPTH))

    # --- describing the page ----------------------------------------------------------------

    def get_breadcrumbs(self, request) -> list[Crumb]:
        """Return the way from the home page to this page, itself last, through what is public."""
        pages = [*(page for page in self.trail if page.live), self]
        return [Crumb(page.title, page.get_url(request)) for page in pages]

    @property
    def summary(self) -> str:
        """A sentence or two on the page, for search engines and wherever it is listed."""
        return self.search_description

    def structured_data(self, request) -> list[dict]:
        """Return the page as schema.org sees it; a page type adds its own subject."""
        facts = {
            "@type": self.schema_type,
            "@id": absolute(request.path),
            "url": absolute(request.path),
            "name": self.title,
            "description": self.summary,
            "dateModified": self.last_published_at and self.last_published_at.isoformat(),
            "inLanguage": get_language(),
            "publisher": {"@id": absolute("/#organization")},
        }
        return [{name: value for name, value in facts.items() if value}]

    def get_metadata(self, request) -> Metadata:
        """Return what the page's head says of it."""
        return page_metadata(self, request)

    @property
    def neighbours(self) -> dict[str, Page]:
        """The pages before and after this one in its section, as a reader turns them."""
        if self.depth <= HOME_DEPTH:
            return {}
        siblings = public(Page.objects.sibling_of(self, inclusive=False).live()).values("pk")
        before = siblings.filter(path__lt=self.path).order_by("-path")[:1]
        after = siblings.filter(path__gt=self.path).order_by("path")[:1]
        pages = Page.objects.filter(Q(pk=Subquery(before)) | Q(pk=Subquery(after)))
        return {"before" if page.path < self.path else "after": page for page in pages}

    def get_view_restrictions(self):
        """Return the restrictions on this page and those above it.

        Which pages are private is remembered, so that no query is asked where these are not. An
        alias, which may be private because its source is, is left to Wagtail.
        """
        pages = [*self.trail, self]
        if any(page.alias_of_id for page in pages):
            return super().get_view_restrictions()
        if restricted_pages().isdisjoint([ROOT, *(page.pk for page in pages)]):
            return PageViewRestriction.objects.none()
        return PageViewRestriction.objects.filter(Q(page__in=pages) | Q(page__depth=1))

    # --- answering --------------------------------------------------------------------------

    def get_context(self, request, *args, **kwargs) -> dict:
        """Add the metadata, made only where the head is not remembered, and the key for that."""
        context = super().get_context(request, *args, **kwargs)
        context["metadata"] = SimpleLazyObject(lambda: self.get_metadata(request))
        context["fragment_key"] = self.get_fragment_key(request)
        return context

    def get_fragment_key(self, request) -> str:
        """Return the cache key of the page's main part; empty in a preview, which is not kept.

        It holds the path, since a page may answer at several, and the date, on which a seat or
        an announcement may end.
        """
        if getattr(request, "is_preview", False) or getattr(request, "is_dummy", False):
            return ""
        site = Site.find_for_request(request)
        today = timezone.localdate().isoformat()
        return fragment_key(
            "main",
            site.pk if site else 0,
            self.pk,
            request.path,
            today,
            generation=generation_for(request),
        )

    def serve_password_required_response(self, request, form, action_url) -> TemplateResponse:
        """Ask for the page's password, and say nothing of the page: neither title nor words."""
        context = {"form": form, "action_url": action_url}
        return TemplateResponse(request, "wagtailcore/password_required.html", context)

    def serve(self, request, *args, **kwargs) -> TemplateResponse:
        """Answer with the page; the query string never changes what it says."""
        request.is_preview = False
        declare(request)
        return super().serve(request, *args, **kwargs)
