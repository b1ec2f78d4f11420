"""The pictures and documents that editors upload."""

from django.core.files import File
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtail.images.models import Image as WagtailImage

from library.bare_filter import BareFilter


class UploadedImage(AbstractImage):
    """A picture. Its description is what people hear who cannot see it."""

    credit = models.CharField(
        _("credit"),
        max_length=255,
        blank=True,
        help_text=_("Who made the picture, where they ask to be named. Shown below it."),
    )

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(WagtailImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    @property
    def default_alt_text(self) -> str:
        """The description; never the title, which is often just a file's name."""
        return self.description

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        """Return the rendition's file, without the place where the picture was taken."""
        return super().generate_rendition_file(BareFilter(spec=filter.spec), source=source)


class Rendition(AbstractRendition):
    """A picture in one of the sizes and formats that a page shows."""

    image = models.ForeignKey(UploadedImage, on_delete=models.CASCADE, related_name="renditions")

    def get_upload_to(self, filename: str) -> str:
        """Return the file's path, with a part that cannot be guessed.

        All sizes of a picture are made when it is uploaded. Until a page shows it, nobody else
        can know where; and a picture that is replaced has another address.
        """
        secret = salted_hmac("rendition", f"{self.image_id}:{self.image.file_hash}").hexdigest()
        return f"images/{secret[:16]}/{self.file.field.storage.get_valid_name(filename)}"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_a_spec"
            )
        ]

    def __str__(self) -> str:
        return f"{self.image} ({self.filter_spec})"


class UploadedDocument(AbstractDocument):
    """A file that a page offers for download."""

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(WagtailDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    @property
    def kind(self) -> str:
        """The kind of file as people call it: PDF, DOCX, or nothing where it has no ending."""
        return self.file_extension.upper()
