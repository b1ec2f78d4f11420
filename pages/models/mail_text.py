"""The words of a mail that the site itself sends, the staff's to change."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin, TranslatableMixin

ONE_LINE = ("subject", "heading", "button")
WRITTEN = ("subject", "heading", "text", "button", "after")


class MailWords(PreviewableMixin, TranslatableMixin, models.Model):
    """Subject and words of a mail. The link and the ways out are added to them.

    A model of this kind has a `kind`, says which kinds are of no use without a button, and how a
    mail of its words looks.
    """

    needs_button: tuple[str, ...] = ()

    subject = models.CharField(_("subject"), max_length=120)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(
        _("text"), max_length=2000, help_text=_("Leave an empty line between paragraphs.")
    )
    button = models.CharField(
        _("button"), max_length=40, blank=True, help_text=_("What the button says.")
    )
    after = models.TextField(_("below the button"), max_length=1000, blank=True)

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def placeholders(self, field: str) -> tuple[str, ...]:
        """Return what may stand in braces in a field, braces included, and is filled in."""
        return ()

    @property
    def words(self):
        """The words as they are now, saved or not."""
        from pages.mail_rendering import Words  # which reads the organization's model

        return Words(self.subject, self.heading, self.text, self.button, self.after)

    def example(self):
        """Return the mail that these words make; its links lead to nobody's data."""
        raise NotImplementedError

    def clean(self) -> None:
        """Refuse a second line where a mail has but one, and a mail without the button it needs.

        Braces around anything that is not filled in are refused too: they would be sent as they
        are.
        """
        super().clean()
        errors = {name: told for name in WRITTEN if (told := self._wrong_braces(name))}
        errors |= {
            name: _("This is one line, without line breaks or characters that nobody sees.")
            for name in ONE_LINE
            if any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in getattr(self, name))
        }
        if self.kind in self.needs_button and not self.button.strip():
            errors["button"] = _("This mail needs its button: nobody could confirm without it.")
        if errors:
            raise ValidationError(errors)

    def _wrong_braces(self, field: str) -> str:
        known, rest = self.placeholders(field), getattr(self, field)
        for placeholder in known:
            rest = rest.replace(placeholder, "")
        if "{" not in rest and "}" not in rest:
            return ""
        if not known:
            return _("Nothing is filled in here: please write it without { and }.")
        # Translators: what is filled in, such as "{name} and {date}".
        return _("Use %(placeholders)s, written just like this; nothing else is filled in.") % {
            "placeholders": get_text_list(known, _("and"))
        }

    @property
    def preview_modes(self) -> list[tuple]:
        """Both forms in which the mail is sent."""
        return [("html", _("With colors (HTML)")), ("text", _("Text alone"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Answer with the mail as these words make it; its links are examples."""
        mail = self.example()
        if mode_name == "text":
            return HttpResponse(mail.text, content_type="text/plain; charset=utf-8")
        return HttpResponse(mail.html)
