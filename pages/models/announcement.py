"""Announcements: a bar above every page, from a time to a time."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.models import PreviewableMixin, TranslatableMixin

from pages.blocks.links import validate_address


class Announcement(PreviewableMixin, TranslatableMixin, models.Model):
    """A sentence above every page, while it lasts."""

    text = models.CharField(_("words"), max_length=200, help_text=_("One sentence."))
    link_text = models.CharField(_("link's words"), max_length=60, blank=True)
    link_address = models.CharField(
        _("link's address"), max_length=500, blank=True, validators=[validate_address]
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("Left empty, it stays until you take it down."),
    )

    panels = [
        HelpPanel(
            content=_(
                "<p>An announcement stands above every page. Use it rarely: for a closure, a "
                "change that touches everyone, or an event that is about to begin. Times are those "
                "of the zone %(zone)s. To take it down, give it an end.</p>"
            )
            % {"zone": settings.TIME_ZONE}
        ),
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("link_text"), FieldPanel("link_address")]),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-starts_at", "pk"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse an end before the start, and half a link."""
        if self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It must end after it starts.")})
        if bool(self.link_text) != bool(self.link_address):
            missing = "link_address" if self.link_text else "link_text"
            raise ValidationError({missing: _("A link needs both words and an address.")})

    def get_preview_template(self, request, mode_name: str) -> str:
        """Return the template that shows the announcement on an empty page."""
        return "pages/announcement_preview.html"
