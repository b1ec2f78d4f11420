"""The words of the newsletter's own mails, the staff's to change."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin, TranslatableMixin

from newsletter.mail_words import Words
from newsletter.models.subscriber_mail import MailKind

ONE_LINE = ("subject", "heading", "button")


class MailText(PreviewableMixin, TranslatableMixin, models.Model):
    """Subject and words of one kind of mail. The link and the ways out are added to them."""

    kind = models.CharField(_("mail"), max_length=10, choices=MailKind, editable=False)
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
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["kind"]
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint(fields=["kind", "locale"], name="one_text_for_each_mail")
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def words(self) -> Words:
        """The words as they are now, saved or not."""
        return Words(self.subject, self.heading, self.text, self.button, self.after)

    def clean(self) -> None:
        """Refuse a second line where a mail has but one, and a confirmation without its button."""
        super().clean()
        errors = {
            name: _("This is one line, without line breaks or characters that nobody sees.")
            for name in ONE_LINE
            if any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in getattr(self, name))
        }
        if self.kind == MailKind.CONFIRM and not self.button.strip():
            errors["button"] = _("This mail needs its button: nobody could confirm without it.")
        if errors:
            raise ValidationError(errors)

    @property
    def preview_modes(self) -> list[tuple]:
        """Both forms in which the mail is sent."""
        return [("html", _("With colors (HTML)")), ("text", _("Text alone"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Answer with the mail as these words make it; its links are examples."""
        # The rendering reads this model.
        from newsletter.mail_rendering import example

        mail = example(self)
        if mode_name == "text":
            return HttpResponse(mail.text, content_type="text/plain; charset=utf-8")
        return HttpResponse(mail.html)
