"""The words of the newsletter's own mails, the staff's to change."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import TranslatableMixin

from newsletter.models.subscriber_mail import MailKind
from pages.models.mail_text import MailWords


class MailText(MailWords):
    """Subject and words of one kind of mail. The link and the ways out are added to them."""

    needs_button = (MailKind.CONFIRM,)

    kind = models.CharField(_("mail"), max_length=10, choices=MailKind, editable=False)

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["kind"]
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint(fields=["kind", "locale"], name="one_text_for_each_mail")
        ]

    def example(self):
        """Return the mail that these words make, saved or not; its links lead to nobody's data."""
        from newsletter.mail_rendering import example  # which reads this model

        return example(self)
