"""A column for the languages of a teacher."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from teachers.languages import language_choices, language_names

# More than anyone teaches in; the directory's table has room for some more.
MOST_LANGUAGES = 20


class LanguagesField(models.JSONField):
    """A list of ISO 639-1 codes, each once, chosen from those that have a name."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def validate(self, value: object, model_instance: models.Model | None) -> None:
        """Refuse what is no list of known codes."""
        known = language_names()
        if not isinstance(value, list) or any(code not in known for code in value):
            raise ValidationError(_("Please choose languages from the list."))
        if len(set(value)) != len(value):
            raise ValidationError(_("Please choose each language once."))
        if len(value) > MOST_LANGUAGES:
            raise ValidationError(
                _("Please choose at most %(most)s languages."), params={"most": MOST_LANGUAGES}
            )
        if not value and not self.blank:
            raise ValidationError(_("Please choose at least one language."))

    def formfield(self, **kwargs) -> forms.Field:
        """Return a field in which several languages are chosen."""
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        return forms.TypedMultipleChoiceField(
            label=kwargs.get("label", self.verbose_name.capitalize()),
            help_text=kwargs.get("help_text", self.help_text),
            required=not self.blank,
            choices=language_choices,
            widget=kwargs.get("widget") or forms.SelectMultiple(attrs={"size": 8}),
            empty_value=[],
        )
