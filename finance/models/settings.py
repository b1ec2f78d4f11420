"""What must be known of the organization's taxes to say which documents are due."""

from django.db import models
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="calendar-alt", order=130)
class FinanceSettings(BaseSiteSetting):
    """The fiscal year, and which returns the organization files."""

    fiscal_year_end_month = models.PositiveSmallIntegerField(
        _("fiscal year ends with"),
        choices=list(MONTHS.items()),
        null=True,
        blank=True,
        help_text=_("Left empty, it is taken from the latest return that is filed here."),
    )
    files_990t = models.BooleanField(
        _("files Form 990-T"),
        default=False,
        help_text=_("The organization has income from an unrelated trade or business."),
    )

    panels = [
        HelpPanel(
            content=_(
                "<p>From these the list of documents that must be open to the public is made, "
                "under <strong>Finance → Disclosure</strong>. The EIN is set under "
                "<strong>Settings → Organization</strong>.</p>"
            )
        ),
        FieldPanel("fiscal_year_end_month"),
        FieldPanel("files_990t"),
    ]

    class Meta:
        verbose_name = _("finance")
