"""Which blocks a page may be built from, and the rules between them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.media import DocumentLinkBlock, PictureBlock, VideoBlock
from pages.blocks.sections import (
    CallToActionBlock,
    CallToActionSectionBlock,
    CardsBlock,
    CardsSectionBlock,
    MissionSummaryBlock,
    NewsletterBlock,
    NewsletterSectionBlock,
    PeopleSectionBlock,
    QuotationSectionBlock,
)
from pages.blocks.text import (
    AccordionBlock,
    CalloutBlock,
    HeadingBlock,
    QuotationBlock,
    TableBlock,
    TextBlock,
)

TEXT, FILES, ONWARD = _("Words"), _("Pictures and files"), _("Onward")


class BodyBlock(blocks.StreamBlock):
    """The body of a page of text."""

    heading = HeadingBlock(group=TEXT)
    text = TextBlock(group=TEXT)
    quotation = QuotationBlock(group=TEXT)
    callout = CalloutBlock(group=TEXT)
    accordion = AccordionBlock(group=TEXT)
    table = TableBlock(group=TEXT)
    picture = PictureBlock(group=FILES)
    document = DocumentLinkBlock(group=FILES)
    video = VideoBlock(group=FILES)
    cards = CardsBlock(group=ONWARD)
    call_to_action = CallToActionBlock(group=ONWARD)
    newsletter = NewsletterBlock(group=ONWARD)

    class Meta:
        required = False
        block_counts = {"newsletter": {"max_num": 1}}

    def clean(self, value):
        """Return the cleaned body; refuse a heading that skips a level (WCAG 1.3.1).

        The page's title is the first level, so the first heading must be of the second. Cards,
        calls to action and the newsletter bring a heading of the second level of their own.
        """
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        errors, level = {}, 1
        for index, block in enumerate(cleaned):
            if block.block_type == "heading":
                wanted = int(block.value["level"])
                if wanted > level + 1:
                    errors[index] = ValidationError(
                        _("A heading of level %(wanted)d cannot follow one of level %(level)d.")
                        % {"wanted": wanted, "level": level}
                        if level > 1
                        else _("The first heading must be a “Heading (level 2)”.")
                    )
                level = wanted
            elif block.block_type in {"call_to_action", "newsletter"} or (
                block.block_type == "cards" and block.value["heading"]
            ):
                level = 2
        if errors:
            raise blocks.StreamBlockValidationError(block_errors=errors)
        return cleaned


class HomeBlock(blocks.StreamBlock):
    """The sections of the home page, in the order in which staff put them."""

    mission_summary = MissionSummaryBlock()
    cards = CardsSectionBlock()
    quotation = QuotationSectionBlock()
    people = PeopleSectionBlock()
    call_to_action = CallToActionSectionBlock()
    newsletter = NewsletterSectionBlock()

    class Meta:
        block_counts = {"mission_summary": {"max_num": 1}, "newsletter": {"max_num": 1}}
