"""Which mails were queued for a subscriber, and when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from post_office.models import Email

from newsletter.models.subscriber import Subscriber


class MailKind(models.TextChoices):
    """The mails that the newsletter itself sends."""

    CONFIRM = "confirm", _("Please confirm")
    ALREADY = "already", _("You are already with us")
    WELCOME = "welcome", _("Welcome")


class SubscriberMail(models.Model):
    """One mail for a subscriber; how often someone may be written to is counted from these."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(_("mail"), max_length=10, choices=MailKind)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    # The mail itself goes after 30 days.
    mail = models.OneToOneField(
        Email, null=True, on_delete=models.SET_NULL, related_name="subscriber_mail"
    )

    class Meta:
        verbose_name = _("mail to a subscriber")
        verbose_name_plural = _("mails to subscribers")
        ordering = ["-queued_at"]
        default_permissions = ()
        indexes = [models.Index(fields=["subscriber", "-queued_at"], name="mails_of_a_subscriber")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.queued_at:%Y-%m-%d %H:%M}"
