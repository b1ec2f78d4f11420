"""What staff say of a list that they bring in: the file, its columns, and where people agreed."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from newsletter.import_columns import Columns, begins_with_heads, guessed_columns
from newsletter.import_files import ReadableList, examine
from newsletter.models import SubscriberImport, Topic
from pages.csv_reading import MOST_ROWS, Row, UnreadableListError

MOST_BYTES = 20 * 1024 * 1024
LONGEST_SOURCE = SubscriberImport._meta.get_field("consent_source").max_length
LONGEST_LABEL = 40


class ListForm(forms.Form):
    """Asks for the list."""

    list = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].help_text = _(
            "A file with a row for each person, from any spreadsheet program or mailing service: "
            "at most %(rows)s rows and %(size)s. Nothing happens before you have seen how it is "
            "read."
        ) % {"rows": f"{MOST_ROWS:,}", "size": filesizeformat(MOST_BYTES)}

    def clean_list(self) -> tuple[UploadedFile, ReadableList]:
        """Return the upload, and the list that was found in it."""
        upload = self.cleaned_data["list"]
        if upload.size > MOST_BYTES:
            raise ValidationError(
                _("This file has %(size)s; at most %(most)s can be read. Import it in parts."),
                params={
                    "size": filesizeformat(upload.size),
                    "most": filesizeformat(MOST_BYTES),
                },
            )
        try:
            return upload, examine(upload)
        except UnreadableListError as error:
            raise ValidationError(str(error)) from error


class ColumnsForm(forms.Form):
    """Asks which column holds what; it offers those of the list's first rows."""

    has_heads = forms.BooleanField(
        label=_("The first row names the columns and is nobody’s address"), required=False
    )
    address = forms.TypedChoiceField(label=_("Address"), coerce=int)
    name = forms.TypedChoiceField(
        label=_("Name"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("The whole name, or the first name."),
    )
    surname = forms.TypedChoiceField(
        label=_("Last name"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("Where it has a column of its own."),
    )
    language = forms.TypedChoiceField(
        label=_("Language"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("As a code such as “en”. Rows with another get the language chosen next."),
    )

    def __init__(self, values, *, beginning: list[Row], rows: int, chosen: dict | None) -> None:
        guess = {
            "has_heads": begins_with_heads(beginning),
            **vars(guessed_columns(beginning)),
        }
        super().__init__(values, initial=chosen or guess)
        self.rows = rows
        columns = [(column, label) for column, label in enumerate(labels(beginning))]
        for name in Columns.__dataclass_fields__:
            none = [] if name == "address" else [("", _("None"))]
            self.fields[name].choices = none + columns

    def clean(self) -> dict:
        """Refuse a column that is chosen twice, and a list that is nothing but heads."""
        cleaned = super().clean()
        taken = set()
        for name in Columns.__dataclass_fields__:
            column = cleaned.get(name)
            if column in taken:
                self.add_error(name, _("This column is chosen above already."))
            elif column is not None:
                taken.add(column)
        if cleaned.get("has_heads") and self.rows < 2:
            self.add_error("has_heads", _("There is no other row in this file."))
        return cleaned

    def columns(self) -> Columns:
        """Return what was chosen, or proposed while nothing was."""
        values = self.cleaned_data if self.is_bound else self.initial
        return Columns(**{name: values[name] for name in Columns.__dataclass_fields__})


def labels(beginning: list[Row]) -> list[str]:
    """Return a label for each column: its number and what its first row holds."""
    width = max((len(row.cells) for row in beginning), default=1)
    first = beginning[0].cells if beginning else []
    cells = [*first, *[""] * (width - len(first))]
    return [
        f"{number}: {Truncator(' '.join(cell.split())).chars(LONGEST_LABEL)}"
        for number, cell in enumerate(cells, start=1)
    ]


class TermsForm(forms.Form):
    """Asks where these people agreed, and what is to become of them."""

    consent_source = forms.CharField(
        label=_("Where and when did these people agree?"),
        max_length=LONGEST_SOURCE,
        help_text=_(
            "Such as “Sign-up sheets of the conference in Lisbon, May 2026”. Kept in the history "
            "of each person, so that you can show it when you are asked."
        ),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.WAGTAIL_CONTENT_LANGUAGES)
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=Topic.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all of them."),
    )
    asks_to_confirm = forms.BooleanField(
        label=_("Ask each person to confirm by mail"),
        required=False,
        help_text=_(
            "Left off, they are subscribed at once and no mail is sent. Ticked, each gets a mail "
            "with a button, and is subscribed once they press it."
        ),
    )
