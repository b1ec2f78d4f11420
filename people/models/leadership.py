"""The page that shows the groups with their people, and a profile of each person."""

from functools import cached_property
from math import ceil

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
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
from pages.models.text import IntroductionMixin
from pages.page_links import page_links
from pages.remembered import remembered
from people.models.groups import MOST_OF_A_GROUP, PeopleGroup, Seat, seated_people
from people.models.person import Person, PersonQuerySet


def profiles_address() -> str:
    """Return the address below which profiles are; empty while no page shows them."""
    return public_address(LeadershipPage)


def group_path(slug: str, number: int) -> str:
    """Return the path, below the leadership page, of one page of a large group."""
    return f"groups/{slug}/" if number == 1 else f"groups/{slug}/{number}/"


class LeadershipPage(RoutablePageMixin, IntroductionMixin, BasePage):
    """The groups with their people, and a profile of each person below it."""

    schema_type = "AboutPage"
    parent_page_types = ["pages.SectionPage"]
    subpage_types = []
    max_count = 1
    page_description = _("Board, staff and other groups, with a page for each person.")
    template = "people/leadership_page.html"

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        HelpPanel(
            content=_(
                "<p>The groups and their people are under <strong>People</strong> in the menu on "
                "the left. They appear here in the order set there.</p>"
            )
        ),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("leadership page")

    @cached_property
    def groups(self) -> list[PeopleGroup]:
        """The published groups with the first seats held today; in a few queries, however many."""
        groups = list(PeopleGroup.objects.filter(live=True, locale=self.locale_id))
        seats = Seat.objects.presented().filter(group__in=groups)
        seats = list(seats.first_of_each_group(MOST_OF_A_GROUP).in_order())
        for group in groups:
            group.shown_seats = [seat for seat in seats if seat.group_id == group.pk]
            group.number_in_all = group.shown_seats[0].number_in_group if group.shown_seats else 0
            group.is_cut = group.number_in_all > MOST_OF_A_GROUP
            group.pages_path = group_path(group.slug, 1)
        return groups

    def get_route_paths(self) -> list[str]:
        """Return the paths at which the page answers, so that moving it redirects them all."""
        profiles = (f"{person.slug}/" for person in self.profiles())
        return ["/", *(f"/{path}" for path in (*self.paths_of_groups(), *profiles))]

    def paths_of_groups(self) -> list[str]:
        """Return the paths below this page at which groups are that are too large for it."""
        seats = Seat.objects.current().filter(group__live=True, group__locale=self.locale_id)
        numbers = seats.values_list("group__slug").annotate(number=Count("pk"))
        return [
            group_path(slug, page)
            for slug, number in numbers.filter(number__gt=MOST_OF_A_GROUP).order_by("group__slug")
            for page in range(1, ceil(number / MOST_OF_A_GROUP) + 1)
        ]

    def profiles(self) -> PersonQuerySet:
        """Return the people who have a profile below this page."""
        return seated_people().filter(locale=self.locale_id)

    @path("")
    @method_decorator(remembered())
    def index_route(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer with all groups and whoever holds a seat today."""
        return super().index_route(request, *args, **kwargs)

    @path("groups/<slug:slug>/", name="group")
    @path("groups/<slug:slug>/<int:number>/", name="page_of_group")
    @method_decorator(remembered())
    def group(self, request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
        """Answer with one page of a large group; a small one is on this page as a whole."""
        group = PeopleGroup.objects.filter(live=True, locale=self.locale_id, slug=slug).first()
        address = self.get_url(request)
        if group is None or request.path != address + group_path(slug, number):
            raise Http404
        seats = Seat.objects.presented().filter(group=group).in_order()
        paginator = Paginator(seats, MOST_OF_A_GROUP)
        if number not in paginator.page_range:
            raise Http404
        if paginator.num_pages == 1:
            return redirect(f"{address}#{slug}")
        place = _("Page %(number)s of %(pages)s") % {
            "number": number,
            "pages": paginator.num_pages,
        }
        links = page_links(
            number, paginator.num_pages, lambda other: address + group_path(slug, other)
        )
        return self.render(
            request,
            template="people/group_page.html",
            context_overrides={
                "page": self,
                "group": group,
                "place": place,
                "seats": paginator.page(number).object_list,
                "page_links": links,
                "metadata": SimpleLazyObject(
                    lambda: build_metadata(
                        request,
                        title=group.name if number == 1 else f"{group.name}, {place}",
                        description=group.introduction,
                        breadcrumbs=[
                            *self.get_breadcrumbs(request),
                            Crumb(group.name, request.path),
                        ],
                    )
                ),
                "fragment_key": self.get_fragment_key(request),
            },
        )

    @path("<slug:slug>/", name="person")
    @method_decorator(remembered())
    def person(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Answer with the profile of someone who holds a seat today; 404 for anyone else."""
        person = self.profiles().select_related("portrait").filter(slug=slug).first()
        if person is None:
            raise Http404
        return self.render(
            request,
            template="people/person.html",
            context_overrides=self.profile_context(request, person),
        )

    def profile_context(self, request: HttpRequest, person: Person) -> dict:
        """Return what the profile's template needs."""
        metadata = SimpleLazyObject(lambda: self.profile_metadata(request, person))
        return {
            "page": self,
            "person": person,
            "metadata": metadata,
            "fragment_key": self.get_fragment_key(request) if self.pk else "",
        }

    def profile_url(self, person: Person, request: HttpRequest | None = None) -> str:
        """Return the path of a person's profile."""
        return f"{self.get_url(request)}{person.slug}/"

    def profile_metadata(self, request: HttpRequest, person: Person) -> Metadata:
        """Return what the head of a profile says: the person, as schema.org calls one."""
        crumbs = self.get_breadcrumbs(request) if self.pk else []
        titles = [seat.role for seat in person.current_seats]
        facts = {
            "@type": "Person",
            "name": person.name,
            "honorificSuffix": person.credentials,
            "jobTitle": titles[0] if titles else "",
            "description": person.short_biography,
            "email": person.public_email,
            "sameAs": [link.value["address"] for link in person.links],
            "worksFor": {"@id": absolute("/#organization")},
            "url": absolute(request.path),
        }
        return build_metadata(
            request,
            title=person.name,
            description=person.short_biography or ", ".join([person.name, *titles]),
            breadcrumbs=[*crumbs, Crumb(person.name, request.path)],
            image=person.portrait,
            kind="profile",
            graph=[{name: value for name, value in facts.items() if value}],
        )

    def structured_data(self, request: HttpRequest) -> list[dict]:
        """Return the organisation's board and staff, as schema.org names them."""
        board, staff = [], []
        for group in self.groups:
            for seat in group.shown_seats:
                entry = {
                    "@type": "Person",
                    "name": seat.person.name,
                    "jobTitle": seat.title,
                    "url": absolute(self.profile_url(seat.person, request)),
                }
                (board if group.is_board else staff).append(
                    {name: value for name, value in entry.items() if value}
                )
        people = {"member": board, "employee": staff}
        lists = {name: entries for name, entries in people.items() if entries}
        data = super().structured_data(request)
        if lists:
            data.append({"@type": "NGO", "@id": absolute("/#organization"), **lists})
        return data

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict]:
        """Return this page, the pages of large groups, and every profile below it."""
        own = super().get_sitemap_urls(request)
        address = own[0]["location"]
        of_groups = [
            {"location": f"{address}{path}", "lastmod": own[0]["lastmod"]}
            for path in self.paths_of_groups()
        ]
        profiles = [
            {"location": f"{address}{person.slug}/", "lastmod": person.last_published_at}
            for person in self.profiles()
        ]
        return [*own, *of_groups, *profiles]
