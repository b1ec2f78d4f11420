"""What a subscriber may choose to hear about; the list is the staff's."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin


class Topic(TranslatableMixin, models.Model):
    """A topic of the newsletter. Someone who chose none hears of all."""

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=200, blank=True)
    is_offered = models.BooleanField(
        _("offered"),
        default=True,
        help_text=_("Untick it to offer the topic no longer; who chose it keeps it."),
    )
    sort_order = models.PositiveSmallIntegerField(
        _("place in the list"), default=0, help_text=_("The lowest number comes first.")
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        FieldPanel("is_offered"),
        FieldPanel("sort_order"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name
