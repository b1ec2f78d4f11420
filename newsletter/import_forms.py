"""What staff say of a list that they bring in: the file, its columns, and where people agreed."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsletter.import_columns import Columns, guessed_columns
from newsletter.models import SubscriberImport, Topic
from pages.csv_reading import Row
from pages.transfers.forms import ColumnChoiceForm, column_field

LONGEST_SOURCE = SubscriberImport._meta.get_field("consent_source").max_length


class ColumnsForm(ColumnChoiceForm):
    """Asks which column holds what of a person."""

    held = tuple(Columns.__dataclass_fields__)

    address = column_field(_("Address"), required=True)
    name = column_field(_("Name"), help_text=_("The whole name, or the first name."))
    surname = column_field(_("Last name"), help_text=_("Where it has a column of its own."))
    language = column_field(
        _("Language"),
        help_text=_("As a code such as “en”. Rows with another get the language chosen next."),
    )

    @staticmethod
    def guessed(beginning: list[Row]) -> dict[str, int | None]:
        """Return which column is likely to hold what."""
        return vars(guessed_columns(beginning))


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
