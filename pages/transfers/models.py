"""What is stored of a list that staff bring in, and of one that they took out."""

from django.core.files.storage import storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.models.done_by_staff import DoneByStaff


def import_storage():
    """Return where uploaded lists are kept until they are read; no address leads there."""
    return storages["imports"]


class ImportState(models.TextChoices):
    """How far an import is."""

    UPLOADED = "uploaded", _("Waiting to be confirmed")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped by an error")
    CANCELLED = "cancelled", _("Canceled")


class ListImport(DoneByStaff):
    """A list that staff uploaded. The file is deleted once it is read to its end."""

    State = ImportState

    file = models.FileField(storage=import_storage, upload_to="%Y/%m", blank=True)
    original_name = models.CharField(_("file"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED
    )
    # How the file is written (encoding, delimiter) and which column holds what.
    reading = models.JSONField(default=dict)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows read"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    failure = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportedListRow(models.Model):
    """A row of a list that was brought in: which it was, and what the app notes of it."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    number = models.PositiveIntegerField(_("row"))

    class Meta:
        abstract = True
        ordering = ["number"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"row {self.number}"


class NotedExport(DoneByStaff):
    """Who took a list out, and when."""

    who = models.CharField(_("account"), max_length=254)
    at = models.DateTimeField(_("when"), default=timezone.now)
    format = models.CharField(_("format"), max_length=4)
    # Which filters were set; never the words of a search, which may be an address.
    chosen = models.CharField(_("chosen by"), max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.format}"
