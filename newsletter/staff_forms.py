"""What staff enter of a subscriber."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsletter.forms import SignUpForm
from newsletter.models import ConsentEvent, Subscriber, Topic
from pages.email_addresses import Address, BadAddress, parse_address

LONGEST_NOTE = ConsentEvent._meta.get_field("note").max_length


class PersonForm(forms.Form):
    """Name, language and topics."""

    name = forms.CharField(label=_("Name"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.WAGTAIL_CONTENT_LANGUAGES)
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=Topic.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all of them."),
    )

    clean_name = SignUpForm.clean_name  # the rule for visitors holds for staff too


class ChangeForm(PersonForm):
    """What staff may change of someone; the state is the person's own."""

    @classmethod
    def of(cls, subscriber: Subscriber, values=None) -> "ChangeForm":
        """Return the form with what is stored, or with what was sent."""
        form = cls(
            values,
            initial={
                "name": subscriber.name,
                "language": subscriber.language,
                "topics": subscriber.topics.all(),
            },
        )
        known = dict(settings.WAGTAIL_CONTENT_LANGUAGES)
        if subscriber.language not in known:  # one that the site spoke once
            form.fields["language"].choices += [(subscriber.language, subscriber.language)]
        return form


class AddForm(PersonForm):
    """A person who told staff that they agree."""

    address = forms.CharField(label=_("Address"), max_length=320)
    note = forms.CharField(
        label=_("Where and when did this person agree?"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in their history, so that you can show it when you are asked."),
    )
    how = forms.ChoiceField(
        label=_("What now?"),
        choices=[
            ("at-once", _("Put them on the list at once")),
            ("mail", _("Send them a mail with a button to confirm")),
        ],
        widget=forms.RadioSelect,
        initial="at-once",
    )
    asked_again = forms.BooleanField(
        label=_("This person asked to be written to again"), required=False
    )

    field_order = ["address", "name", "language", "topics", "note", "how", "asked_again"]

    def clean_address(self) -> Address:
        """Return the address as it was read."""
        try:
            return parse_address(self.cleaned_data["address"])
        except BadAddress as error:
            raise forms.ValidationError(str(error)) from error


class NoteForm(forms.Form):
    """Why staff decide something of a person."""

    note = forms.CharField(
        label=_("Why?"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in their history."),
    )
