"""Blocks of words: headings, text, quotations, callouts, accordions, tables."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "hr"]
SHORT_FEATURES = ["bold", "italic", "link"]


class HeadingBlock(blocks.StructBlock):
    """A heading in the page's text."""

    text = blocks.CharBlock(label=_("Words"), max_length=120)
    level = blocks.ChoiceBlock(
        label=_("Level"),
        choices=[
            ("2", _("Heading (level 2)")),
            ("3", _("Heading below it (level 3)")),
            ("4", _("Heading below that (level 4)")),
        ],
        default="2",
        search_index=False,
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("A heading; long pages list them at the top")
        template = "components/blocks/heading.html"
        preview_value = {"text": _("What is self-compassion?"), "level": "2"}


class TextBlock(blocks.RichTextBlock):
    """Paragraphs and lists."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs and lists, with bold, italic and links")
        template = "components/blocks/text.html"
        preview_value = "<p>A paragraph, with <b>bold</b> and <i>italic</i> words.</p>"


class QuotationBlock(blocks.StructBlock):
    """Someone's words."""

    quotation = blocks.TextBlock(label=_("Quotation"), help_text=_("Without quotation marks."))
    attribution = blocks.CharBlock(
        label=_("Said by"), required=False, max_length=120, help_text=_("A name, or nothing.")
    )
    source = blocks.CharBlock(
        label=_("Where"), required=False, max_length=200, help_text=_("A book, a talk, a year.")
    )

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        description = _("Someone's words, set large")
        template = "components/blocks/quotation.html"
        preview_value = {
            "quotation": _("Fostering a worldwide community of practice."),
            "attribution": _("From our mission"),
        }


class CalloutBlock(blocks.StructBlock):
    """A few words apart from the text."""

    tone = blocks.ChoiceBlock(
        label=_("Tone"),
        choices=[("note", _("A note")), ("care", _("Please take care"))],
        default="note",
        search_index=False,
    )
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=80)
    text = blocks.RichTextBlock(label=_("Text"), features=SHORT_FEATURES)

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        description = _("A few words set apart, to be noticed")
        template = "components/blocks/callout.html"
        preview_value = {
            "tone": "note",
            "title": _("Good to know"),
            "text": "<p>A few words that stand apart from the text.</p>",
        }


class AccordionItemBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock(label=_("Question or title"), max_length=160)
    answer = blocks.RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)

    class Meta:
        icon = "help"
        label = _("Question")
        description = _("A question and its answer")


class AccordionBlock(blocks.StructBlock):
    """Questions that open to show their answers."""

    items = blocks.ListBlock(AccordionItemBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "collapse-down"
        label = _("Accordion")
        description = _("Questions that open to show their answers")
        template = "components/blocks/accordion.html"
        preview_value = {
            "items": [
                {"question": _("Who is it for?"), "answer": "<p>Anyone.</p>"},
                {"question": _("Where do I begin?"), "answer": "<p>Where you are.</p>"},
            ]
        }


class TableBlock(blocks.StructBlock):
    """A table with a caption and header cells."""

    caption = blocks.CharBlock(
        label=_("Caption"),
        max_length=200,
        help_text=_("What the table shows. It is read out before the table."),
    )
    first_column_is_header = blocks.BooleanBlock(
        label=_("The first column names the rows"), required=False, default=True
    )
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.DecimalBlock(label=_("Number"), required=False)),
            (
                "rich_text",
                blocks.RichTextBlock(
                    label=_("Text with links"), features=SHORT_FEATURES, required=False
                ),
            ),
        ],
        label=_("Table"),
        help_text=_("Every column needs a heading."),
    )

    class Meta:
        icon = "table"
        label = _("Table")
        description = _("Rows and columns with headings")
        template = "components/blocks/table.html"

    def get_preview_value(self):
        """Return a small table for the block's picture in the editor."""
        columns = [
            {"type": "text", "heading": str(_("Format"))},
            {"type": "text", "heading": str(_("Where"))},
        ]
        rows = [{"values": ["MSC", str(_("In person"))]}, {"values": ["SC", str(_("Online"))]}]
        return self.to_python(
            {
                "caption": str(_("Two ways to take part")),
                "first_column_is_header": True,
                "table": {"columns": columns, "rows": rows, "caption": ""},
            }
        )

    def clean(self, value):
        """Return the cleaned table; refuse one with a column that has no heading, or no rows."""
        cleaned = super().clean(value)
        table = cleaned["table"]
        if self.is_deferred_validation:
            return cleaned
        if not table.columns or not table.row_data:
            message = _("The table needs at least one column and one row.")
        elif any(not column["heading"].strip() for column in table.columns):
            message = _("Give every column a heading, so that the table can be read aloud.")
        else:
            return cleaned
        raise StructBlockValidationError({"table": ValidationError(message)})
