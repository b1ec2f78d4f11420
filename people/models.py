"""People, the seats they hold in groups such as board and staff, and the page that shows them."""

from functools import cached_property

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail import blocks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from library.layouts import LAYOUTS
from library.models import UploadedImage
from pages.blocks.field import BlockField
from pages.generation import fragment_key
from pages.metadata import Crumb, Metadata, absolute, build_metadata
from pages.models import BasePage
from pages.models.text import IntroductionMixin
from pages.visibility import public

BIOGRAPHY_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class PersonLinkBlock(blocks.StructBlock):
    """A page of the person's elsewhere."""

    label = blocks.CharBlock(label=_("Words"), max_length=60)
    address = blocks.URLBlock(label=_("Address"))

    class Meta:
        icon = "link"
        label = _("Link")
        description = _("A page of the person's elsewhere")
        preview_value = {"label": "Example", "address": "https://example.org/"}


class PersonQuerySet(SearchableQuerySetMixin, models.QuerySet):
    """Questions asked of people."""

    def seated(self, on=None) -> "PersonQuerySet":
        """Return the published people who hold a seat on that day (today)."""
        seats = Seat.objects.current(on).filter(group__live=True)
        return self.filter(live=True, pk__in=seats.values("person"))


class Person(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """Someone whom the site presents. What groups they belong to is said by their seats."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        help_text=_(
            "The last part of the profile's address. When you change it, the old address leads "
            "to the new one."
        ),
    )
    sort_name = models.CharField(
        _("sort name"),
        max_length=120,
        blank=True,
        help_text=_(
            "How the name is filed: “Baylis, Lisa”. Left empty, the last word comes first."
        ),
    )
    pronouns = models.CharField(
        _("pronouns"), max_length=40, blank=True, help_text=_("As the person wishes, or nothing.")
    )
    credentials = models.CharField(
        _("credentials"), max_length=120, blank=True, help_text=_("Such as PhD, LCSW.")
    )
    portrait = models.ForeignKey(
        UploadedImage,
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Mark the face as the picture's focal point, so that it is never cut off. Without a "
            "portrait the initials are shown."
        ),
    )
    short_biography = models.TextField(
        _("short biography"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences, for lists and search engines."),
    )
    biography = RichTextField(_("biography"), blank=True, features=BIOGRAPHY_FEATURES)
    public_email = models.EmailField(
        _("public e-mail address"),
        blank=True,
        help_text=_("Shown to everyone. Only with the person's consent."),
    )
    links = BlockField([("link", PersonLinkBlock())], verbose_name=_("links"), blank=True)

    objects = models.Manager.from_queryset(PersonQuerySet)()

    content_panels = [
        MultiFieldPanel(
            [
                TitleFieldPanel("name", targets=["slug"], placeholder=False),
                FieldRowPanel([FieldPanel("pronouns"), FieldPanel("credentials")]),
            ],
            heading=_("Name"),
        ),
        FieldPanel("portrait"),
        FieldPanel("short_biography"),
        FieldPanel("biography"),
        MultiFieldPanel(
            [FieldPanel("public_email"), FieldPanel("links")], heading=_("To be reached at")
        ),
        HelpPanel(
            content=_(
                "<p>Where a person is shown, with which title and in which order, is set in "
                "<strong>Groups</strong>: open the group and give the person a seat.</p>"
            )
        ),
    ]
    filing_panels = [FieldPanel("slug"), FieldPanel("sort_name"), PublishingPanel()]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Person")),
            ObjectList(filing_panels, heading=_("Address and order")),
        ]
    )

    search_fields = [
        index.SearchField("name", boost=3),
        index.AutocompleteField("name"),
        index.SearchField("credentials"),
        index.SearchField("short_biography"),
        index.SearchField("biography"),
        index.RelatedFields("seats", [index.SearchField("title")]),
        index.FilterField("live"),
        index.FilterField("id"),
        index.FilterField("locale"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                name="one_person_an_address",
                violation_error_message=_("Another person has this address already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def full_clean(self, *args, **kwargs) -> None:
        """Fill in the sort name and a free address where they are empty, then check."""
        self._fill_in()
        super().full_clean(*args, **kwargs)

    def save(self, *args, **kwargs) -> None:
        """Save, with a sort name and an address even when a program made the person."""
        self._fill_in()
        super().save(*args, **kwargs)

    def _fill_in(self) -> None:
        if not self.sort_name:
            *first, last = self.name.split() or [""]
            self.sort_name = f"{last}, {' '.join(first)}" if first else last
        if not self.slug:
            self.slug = self._free_slug()

    def _free_slug(self) -> str:
        wanted = slugify(self.name)[:110] or "person"
        taken = set(
            Person.objects.filter(slug__startswith=wanted)
            .exclude(pk=self.pk)
            .values_list("slug", flat=True)
        )
        slug, number = wanted, 2
        while slug in taken:
            slug, number = f"{wanted}-{number}", number + 1
        return slug

    @property
    def initials(self) -> str:
        """The first letters of the first and last word of the name, for the monogram."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def tint(self) -> str:
        """Which of the two tints the monogram's circle has; the same on every page."""
        return ("teal", "clay")[sum(map(ord, self.name)) % 2]

    @property
    def has_profile(self) -> bool:
        """Whether the person's page says more than the list does."""
        return bool(self.biography or self.short_biography or self.links or self.public_email)

    @cached_property
    def current_seats(self) -> list["Seat"]:
        """The seats that the person holds today, in the order of the groups."""
        seats = Seat.objects.current().filter(person=self, group__live=True)
        return list(seats.select_related("group").order_by("group__sort_order", "sort_order"))

    def get_preview_template(self, request, mode_name: str) -> str:
        """Return the profile's template: a preview shows the profile as visitors will see it."""
        return "people/person.html"

    def get_preview_context(self, request, mode_name: str) -> dict:
        """Return the profile's context, with the leadership page around it if there is one."""
        page = LeadershipPage.objects.live().first() or LeadershipPage(title=_("Leadership"))
        context = super().get_preview_context(request, mode_name)
        return {**context, **page.profile_context(request, self)}


class PeopleGroup(
    DraftStateMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """A group whose members the site presents: the board, the staff, or any other."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("address"), max_length=80, help_text=_("What follows the # on the leadership page.")
    )
    introduction = models.TextField(
        _("introduction"), blank=True, max_length=600, help_text=_("Shown above the people.")
    )
    empty_message = models.TextField(
        _("when no one is in it"),
        max_length=300,
        default=_("We will introduce the members of this group here soon."),
        help_text=_("A kind sentence, shown while the group has no members."),
    )
    is_board = models.BooleanField(
        _("governs the organization"),
        default=False,
        help_text=_("Its members are named as members of the board to search engines."),
    )
    sort_order = models.PositiveIntegerField(_("order"), default=0, editable=False, db_index=True)

    panels = [
        TitleFieldPanel("name", targets=["slug"], placeholder=False),
        FieldPanel("introduction"),
        InlinePanel(
            "seats",
            label=_("Seat"),
            heading=_("Seats"),
            help_text=_(
                "Drag people into the order in which they should stand. A seat shows from its "
                "first day to its last; past seats are kept, so do not delete them."
            ),
        ),
        FieldPanel("empty_message"),
        MultiFieldPanel([FieldPanel("is_board"), FieldPanel("slug")], heading=_("More")),
        PublishingPanel(),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("live"),
        index.FilterField("locale"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["locale", "slug"], name="one_group_an_address")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Save, with an address made from the name where there is none."""
        self.slug = self.slug or slugify(self.name)[:80] or "group"
        super().save(*args, **kwargs)

    @cached_property
    def current_seats(self) -> list["Seat"]:
        """The seats held today, with people and portraits, in a fixed number of queries."""
        if self._state.adding or getattr(self, "is_previewed", False):
            today = timezone.localdate()
            return [seat for seat in self.seats.all() if seat.is_current(today)]
        return Seat.objects.presented().filter(group=self).in_order()

    @cached_property
    def page_url(self) -> str:
        """The address of the page that shows the groups; empty while none is published."""
        return profiles_address()

    def get_preview_template(self, request, mode_name: str) -> str:
        """Return the template that shows the group as the leadership page will."""
        return "people/group_preview.html"

    def get_preview_context(self, request, mode_name: str) -> dict:
        """Return the context of a preview, which shows the seats as they stand in the form."""
        self.is_previewed = True
        return {**super().get_preview_context(request, mode_name), "group": self}


class SeatQuerySet(models.QuerySet):
    """Questions asked of seats."""

    def current(self, on=None) -> "SeatQuerySet":
        """Return the seats held on that day (today), by people who are published."""
        day = on or timezone.localdate()
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day),
            Q(ends_on=None) | Q(ends_on__gte=day),
            person__live=True,
        )

    def presented(self) -> "SeatQuerySet":
        """Return today's seats with their people, portraits and the portraits' renditions."""
        renditions = UploadedImage.get_rendition_model().objects.filter(
            filter_spec__in=LAYOUTS["portrait"].specs
        )
        return (
            self.current()
            .select_related("person__portrait")
            .prefetch_related(
                Prefetch(
                    "person__portrait__renditions",
                    queryset=renditions,
                    to_attr="prefetched_renditions",
                )
            )
        )

    def in_order(self) -> list["Seat"]:
        """Return the seats as their group's editors dragged them."""
        return list(self.order_by("sort_order", "pk"))


class Seat(TranslatableMixin, Orderable):
    """A person's place in a group, with a title, from a day until a day."""

    group = ParentalKey(PeopleGroup, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="seats"
    )
    title = models.CharField(
        _("title"), max_length=120, blank=True, help_text=_("Such as Chair, or Education Director.")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day on which it is shown.")
    )

    objects = models.Manager.from_queryset(SeatQuerySet)()

    panels = [
        FieldPanel("person"),
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("seat")
        verbose_name_plural = _("seats")

    def __str__(self) -> str:
        return f"{self.person}, {self.title}" if self.title else str(self.person)

    def clean(self) -> None:
        """Refuse a seat that ends before it begins."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("It cannot end before it begins.")})

    def is_current(self, day) -> bool:
        """Tell whether the seat is held on that day by someone who is published."""
        begun = self.starts_on is None or self.starts_on <= day
        not_over = self.ends_on is None or day <= self.ends_on
        return begun and not_over and self.person.live


def profiles_address() -> str:
    """Return the address below which profiles are; empty while no page shows them.

    Asked once in each generation of the site, since every list of people needs it.
    """
    key = fragment_key("profiles-address")
    address = cache.get(key)
    if address is None:
        page = public(LeadershipPage.objects.live()).first()
        address = page.url if page else ""
        cache.set(key, address)
    return address


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
        """The published groups, each with the seats held today: as many queries for 8 as for 500."""
        groups = list(PeopleGroup.objects.filter(live=True, locale=self.locale_id))
        seats = Seat.objects.presented().filter(group__in=groups).in_order()
        for group in groups:
            group.current_seats = [seat for seat in seats if seat.group_id == group.pk]
        return groups

    def get_route_paths(self) -> list[str]:
        """Return the paths at which the page answers, so that moving it redirects them all."""
        return ["/", *(f"/{person.slug}/" for person in self.profiles())]

    def profiles(self) -> PersonQuerySet:
        """Return the people who have a profile below this page."""
        return Person.objects.seated().filter(locale=self.locale_id)

    @path("<slug:slug>/", name="person")
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
        titles = [seat.title or seat.group.name for seat in person.current_seats]
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
            for seat in group.current_seats:
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
        """Return this page and every profile below it."""
        own = super().get_sitemap_urls(request)
        address = own[0]["location"]
        return own + [
            {"location": f"{address}{person.slug}/", "lastmod": person.last_published_at}
            for person in self.profiles()
        ]
