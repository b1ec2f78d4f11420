"""The form with which staff keep a teacher."""

import hashlib
import json

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from pages.email_addresses import BadAddress, parse_address
from teachers.models import Teacher

# What teachers say themselves at any time, also while staff have the form open.
FACTS = ("state", "agreed_to_be_listed", "last_confirmed", "wants_reminders", "contact_address")


def digest_of_facts(teacher: Teacher) -> str:
    """Return a digest of the teacher's own facts as stored; empty for one that is not stored."""
    facts = Teacher.objects.filter(pk=teacher.pk).values_list(*FACTS).first()
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest() if facts else ""


class LanguageChoice(forms.CheckboxSelectMultiple):
    """Checkboxes by name; the chosen ones come first, and the others are folded away."""

    template_name = "teachers/staff/language_choice.html"

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        """Add the chosen and the others apart."""
        context = super().get_context(name, value, attrs)
        options = [
            option for _group, choices, _index in context["widget"]["optgroups"]
            for option in choices
        ]  # fmt: skip
        context["chosen"] = [option for option in options if option["selected"]]
        context["others"] = [option for option in options if not option["selected"]]
        return context

    def render(self, name: str, value: object, attrs=None, renderer=None) -> SafeString:
        """Return the field; its template is the site's own."""
        return super().render(name, value, attrs, TemplatesSetting())


class TeacherForm(WagtailAdminModelForm):
    """A teacher's form: one address belongs to one teacher, and days are not in the future."""

    facts_seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["facts_seen"] = digest_of_facts(self.instance)

    def clean(self) -> dict:
        """Refuse what was opened before the teacher changed their own facts; show these as now."""
        cleaned = super().clean()
        seen = self.cleaned_data.get("facts_seen")
        if seen and seen != self.initial["facts_seen"]:
            self._show_facts_as_stored()
            raise ValidationError(
                _(
                    "The teacher’s state, consent, renewal, reminders or contact address changed "
                    "meanwhile. They are shown as they are now, and all else as you typed it. "
                    "Please look and save again."
                )
            )
        return cleaned

    def _show_facts_as_stored(self) -> None:
        stored = Teacher.objects.get(pk=self.instance.pk)
        self.data = self.data.copy()
        self.data[self.add_prefix("facts_seen")] = self.initial["facts_seen"]
        for name in FACTS:
            value = getattr(stored, name)
            self.data.pop(self.add_prefix(name), None)
            if value not in (None, False):
                self.data[self.add_prefix(name)] = "on" if value is True else str(value)

    def clean_contact_address(self) -> str:
        """Refuse what nobody can write to, and say whose the address is already."""
        address = self.cleaned_data["contact_address"].strip()
        if not address:
            return ""
        try:
            key = parse_address(address).key
        except BadAddress as error:
            raise ValidationError(str(error)) from error
        other = Teacher.objects.filter(contact_key=key).exclude(pk=self.instance.pk).first()
        if other:
            link = reverse("wagtailsnippets_teachers_teacher:edit", args=[other.pk])
            raise ValidationError(
                format_html(
                    '{} <a href="{}">{}</a>', _("This address belongs to"), link, other.name
                )
            )
        return address

    def clean_last_confirmed(self):
        """Refuse a day that has not come yet: the entry would be shown for too long."""
        return self._not_in_the_future("last_confirmed")

    def clean_level_date(self):
        """Refuse a day that has not come yet."""
        return self._not_in_the_future("level_date")

    def _not_in_the_future(self, name: str):
        day = self.cleaned_data[name]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day
