"""Lists that staff bring in from elsewhere, and lists that they took out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.topic import Topic
from pages.transfers.models import ImportedListRow, ListImport, NotedExport, import_storage

__all__ = ["ImportedRow", "SubscriberExport", "SubscriberImport", "import_storage"]


class SubscriberImport(ListImport):
    """A list of addresses that staff uploaded."""

    consent_source = models.CharField(_("where these people agreed"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="+")
    asks_to_confirm = models.BooleanField(_("ask each person to confirm by mail"), default=False)
    known = models.PositiveIntegerField(_("known already"), default=0)
    suppressed = models.PositiveIntegerField(_("suppressed"), default=0)
    refused = models.PositiveIntegerField(_("not an address"), default=0)

    class Meta(ListImport.Meta):
        verbose_name = _("import of subscribers")
        verbose_name_plural = _("imports of subscribers")
        default_permissions = ("add", "view")


class ImportedRow(ImportedListRow):
    """A row that was not simply added, and why; it names the row and never the address."""

    class Outcome(models.TextChoices):
        """What became of the row."""

        KNOWN = "known", _("Known already: nothing was changed")
        REPEATED = "repeated", _("Twice in the file")
        SUPPRESSED = "suppressed", _("Never to be written to again: skipped")
        REFUSED = "refused", _("Not an address")

    subscriber_import = models.ForeignKey(
        SubscriberImport, on_delete=models.CASCADE, related_name="rows"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(ImportedListRow.Meta):
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        indexes = [models.Index(fields=["subscriber_import", "number"], name="rows_of_an_import")]


class SubscriberExport(NotedExport):
    """Who took a list of subscribers out, when, and how many were on it."""

    count = models.PositiveIntegerField(_("subscribers"))

    class Meta(NotedExport.Meta):
        verbose_name = _("export of subscribers")
        verbose_name_plural = _("exports of subscribers")
        default_permissions = ("view",)
