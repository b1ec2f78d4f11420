"""Links to a page of the site or to an address elsewhere, and what is made of them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from pages.blocks.pages import PooledPageChooserBlock

SCHEMES = ("mailto:", "tel:")


def validate_address(value: str) -> None:
    """Raise ValidationError unless `value` is an address that a link may lead to.

    That is a path on this site, a part of the page (#…), https, http, mailto or tel; never
    javascript: or data:, which would run as the site itself.
    """
    plain = value.isprintable() and not {"\\", " "} & set(value)
    if plain and value.startswith(("/", "#")) and not value.startswith("//"):
        return
    if plain and value.startswith(SCHEMES):
        return
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        raise ValidationError(
            _("This is not an address. It starts with https://, mailto:, tel: or a slash."),
            code="invalid",
        ) from None


@dataclass(frozen=True)
class Link:
    """A link that is ready to show."""

    label: str
    url: str
    prominent: bool = False


class LinkValue(blocks.StructValue):
    """A link as an editor filled it in."""

    @property
    def page(self):
        """The chosen page while it is published, else nothing."""
        page = self.get("page")
        return page if page is not None and page.live else None

    @property
    def url(self) -> str:
        """Where the link leads; empty when the page it led to is not published."""
        if self.get("page") is not None:
            return self.page.url if self.page else ""
        return self.get("address") or ""

    @property
    def label(self) -> str:
        """The words of the link: the editor's, else the page's title."""
        return self.get("text") or (self.page.title if self.page else "")


class LinkBlock(blocks.StructBlock):
    """A link: a page of this site, or an address elsewhere."""

    text = blocks.CharBlock(
        label=_("Words"),
        required=False,
        max_length=80,
        help_text=_("What the link says. Left empty, it says the page's title."),
    )
    page = PooledPageChooserBlock(label=_("Page"), required=False)
    address = blocks.CharBlock(
        label=_("or address"),
        required=False,
        max_length=500,
        validators=[validate_address],
        search_index=False,
        help_text=_("https://…, mailto:…, tel:… or a path of this site such as /search/."),
    )

    class Meta:
        icon = "link"
        label = _("Link")
        description = _("A link to a page of this site or to another address")
        value_class = LinkValue
        optional = False
        preview_value = {"text": _("Our mission"), "address": "/about/mission/"}

    def clean(self, value):
        """Return the cleaned link; refuse one with two targets, or with none where one is due."""
        cleaned = super().clean(value)
        page, address, text = cleaned.get("page"), cleaned.get("address"), cleaned.get("text")
        if self.is_deferred_validation:  # a draft is saved as it is
            return cleaned
        if page and address:
            raise StructBlockValidationError(
                {"address": ValidationError(_("Choose a page or give an address, not both."))}
            )
        leads_on = bool(cleaned.get("items"))  # a menu entry may just hold others
        if (text or not self.meta.optional) and not (page or address or leads_on):
            raise StructBlockValidationError(
                {"page": ValidationError(_("Choose a page, or give an address below."))}
            )
        if address and not text:
            raise StructBlockValidationError(
                {"text": ValidationError(_("Say what the link leads to."))}
            )
        return cleaned


class MenuItemValue(LinkValue):
    """A menu entry with the entries below it."""

    @property
    def children(self) -> list[LinkValue]:
        """The entries of the second level."""
        return list(self.get("items") or [])


class MenuItemBlock(LinkBlock):
    """An entry of a menu, with a second level below it."""

    prominent = blocks.BooleanBlock(
        label=_("Show as a button"),
        required=False,
        help_text=_("For the one thing most visitors come for."),
    )
    items = blocks.ListBlock(
        LinkBlock(label=_("Entry")),
        label=_("Entries below it"),
        default=[],
        required=False,
        max_num=12,
    )

    class Meta:
        icon = "list-ul"
        label = _("Entry")
        description = _("An entry of the menu, with more entries below it if you like")
        value_class = MenuItemValue
