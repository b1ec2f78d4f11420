"""Groups of people, and the seats that people hold in them."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Max, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PublishingPanel,
    TitleFieldPanel,
)
from wagtail.admin.widgets import SlugInput
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from library.layouts import prefetched
from people.models.person import Person, PersonQuerySet

MOST_OF_A_GROUP = 60  # people of a group on one page; the others have pages of their own


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
        seats = self.current().select_related("person__portrait")
        return seats.prefetch_related(prefetched("person__portrait", "portrait"))

    def in_order(self) -> "SeatQuerySet":
        """Return the seats as their group's editors dragged them."""
        return self.order_by("sort_order", "pk")

    def first_of_each_group(self, most: int) -> "SeatQuerySet":
        """Return so many of each group at most; `number_in_group` says how many there are."""
        place = Window(RowNumber(), partition_by="group", order_by=["sort_order", "pk"])
        number = Window(Count("pk"), partition_by="group")
        return self.annotate(place=place, number_in_group=number).filter(place__lte=most)


class PeopleGroup(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """A group whose members the site presents: the board, the staff, or any other."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        blank=True,
        help_text=_("What follows the # on the leadership page; made from the name where empty."),
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
        MultiFieldPanel(
            [FieldPanel("is_board"), FieldPanel("slug", widget=SlugInput)], heading=_("More")
        ),
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

    def full_clean(self, *args, **kwargs) -> None:
        """Make an address from the name where there is none, then check."""
        self._fill_in()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse an address that another part of every page has."""
        if self.slug in {"main", "menu", "top"}:
            raise ValidationError({"slug": _("Every page uses this address. Choose another.")})
        others = PeopleGroup.objects.filter(slug=self.slug).exclude(pk=self.pk)
        if others.filter(locale=self.locale_id or Locale.get_default().pk).exists():
            raise ValidationError({"slug": _("Another group has this address already.")})

    def save(self, *args, **kwargs) -> None:
        """Save, with an address made from the name where there is none."""
        self._fill_in()
        super().save(*args, **kwargs)

    def _fill_in(self) -> None:
        self.slug = self.slug or slugify(self.name)[:80] or "group"
        if self._state.adding and not self.sort_order:  # a new group comes last
            last = PeopleGroup.objects.aggregate(last=Max("sort_order"))["last"]
            self.sort_order = 0 if last is None else last + 1

    def first_seats(self, most: int) -> tuple[list["Seat"], int]:
        """Return the first seats held today, and how many there are, in a fixed few queries."""
        if self._state.adding or getattr(self, "is_previewed", False):
            today = timezone.localdate()
            seats = [seat for seat in self.seats.all() if seat.is_current(today)]
            return seats[:most], len(seats)
        first = Seat.objects.presented().filter(group=self).first_of_each_group(most)
        seats = list(first.in_order())
        # Each of them knows how many there are.
        return seats, seats[0].number_in_group if seats else 0

    @cached_property
    def page_url(self) -> str:
        """The address of the page that shows the groups; empty while none is published."""
        from people.models.leadership import profiles_address  # the page shows groups itself

        return profiles_address()

    def get_preview_template(self, request, mode_name: str) -> str:
        """Return the template that shows the group as the leadership page will."""
        return "people/group_preview.html"

    def get_preview_context(self, request, mode_name: str) -> dict:
        """Return the context of a preview, which shows the seats as they stand in the form."""
        self.is_previewed = True
        context = super().get_preview_context(request, mode_name)
        seats, _number = self.first_seats(MOST_OF_A_GROUP)
        return {**context, "group": self, "seats": seats}


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

    @property
    def role(self) -> str:
        """What the person is: the seat's title, else the group's name."""
        return self.title or self.group.name

    def is_current(self, day) -> bool:
        """Tell whether the seat is held on that day by someone who is published."""
        begun = self.starts_on is None or self.starts_on <= day
        not_over = self.ends_on is None or day <= self.ends_on
        return begun and not_over and self.person.live


def seated_people(on=None) -> PersonQuerySet:
    """Return the published people who hold a seat in a published group on that day (today)."""
    seats = Seat.objects.current(on).filter(group__live=True)
    return Person.objects.filter(live=True, pk__in=seats.values("person"))
