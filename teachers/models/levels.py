"""What teachers are trained for and what they teach; both lists are the staff's."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin


class TrainingLevel(TranslatableMixin, models.Model):
    """A level of training, in CMSC's order: a higher number is further on."""

    name = models.CharField(_("name"), max_length=80)
    may_teach = models.CharField(
        _("what it may teach"),
        max_length=300,
        blank=True,
        help_text=_("One sentence, shown on each profile of this level and in the list of levels."),
    )
    rank = models.PositiveSmallIntegerField(
        _("place in the order"), help_text=_("The lowest number is the first level of training.")
    )

    panels = [FieldPanel("name"), FieldPanel("may_teach"), FieldPanel("rank")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("training level")
        verbose_name_plural = _("training levels")
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return self.name


class Program(TranslatableMixin, models.Model):
    """A program that a teacher may teach."""

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)
    sort_order = models.PositiveSmallIntegerField(
        _("place in the list"), default=0, help_text=_("The lowest number comes first.")
    )

    panels = [FieldPanel("name"), FieldPanel("description"), FieldPanel("sort_order")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["sort_order", "name", "pk"]

    def __str__(self) -> str:
        return self.name
