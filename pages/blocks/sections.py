"""Blocks that lead on: cards, calls to action, and the sections of the home page."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from pages.blocks.images import PreparedImageChooserBlock
from pages.blocks.links import LinkBlock, LinkValue
from pages.blocks.text import SHORT_FEATURES
from pages.visibility import public

TINTS = [("paper", _("Paper")), ("sage", _("Sage")), ("sand", _("Sand"))]


class CardValue(LinkValue):
    """A card as an editor filled it in."""

    @property
    def summary(self) -> str:
        """The card's words: the editor's, else the page's own description."""
        return self.get("summary_text") or (self.page.search_description if self.page else "")


class CardBlock(LinkBlock):
    """A card that leads to a page."""

    summary_text = blocks.TextBlock(
        label=_("A sentence or two"),
        required=False,
        max_length=300,
        rows=3,
        help_text=_("Left empty, the page's own description is shown."),
    )
    image = PreparedImageChooserBlock(
        label=_("Picture"), required=False, help_text=_("Decoration; the words say it all.")
    )

    class Meta:
        icon = "doc-empty-inverse"
        label = _("Card")
        description = _("A card that leads to a page")
        value_class = CardValue


class CardsBlock(blocks.StructBlock):
    """Cards side by side."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        required=False,
        max_length=80,
        help_text=_("With a heading, each card's title becomes a heading below it."),
    )
    cards = blocks.ListBlock(CardBlock(), label=_("Cards"), min_num=1, max_num=12)

    class Meta:
        icon = "grip"
        label = _("Cards")
        description = _("Cards side by side, each leading to a page")
        template = "components/blocks/cards.html"
        preview_value = {
            "heading": _("Read on"),
            "cards": [
                {"text": _("Our mission"), "address": "/", "summary_text": _("What we are for.")},
                {"text": _("Our people"), "address": "/", "summary_text": _("Who we are.")},
            ],
        }


class CallToActionBlock(blocks.StructBlock):
    """One thing to do next."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=100)
    text = blocks.RichTextBlock(label=_("Text"), required=False, features=SHORT_FEATURES)
    link = LinkBlock(label=_("Button"))

    class Meta:
        icon = "arrow-right-full"
        label = _("Call to action")
        description = _("One thing to do next, with a button")
        template = "components/blocks/call_to_action.html"
        preview_value = {
            "heading": _("Find an MSC teacher"),
            "text": "<p>By location, name or training level.</p>",
            "link": {"text": _("Search"), "address": "/"},
        }


class SectionBlock(blocks.StructBlock):
    """A band across the home page; the base of those below."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=100)
    tint = blocks.ChoiceBlock(
        label=_("Background"), choices=TINTS, default="paper", search_index=False
    )

    class Meta:
        abstract = True


class MissionSummaryBlock(SectionBlock):
    """The vision and the first points of the mission, from the mission page."""

    points = blocks.IntegerBlock(label=_("Points to show"), default=4, min_value=0, max_value=20)

    class Meta:
        icon = "clipboard-list"
        label = _("Mission summary")
        description = _("The vision and the first mission points, kept true to the mission page")
        template = "components/blocks/mission_summary.html"
        preview_value = {"heading": _("Our vision"), "tint": "paper", "points": 4}

    def get_context(self, value, parent_context=None):
        """Add the mission page, wherever it stands, and the points to show from it."""
        from pages.models import MissionPage

        context = super().get_context(value, parent_context)
        mission = public(MissionPage.objects.live()).first()
        context["mission"] = mission
        context["points"] = mission.points.all()[: value["points"]] if mission else []
        return context


class CardsSectionBlock(SectionBlock):
    """A band of cards."""

    cards = blocks.ListBlock(CardBlock(), label=_("Cards"), min_num=1, max_num=12)

    class Meta:
        icon = "grip"
        label = _("Cards")
        description = _("A band of cards, each leading to a page")
        template = "components/blocks/cards_section.html"
        preview_value = {"tint": "paper", **CardsBlock._meta_class.preview_value}


class PeopleSectionBlock(SectionBlock):
    """The people of one group."""

    MOST = 24  # of a larger group the others are a link away

    group = SnippetChooserBlock("people.PeopleGroup", label=_("Group"))
    link = LinkBlock(label=_("Link below"), optional=True)

    def get_context(self, value: blocks.StructValue, parent_context: dict | None = None) -> dict:
        """Add the seats to show, and how many there are in all where these are not all."""
        context = super().get_context(value, parent_context)
        group = value.get("group")
        seats, number = group.first_seats(self.MOST) if group else ([], 0)
        context["seats"] = seats
        context["number_in_all"] = number if number > len(seats) else 0
        return context

    class Meta:
        icon = "group"
        label = _("People")
        description = _("The people of one group, with their portraits")
        template = "components/blocks/people_section.html"
        preview_template = "components/blocks/people_section_preview.html"
        preview_value = {"heading": _("Our staff"), "tint": "sage", "group": None}


class QuotationSectionBlock(blocks.StructBlock):
    """Someone's words across the page."""

    quotation = blocks.TextBlock(label=_("Quotation"), help_text=_("Without quotation marks."))
    attribution = blocks.CharBlock(label=_("Said by"), required=False, max_length=120)
    tint = blocks.ChoiceBlock(
        label=_("Background"), choices=TINTS, default="sand", search_index=False
    )

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        description = _("Someone's words, large, across the page")
        template = "components/blocks/quotation_section.html"
        preview_value = {
            "quotation": _("Fostering a worldwide community of practice."),
            "attribution": _("From our mission"),
            "tint": "sand",
        }


class CallToActionSectionBlock(SectionBlock):
    """One thing to do next, across the page."""

    text = blocks.RichTextBlock(label=_("Text"), required=False, features=SHORT_FEATURES)
    link = LinkBlock(label=_("Button"))

    class Meta:
        icon = "arrow-right-full"
        label = _("Call to action")
        description = _("One thing to do next, across the page")
        template = "components/blocks/call_to_action_section.html"
        preview_value = {
            "heading": _("Find an MSC teacher"),
            "text": "<p>By location, name or training level.</p>",
            "tint": "sage",
            "link": {"text": _("Search"), "address": "/"},
        }


class NewsletterBlock(blocks.StructBlock):
    """The invitation to the newsletter, with the form to sign up."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=100)
    text = blocks.CharBlock(label=_("Text"), required=False, max_length=300)

    class Meta:
        icon = "mail"
        label = _("Newsletter")
        description = _("The invitation to the newsletter, with the form to sign up")
        template = "components/blocks/newsletter.html"
        preview_value = {
            "heading": _("Subscribe to our email newsletter"),
            "text": _("A sentence on what people will read there."),
        }


class NewsletterSectionBlock(NewsletterBlock):
    """The same in a band of its own, across the page."""

    class Meta:
        description = _("The invitation to the newsletter, in a band of its own")
        template = "components/blocks/newsletter_section.html"
