"""The organisation's own facts, and the menus."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from pages.blocks.field import BlockField
from pages.blocks.links import MenuItemBlock


class SocialProfileBlock(blocks.StructBlock):
    """The organisation on a social network."""

    name = blocks.CharBlock(label=_("Network"), max_length=40)
    address = blocks.URLBlock(label=_("Address"))

    class Meta:
        icon = "group"
        label = _("Profile")
        description = _("The organisation's page on a social network")
        preview_value = {"name": "Example", "address": "https://example.org/"}


@register_setting(icon="home", order=100)
class OrganisationSettings(BaseSiteSetting):
    """What the site says of the organisation on every page. Nothing empty is shown."""

    name = models.CharField(_("name"), max_length=120, default="Center for Mindful Self-Compassion")
    short_name = models.CharField(_("short name"), max_length=20, default="CMSC")
    ein = models.CharField(
        _("EIN"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^\d{2}-\d{7}$", _("An EIN looks like 12-3456789."))],
        help_text=_("The employer identification number that the IRS gave: 12-3456789."),
    )
    postal_address = models.TextField(_("postal address"), blank=True, max_length=400)
    email = models.EmailField(_("e-mail address"), blank=True, help_text=_("Shown to everyone."))
    social_profiles = BlockField(
        [("profile", SocialProfileBlock())], verbose_name=_("social profiles"), blank=True
    )
    donation_url = models.URLField(
        _("donation link"), blank=True, help_text=_("Where people can give. Shown in the footer.")
    )
    footer_text = models.CharField(_("footer text"), max_length=300, blank=True)
    default_social_image = models.ForeignKey(
        "library.UploadedImage",
        verbose_name=_("picture for social media"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Shown where a page without a picture of its own is shared. Left empty, a picture is "
            "drawn from each page's title."
        ),
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("short_name"), FieldPanel("ein")],
            heading=_("Who we are"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("email"),
                FieldPanel("postal_address"),
                FieldPanel("social_profiles"),
                FieldPanel("donation_url"),
            ],
            heading=_("How to reach and support us"),
        ),
        FieldPanel("footer_text"),
        FieldPanel("default_social_image"),
    ]

    class Meta:
        verbose_name = _("organization")


@register_setting(icon="list-ul", order=110)
class MenuSettings(BaseSiteSetting):
    """The menus above and below every page."""

    main = BlockField(
        [("item", MenuItemBlock())], verbose_name=_("main menu"), blank=True, max_num=8
    )
    footer = BlockField(
        [("item", MenuItemBlock())], verbose_name=_("footer menu"), blank=True, max_num=8
    )

    panels = [
        HelpPanel(
            content=_(
                "<p>Drag entries into order. An entry leads to a page or an address; entries "
                "below it make a second level. An entry whose page is not published is not "
                "shown.</p>"
            )
        ),
        FieldPanel("main"),
        FieldPanel("footer"),
    ]

    class Meta:
        verbose_name = _("menus")
