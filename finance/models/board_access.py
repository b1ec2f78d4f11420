"""Who read what in the board's library: a log that is only ever added to."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.models.filing import Filing
from finance.models.filing_file import FilingFile


class BoardAccess(models.Model):
    """One look into the board's library, or one download from it."""

    visitors_see = False  # a line begins no new generation of the site's cache

    class Act(models.TextChoices):
        """What was done."""

        VISIT = "visit", _("Opened the library")
        DOWNLOAD = "download", _("Downloaded a file")
        YEAR = "year", _("Downloaded a year")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    who = models.CharField(_("account"), max_length=254)
    act = models.CharField(_("what"), max_length=10, choices=Act)
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    filing = models.ForeignKey(
        Filing, verbose_name=_("filing"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    file = models.ForeignKey(FilingFile, null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(_("document"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of the board's log")
        verbose_name_plural = _("lines of the board's log")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["user", "-at"], name="board_access_of_a_user")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who}: {self.get_act_display()} {self.subject}"

    @property
    def when(self) -> str:
        """The time in the site's zone, as a spreadsheet reads it."""
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"
