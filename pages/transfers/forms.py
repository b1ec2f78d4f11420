"""What staff are asked of any list that they bring in: the file, and what stands where."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from pages.csv_reading import MOST_ROWS, Row, UnreadableListError
from pages.transfers.columns import begins_with_heads
from pages.transfers.files import ReadableList, examine

MOST_BYTES = 20 * 1024 * 1024
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


class ColumnChoiceForm(forms.Form):
    """Asks which column holds what; it offers those of the list's first rows.

    A form of an app names what may be held as fields of its own, in `held`, and guesses where it
    is. The first of them has to have a column.
    """

    held: tuple[str, ...] = ()
    has_heads = forms.BooleanField(
        label=_("The first row names the columns and is nobody’s address"), required=False
    )

    def __init__(self, values, *, beginning: list[Row], rows: int, chosen: dict | None) -> None:
        guess = {"has_heads": begins_with_heads(beginning), **self.guessed(beginning)}
        super().__init__(values, initial=chosen or guess)
        self.rows = rows
        columns = list(enumerate(labels(beginning)))
        for name in self.held:
            none = [] if name == self.held[0] else [("", _("None"))]
            self.fields[name].choices = none + columns

    @staticmethod
    def guessed(beginning: list[Row]) -> dict[str, int | None]:
        """Return which column is likely to hold what, in a list that begins with these rows."""
        raise NotImplementedError

    def clean(self) -> dict:
        """Refuse a column that is chosen twice, and a list that is nothing but heads."""
        cleaned = super().clean()
        taken = set()
        for name in self.held:
            column = cleaned.get(name)
            if column in taken:
                self.add_error(name, _("This column is chosen above already."))
            elif column is not None:
                taken.add(column)
        if cleaned.get("has_heads") and self.rows < 2:
            self.add_error("has_heads", _("There is no other row in this file."))
        return cleaned

    def chosen(self) -> dict[str, int | None]:
        """Return what was chosen, or proposed while nothing was."""
        values = self.cleaned_data if self.is_bound else self.initial
        return {name: values[name] for name in self.held}


def column_field(label, *, required: bool = False, help_text="") -> forms.TypedChoiceField:
    """Return a field that asks for the number of a column, None where there is none."""
    return forms.TypedChoiceField(
        label=label, coerce=int, required=required, empty_value=None, help_text=help_text
    )


def labels(beginning: list[Row]) -> list[str]:
    """Return a label for each column: its number and what its first row holds."""
    width = max((len(row.cells) for row in beginning), default=1)
    first = beginning[0].cells if beginning else []
    cells = [*first, *[""] * (width - len(first))]
    return [
        f"{number}: {Truncator(' '.join(cell.split())).chars(LONGEST_LABEL)}"
        for number, cell in enumerate(cells, start=1)
    ]
