"""What visitors fill in: the sign-up, and what a subscriber wants to hear about."""

import unicodedata

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsletter.models import Subscriber, Topic
from pages.email_addresses import Address, BadAddress, parse_address

# Where on a page a form can stand (newsletter/templatetags/newsletter_tags.py).
PLACES = ("footer", "section", "page", "answer")
MOST_OF_A_PATH = 200
MOST_OF_A_NAME = 100
# Control, format (which turn the direction of text) and line characters (Unicode, table 4-4);
# joiners are format characters too, and belong into names of several scripts.
NOT_IN_A_NAME = {"Cc", "Cf", "Cs", "Zl", "Zp"}
JOINERS = {"\u200c", "\u200d"}


class SignUpForm(forms.Form):
    """What someone posted from the form.

    What people type is refused with a sentence. What the page or a robot filled in is never an
    error: it is read as far as it makes sense.
    """

    email = forms.Field(required=False)
    name = forms.Field(required=False)
    homepage = forms.Field(required=False)
    waited = forms.Field(required=False)
    wording = forms.Field(required=False)
    page = forms.Field(required=False)
    place = forms.Field(required=False)

    def clean_email(self) -> Address:
        """Return the address as parsed; refuse what is none with the parser's own sentence."""
        try:
            return parse_address(self.cleaned_data["email"] or "")
        except BadAddress as error:
            raise ValidationError(str(error)) from error

    def clean_name(self) -> str:
        """Return the name; refuse one that is no single line of text."""
        name = (self.cleaned_data["name"] or "").strip(" ")
        if any(
            unicodedata.category(sign) in NOT_IN_A_NAME and sign not in JOINERS for sign in name
        ):
            raise ValidationError(_("Please write the name on one line, without invisible signs."))
        if len(name) > MOST_OF_A_NAME:
            raise ValidationError(
                _("This name is longer than %(most)d characters. A shorter form will do."),
                params={"most": MOST_OF_A_NAME},
            )
        return name

    def clean_homepage(self) -> str:
        """Return what stands in the field that people do not see."""
        return self.cleaned_data["homepage"] or ""

    def clean_waited(self) -> int | None:
        """Return the milliseconds that the page was open; None where no script measured them."""
        waited = self.cleaned_data["waited"] or ""
        return int(waited) if waited.isascii() and waited.isdigit() and len(waited) < 12 else None

    def clean_wording(self) -> str:
        """Return the digits that name what the person read; empty where they are none."""
        wording = (self.cleaned_data["wording"] or "").lower()
        return wording if len(wording) <= 64 and set(wording) <= set("0123456789abcdef") else ""

    def clean_page(self) -> str:
        """Return the path of the page with the form; empty where it is none of this site."""
        page = self.cleaned_data["page"] or ""
        is_path = page.startswith("/") and not page.startswith("//") and page.isprintable()
        return page if is_path and len(page) <= MOST_OF_A_PATH and not set("?~") & set(page) else ""

    def clean_place(self) -> str:
        """Return where on the page the form stands; empty where no script said so."""
        place = self.cleaned_data["place"]
        return place if place in PLACES else ""


class PreferencesForm(forms.ModelForm):
    """What a subscriber hears about, and in which language; fields without a choice are left out.

    A topic that is offered no longer stays for those who chose it.
    """

    class Meta:
        model = Subscriber
        fields = ("language", "topics")
        widgets = {"topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.instance.topics.values("pk")
        offered = Q(is_offered=True, locale__language_code=self.instance.language)
        topics = Topic.objects.filter(offered | Q(pk__in=chosen))
        self.fields["topics"].queryset = topics
        if not topics.exists():
            del self.fields["topics"]
        if len(settings.LANGUAGES) > 1:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"), choices=settings.LANGUAGES
            )
        else:
            del self.fields["language"]
