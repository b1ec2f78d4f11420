"""Lists that staff bring in from elsewhere, and lists that they took out."""

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.topic import Topic


def import_storage():
    """Return where uploaded lists are kept until they are read; no address leads there."""
    return storages["imports"]


class SubscriberImport(models.Model):
    """A list of addresses that staff uploaded. The file is deleted once it is read to its end."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        """How far the import is."""

        UPLOADED = "uploaded", _("Waiting to be confirmed")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped by an error")
        CANCELLED = "cancelled", _("Cancelled")

    file = models.FileField(storage=import_storage, upload_to="%Y/%m", blank=True)
    original_name = models.CharField(_("file"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    # How the file is written (encoding, delimiter) and which column holds what.
    reading = models.JSONField(default=dict)
    consent_source = models.CharField(_("where these people agreed"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="+")
    asks_to_confirm = models.BooleanField(_("ask each person to confirm by mail"), default=False)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows read"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    known = models.PositiveIntegerField(_("known already"), default=0)
    suppressed = models.PositiveIntegerField(_("suppressed"), default=0)
    refused = models.PositiveIntegerField(_("not an address"), default=0)
    failure = models.CharField(_("error"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of subscribers")
        verbose_name_plural = _("imports of subscribers")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportedRow(models.Model):
    """A row that was not simply added, and why; it names the row and never the address."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    class Outcome(models.TextChoices):
        """What became of the row."""

        KNOWN = "known", _("Known already: nothing was changed")
        REPEATED = "repeated", _("Twice in the file")
        SUPPRESSED = "suppressed", _("Never to be written to again: skipped")
        REFUSED = "refused", _("Not an address")

    subscriber_import = models.ForeignKey(
        SubscriberImport, on_delete=models.CASCADE, related_name="rows"
    )
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["number"]
        default_permissions = ()
        indexes = [models.Index(fields=["subscriber_import", "number"], name="rows_of_an_import")]

    def __str__(self) -> str:
        return f"row {self.number}"


class SubscriberExport(models.Model):
    """Who took a list of subscribers out, when, and how many were on it."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    who = models.CharField(_("account"), max_length=254)
    at = models.DateTimeField(_("when"), default=timezone.now)
    format = models.CharField(_("format"), max_length=4)
    count = models.PositiveIntegerField(_("subscribers"))
    # Which filters were set; never the words of a search, which may be an address.
    chosen = models.CharField(_("chosen by"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("export of subscribers")
        verbose_name_plural = _("exports of subscribers")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.format}"
