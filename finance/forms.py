"""The form with which staff file a document, and the one for a return's figures."""

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from finance.filing_check import check_file
from finance.findings import sentences
from finance.form990 import MAX_MEGABYTES
from finance.kinds import Visibility
from finance.models import Filing, FilingFile

KEPT_FILE_SALT = "finance.kept-file"
LARGEST_RETURN = MAX_MEGABYTES * 1024 * 1024


class FilingForm(WagtailAdminModelForm):
    """A filing's form, with the file that belongs to it.

    The file is stored as soon as it arrives, whatever else is wrong with the form, so that
    nobody has to upload it again; the worker checks it meanwhile.
    """

    upload = forms.FileField(
        label=_("Upload a PDF"),
        required=False,
        allow_empty_file=True,  # the check says what is wrong with it in better words
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    replacement_reason = forms.CharField(
        label=_("Why the file is replaced"),
        required=False,
        max_length=300,
        help_text=_("Shown beside the earlier version, such as “Page 4 was missing”."),
    )
    keep_published_file = forms.BooleanField(
        label=_("Leave the refused file out and keep the published one"), required=False
    )
    opens_to_everyone = forms.BooleanField(
        label=_("Yes, everyone may see it from now on"),
        required=False,
        help_text=_("Only the board could see it until now."),
    )
    kept_file = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.new_file: FilingFile | None = None
        limit = filesizeformat(settings.FILING_MAX_BYTES)
        if "upload" in self.fields:
            self.fields["upload"].help_text = _(
                "At most %(size)s and %(pages)s pages. The file is checked and described for you, "
                "and published exactly as you upload it."
            ) % {"size": limit, "pages": settings.FILING_MAX_PAGES}
        if "slug" in self.fields and self.instance.first_published_at:
            self.fields["slug"].disabled = True
        self.published = Filing.objects.filter(pk=self.instance.pk, live=True).first()
        draft_file = self.instance.file
        if draft_file and draft_file.number is None:
            self.initial["replacement_reason"] = draft_file.reason
        if not (draft_file and draft_file.is_refused and self.published and self.published.file):
            self.fields.pop("keep_published_file", None)
        if not (self.published and self.published.is_for_the_board_alone):
            self.fields.pop("opens_to_everyone", None)

    def clean_upload(self) -> UploadedFile | None:
        """Refuse what is too large to be stored."""
        upload = self.cleaned_data.get("upload")
        if upload and upload.size > settings.FILING_MAX_BYTES:
            raise ValidationError(
                _(
                    "This file has %(size)s; at most %(limit)s can be published. Export it with "
                    "smaller pictures, or in parts."
                ),
                params={
                    "size": filesizeformat(upload.size),
                    "limit": filesizeformat(settings.FILING_MAX_BYTES),
                },
            )
        return upload

    def clean(self) -> dict:
        """Store the file, ask why one is replaced, and refuse to publish a refused one."""
        cleaned = super().clean()
        if "upload" not in self.fields:  # an inspection or a copy of the form without the file
            return cleaned
        upload = cleaned.get("upload")
        self.new_file = self._store(upload) if upload else self._kept()
        if cleaned.get("keep_published_file") and not self.new_file:
            self.instance.file = self.published.file
        if self.new_file:
            self.data = self.data.copy()
            self.data[self.add_prefix("kept_file")] = signing.dumps(
                self.new_file.pk, salt=KEPT_FILE_SALT
            )
            if self._replaces_a_published_file() and not cleaned.get("replacement_reason"):
                self.add_error(
                    "replacement_reason",
                    _("Say why, since the earlier version stays published beside this one."),
                )
        self._refuse_what_was_refused()
        self._ask_before_opening(cleaned)
        return cleaned

    def save(self, commit: bool = True):
        """Save the filing with its new file, if there is one.

        A preview saves too, without writing the filing; so it is the filing that takes the file.
        """
        if self.new_file:
            self.new_file.refresh_from_db()
            self.instance.file = self.new_file
        file = self.instance.file
        if file and file.number is None:
            file.reason = self.cleaned_data.get("replacement_reason", "")
            file.save(update_fields=["reason"])
        return super().save(commit=commit)

    def has_changed(self) -> bool:
        """Tell whether anything is different, a new file included."""
        return self.new_file is not None or super().has_changed()

    def _store(self, upload: UploadedFile) -> FilingFile:
        file = FilingFile.objects.create(
            file=upload,
            original_name=upload.name[:255],
            size=upload.size,
            uploaded_by=self.for_user,
        )
        check_file.enqueue(file.pk)
        file.refresh_from_db()
        return file

    def _kept(self) -> FilingFile | None:
        """The file that came with the form before, when something else in it was wrong."""
        token = self.cleaned_data.get("kept_file")
        if not token:
            return None
        try:
            pk = signing.loads(token, salt=KEPT_FILE_SALT, max_age=7 * 86_400)
        except signing.BadSignature:
            return None
        return FilingFile.objects.filter(pk=pk, filing=None, uploaded_by=self.for_user).first()

    def _replaces_a_published_file(self) -> bool:
        if not self.instance.pk:
            return False
        published = FilingFile.objects.filter(
            filing_id=self.instance.pk, public_since__isnull=False, is_placeholder=False
        )
        return published.exclude(pk=self.new_file.pk).exists()

    def _refuse_what_was_refused(self) -> None:
        file = self.new_file or self.instance.file
        publishes = {"action-publish", "action-submit"} & set(self.data)
        if file and file.is_refused and publishes:
            for sentence in sentences(tuple(file.findings), file.findings):
                self.add_error("upload", sentence)
        if file and file.is_withheld and publishes:
            self.add_error("upload", _("This file is withheld. Show it again, or upload another."))

    def _ask_before_opening(self, cleaned: dict) -> None:
        opens = cleaned.get("visibility") == Visibility.PUBLIC
        if "opens_to_everyone" in self.fields and opens and not cleaned.get("opens_to_everyone"):
            self.add_error(
                "opens_to_everyone",
                _("Only the board could see this filing until now. Tick this if you mean it."),
            )


class ReturnForm(forms.Form):
    """Asks for the XML of a return."""

    xml = forms.FileField(
        label=_("XML file of the return"),
        widget=forms.FileInput(attrs={"accept": "text/xml,application/xml,.xml"}),
        help_text=_(
            "The file that was sent to the IRS (e-file), of Form 990 or 990-EZ, 2009 or later. "
            "Your accountant has it; the IRS publishes it too. It is read, not kept."
        ),
    )

    def clean_xml(self) -> bytes:
        """Return the file's bytes; refuse what is too large to be a return."""
        upload = self.cleaned_data["xml"]
        if upload.size > LARGEST_RETURN:
            raise ValidationError(
                _("This file has %(size)s; no return is larger than %(limit)s."),
                params={
                    "size": filesizeformat(upload.size),
                    "limit": filesizeformat(LARGEST_RETURN),
                },
            )
        return upload.read()
