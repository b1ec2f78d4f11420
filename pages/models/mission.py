"""The page of vision, mission and values."""

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail.search import index

from pages.models.base import BasePage

ANCHOR_WORDS = 5
RESERVED_ANCHORS = {"main", "mission", "top", "values", "vision", "footer"}


class Statement(TranslatableMixin, Orderable):
    """One sentence in an ordered list, with an address of its own."""

    text = models.TextField(_("words"), max_length=600)
    anchor = models.SlugField(
        _("address"),
        max_length=80,
        blank=True,
        help_text=_(
            "What follows the # in the address of this point. It is made from the first words "
            "and then stays, so that links to it keep working."
        ),
    )

    panels = [FieldPanel("text"), FieldPanel("anchor")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.text

    def save(self, *args, **kwargs) -> None:
        """Save, with an address of its own, made from the first words where there is none yet."""
        if not self.anchor or self.anchor in self._taken_anchors():
            self.anchor = self._free_anchor()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "anchor"}
        super().save(*args, **kwargs)

    def _taken_anchors(self) -> set[str]:
        return RESERVED_ANCHORS | self.page.statement_anchors(besides=self)

    def _free_anchor(self) -> str:
        """The first words as an address that no other statement of the page has."""
        words = slugify(" ".join(self.text.split()[:ANCHOR_WORDS]))[:70].strip("-")
        wanted = self.anchor[:70] or words or "point"
        taken = self._taken_anchors()
        number, anchor = 2, wanted
        while anchor in taken:
            anchor, number = f"{wanted}-{number}", number + 1
        return anchor


class MissionPoint(Statement):
    """One of the ways in which the mission is accomplished."""

    page = ParentalKey("pages.MissionPage", on_delete=models.CASCADE, related_name="points")

    class Meta(Statement.Meta):
        verbose_name = _("mission point")
        verbose_name_plural = _("mission points")


class MissionValue(Statement):
    """One of the organisation's values."""

    page = ParentalKey("pages.MissionPage", on_delete=models.CASCADE, related_name="values")

    class Meta(Statement.Meta):
        verbose_name = _("value")
        verbose_name_plural = _("values")


class MissionPage(BasePage):
    """Vision, mission with its points, and values."""

    vision_heading = models.CharField(_("heading"), max_length=80, default=_("Vision Statement:"))
    vision_statement = models.TextField(_("vision statement"))
    mission_heading = models.CharField(_("heading"), max_length=80, default=_("Our Mission:"))
    mission_opening = models.TextField(
        _("opening"), help_text=_("What comes before the points and leads to them.")
    )
    values_heading = models.CharField(_("heading"), max_length=80, default=_("Our Values:"))

    text_fields = ("vision_statement", "mission_opening", "points", "values")
    schema_type = "AboutPage"
    parent_page_types = ["pages.SectionPage"]
    subpage_types = []
    max_count = 1
    page_description = _("Vision, mission and values, each point with an address of its own.")
    template = "pages/mission_page.html"

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("vision_heading"), FieldPanel("vision_statement")], heading=_("Vision")
        ),
        MultiFieldPanel(
            [
                FieldPanel("mission_heading"),
                FieldPanel("mission_opening"),
                InlinePanel("points", label=_("Mission point"), heading=_("Mission points")),
            ],
            heading=_("Mission"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("values_heading"),
                InlinePanel("values", label=_("Value"), heading=_("Values")),
            ],
            heading=_("Values"),
        ),
        HelpPanel(
            content=_(
                "<p>The home page shows the vision and the first mission points from here.</p>"
            )
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("vision_statement"),
        index.SearchField("mission_opening"),
        index.RelatedFields("points", [index.SearchField("text")]),
        index.RelatedFields("values", [index.SearchField("text")]),
    ]

    class Meta:
        verbose_name = _("mission page")

    def statement_anchors(self, *, besides: Statement) -> set[str]:
        """Return the addresses that the page's other points and values have."""
        others = [*self.points.all(), *self.values.all()]
        return {
            other.anchor
            for other in others
            if other.anchor and other.translation_key != besides.translation_key
        }

    @property
    def summary(self) -> str:
        """The page's description, else the vision."""
        return self.search_description or self.vision_statement

    @property
    def vision_sentences(self) -> tuple[str, str]:
        """The vision's first sentence, which is set large, and what follows it."""
        first, dot, rest = self.vision_statement.partition(". ")
        return first + dot.strip(), rest
