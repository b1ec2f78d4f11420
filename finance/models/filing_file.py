"""The files of a filing: each that was ever uploaded, whether it was accepted, since when it shows.

A file is never changed. A replacement is a file of its own; which one is current is said by the
filing, so that drafts, workflows and schedules hold for the file as they do for the words.
"""

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from finance.delivery import Deliverable

THUMBNAIL_NAME = "thumbnail.jpg"


def filings_storage() -> Storage:
    """Return the private storage of filings; nothing in it has an address of its own."""
    return storages["filings"]


def unguessable_name(_instance: "FilingFile", filename: str) -> str:
    """Return a name that tells nothing of the file, and that nobody can guess."""
    ending = ".jpg" if filename == THUMBNAIL_NAME else ".pdf"
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}{ending}"


class FileState(models.TextChoices):
    """How far the check of an uploaded file has come."""

    WAITING = "waiting", _("Being checked")
    ACCEPTED = "accepted", _("Checked")
    REFUSED = "refused", _("Refused")


class FilingFileQuerySet(models.QuerySet):
    """Questions asked of files."""

    def replaced(self) -> "FilingFileQuerySet":
        """Return the files that were current once, newest first, without withheld ones."""
        return self.filter(
            number__isnull=False, superseded_at__isnull=False, is_withheld=False
        ).order_by("-number")

    def replaced_in_public(self) -> "FilingFileQuerySet":
        """Return those of the replaced files that everyone could read once."""
        return self.replaced().filter(public_since__isnull=False)


class FilingFile(models.Model):
    """A PDF as it was uploaded, byte for byte, and what was found out about it."""

    filing = models.ForeignKey(
        "finance.Filing",
        verbose_name=_("filing"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="files",
    )
    file = models.FileField(_("file"), storage=filings_storage, upload_to=unguessable_name)
    original_name = models.CharField(_("name when uploaded"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("why it replaces the former file"), max_length=300, blank=True)
    is_placeholder = models.BooleanField(_("is a placeholder"), default=False)

    state = models.CharField(
        _("state"), max_length=10, choices=FileState, default=FileState.WAITING
    )
    findings = models.JSONField(_("what was found"), default=dict, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    language = models.CharField(_("language"), max_length=35, blank=True)
    is_tagged = models.BooleanField(_("tagged for screen readers"), default=False)
    thumbnail = models.FileField(
        _("picture of the first page"), storage=filings_storage, upload_to=unguessable_name
    )
    thumbnail_width = models.PositiveSmallIntegerField(default=0)
    thumbnail_height = models.PositiveSmallIntegerField(default=0)

    # Someone pressed "Publish" while the file was being checked: what is to be published then.
    publish_revision = models.ForeignKey(
        Revision, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    publish_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    number = models.PositiveIntegerField(_("version"), null=True)
    current_since = models.DateTimeField(_("current since"), null=True)
    public_since = models.DateTimeField(_("public since"), null=True)
    superseded_at = models.DateTimeField(_("replaced"), null=True)
    replaced_because = models.CharField(_("why it was replaced"), max_length=300, blank=True)
    is_withheld = models.BooleanField(_("withheld from the public"), default=False)

    objects = FilingFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "number"], name="one_file_a_version")
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_accepted(self) -> bool:
        """Whether the check found nothing against the file."""
        return self.state == FileState.ACCEPTED

    @property
    def is_waiting(self) -> bool:
        """Whether the file is still to be checked."""
        return self.state == FileState.WAITING

    @property
    def is_refused(self) -> bool:
        """Whether the check found something for which the file cannot be published."""
        return self.state == FileState.REFUSED

    def deliverable(self, filename: str) -> Deliverable:
        """Return what a browser is given for the file, to be saved under `filename`."""
        return Deliverable(
            storage_name=self.file.name,
            size=self.size,
            sha256=self.sha256,
            modified=self.current_since or self.checked_at,
            content_type="application/pdf",
            filename=filename,
        )


class FileText(models.Model):
    """The words inside a file, apart from it so that lists of files need not carry them."""

    file = models.OneToOneField(FilingFile, on_delete=models.CASCADE, related_name="text")
    words = models.TextField()

    def __str__(self) -> str:
        return f"{self.file}: {self.words[:40]}"
