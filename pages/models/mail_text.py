"""The words of a mail that the site itself sends, the staff's to change."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin, TranslatableMixin

ONE_LINE = ("subject", "heading", "button")


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

    @property
    def words(self):
        """The words as they are now, saved or not."""
        from pages.mail_rendering import Words  # which reads the organization's model

        return Words(self.subject, self.heading, self.text, self.button, self.after)

    def example(self):
        """Return the mail that these words make; its links lead to nobody's data."""
        raise NotImplementedError

    def clean(self) -> None:
        """Refuse a second line where a mail has but one, and a mail without the button it needs."""
        super().clean()
        errors = {
            name: _("This is one line, without line breaks or characters that nobody sees.")
            for name in ONE_LINE
            if any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in getattr(self, name))
        }
        if self.kind in self.needs_button and not self.button.strip():
            errors["button"] = _("This mail needs its button: nobody could confirm without it.")
        if errors:
            raise ValidationError(errors)

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
