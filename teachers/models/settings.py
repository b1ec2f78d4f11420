"""What staff decide of the directory once."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from teachers.models.levels import TrainingLevel

NOBODY = 32_768  # one more than a rank can be


@register_setting(icon="group", order=140)
class TeacherSettings(BaseSiteSetting):
    """From which level teachers are listed, and whether their own changes wait for review."""

    listed_from = models.ForeignKey(
        TrainingLevel,
        verbose_name=_("listed from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_(
            "Teachers of this level and of those after it are in the directory. Left empty, nobody "
            "is."
        ),
    )
    reviews_changes = models.BooleanField(
        _("look at teachers' own changes before they are shown"),
        default=True,
        help_text=_(
            "They wait under Teachers → Changes to review. Unticked, they go live at once."
        ),
    )

    panels = [
        HelpPanel(content=_("<p>Levels and programs are lists of their own under Teachers.</p>")),
        FieldPanel("listed_from"),
        FieldPanel("reviews_changes"),
    ]

    class Meta:
        verbose_name = _("teachers")

    @property
    def first_listed_rank(self) -> int:
        """The rank from which on levels are listed; one that no level has where none was chosen."""
        return self.listed_from.rank if self.listed_from else NOBODY


def first_listed_rank() -> int:
    """Return the rank from which on levels are listed."""
    return teacher_settings().first_listed_rank


def teacher_settings() -> TeacherSettings:
    """Return the settings of the site; the defaults while staff have set nothing."""
    found = TeacherSettings.objects.filter(site__is_default_site=True)
    return found.select_related("listed_from").first() or TeacherSettings()
