"""A person whom the site presents."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail import blocks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets import SlugInput
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from library.models import UploadedImage
from pages.blocks.field import BlockField
from pages.names import Monogrammed, filed, free_slug, slug_wanted

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
    """People, who can be searched."""


class Person(
    Monogrammed,
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
        blank=True,
        help_text=_(
            "The last part of the profile's address, made from the name where it is empty. When "
            "you change it, the old address leads to the new one."
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
    filing_panels = [
        FieldPanel("slug", widget=SlugInput),
        FieldPanel("sort_name"),
        PublishingPanel(),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Person")),
            ObjectList(filing_panels, heading=_("Address and order")),
        ]
    )

    search_kind = "ofkindperson"  # pages/search_index.py
    search_fields = [
        index.SearchField("search_kind"),
        index.SearchField("name", boost=3),
        index.AutocompleteField("name"),
        index.SearchField("credentials"),
        index.SearchField("short_biography"),
        index.SearchField("biography"),
        index.SearchField("current_titles"),
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
            self.sort_name = filed(self.name)
        # The form fills in the address while the name is typed, so a new person may have one that
        # is taken without having chosen it.
        if not self.slug or (self._state.adding and self._slug_is_taken()):
            self.slug = self._free_slug()

    def clean(self) -> None:
        """Refuse an address that another person has; the database knows it only when saving."""
        super().clean()
        if self._slug_is_taken():
            raise ValidationError({"slug": _("Another person has this address already.")})

    def _slug_is_taken(self) -> bool:
        others = Person.objects.filter(slug=self.slug).exclude(pk=self.pk)
        return others.filter(locale=self.locale_id or Locale.get_default().pk).exists()

    def _free_slug(self) -> str:
        wanted = slug_wanted(self.name, otherwise="person")
        others = Person.objects.filter(slug__startswith=wanted).exclude(pk=self.pk)
        return free_slug(wanted, others.values_list("slug", flat=True))

    @cached_property
    def current_seats(self) -> list:
        """The seats that the person holds today, in the order of the groups."""
        if self.pk is None:  # in a preview before the first save
            return []
        seats = self.seats.current().filter(group__live=True)
        return list(seats.select_related("group").order_by("group__sort_order", "sort_order"))

    def current_titles(self) -> str:
        """Return the titles that the person has today, as the search finds them."""
        if self.pk is None:
            return ""
        seats = self.seats.current().filter(group__live=True).select_related("group")
        return ", ".join(seat.role for seat in seats)

    def get_preview_template(self, request, mode_name: str) -> str:
        """Return the profile's template: a preview shows the profile as visitors will see it."""
        return "people/person.html"

    def get_preview_context(self, request, mode_name: str) -> dict:
        """Return the profile's context, with the leadership page around it if there is one."""
        from people.models.leadership import LeadershipPage  # which shows people itself

        page = LeadershipPage.objects.live().first() or LeadershipPage(title=_("Leadership"))
        context = super().get_preview_context(request, mode_name)
        return {**context, **page.profile_context(request, self)}
