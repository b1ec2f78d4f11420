"""What staff decide of the directory once."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from teachers.models.levels import TrainingLevel


@register_setting(icon="group", order=140)
class TeacherSettings(BaseSiteSetting):
    """From which level teachers are listed, and whether their own changes wait for review."""

    listed_from = models.ForeignKey(
        TrainingLevel,
        verbose_name=_("listed from"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Teachers of this level and of those after it are in the directory. Left empty, it is "
            "the second level."
        ),
    )
    reviews_changes = models.BooleanField(
        _("look at teachers' own changes before they are shown"),
        default=True,
        help_text=_("They wait under Teachers → Changes. Unticked, they go live at once."),
    )

    panels = [
        HelpPanel(content=_("<p>Levels and programs are lists of their own under Teachers.</p>")),
        FieldPanel("listed_from"),
        FieldPanel("reviews_changes"),
    ]

    class Meta:
        verbose_name = _("teachers")

    def first_rank_of(self, ranks: Iterable[int]) -> int:
        """Return the rank from which on levels with these ranks are listed; 0 without any."""
        if self.listed_from:
            return self.listed_from.rank
        return ([0, *sorted(set(ranks))[:2]])[-1]


def first_listed_rank() -> int:
    """Return the rank from which on levels are listed."""
    ranks = TrainingLevel.objects.values_list("rank", flat=True)
    return teacher_settings().first_rank_of(ranks)


def teacher_settings() -> TeacherSettings:
    """Return the settings of the site; the defaults while staff have set nothing."""
    found = TeacherSettings.objects.filter(site__is_default_site=True)
    return found.select_related("listed_from").first() or TeacherSettings()
