"""The words of the mails to teachers and to those who write to them, the staff's to change."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import TranslatableMixin

from pages.models.mail_text import MailWords


class TeacherMailKind(models.TextChoices):
    """The mails that the directory itself sends."""

    LINK = "link", _("Link to one’s own entry")
    REMIND = "remind", _("Reminder to renew, before the day")
    LAST = "last", _("Reminder to renew, on the last day")
    CONFIRM = "confirm", _("Confirm a new contact address")
    CHANGING = "changing", _("Notice to the former contact address")
    MESSAGE = "message", _("Message of a visitor")
    COPY = "copy", _("Copy of the message for its sender")


class TeacherMailText(MailWords):
    """Subject and words of one kind of mail. The links and a visitor's message are added."""

    needs_button = (
        TeacherMailKind.LINK,
        TeacherMailKind.REMIND,
        TeacherMailKind.LAST,
        TeacherMailKind.CONFIRM,
    )

    kind = models.CharField(_("mail"), max_length=10, choices=TeacherMailKind, editable=False)

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["kind"]
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "locale"], name="one_text_for_each_teacher_mail"
            )
        ]

    def placeholders(self, field: str) -> tuple[str, ...]:
        """Return what is filled in: the name nowhere in a subject, the day where there is one."""
        name = () if field in {"subject", "button"} else ("{name}",)
        has_day = self.kind in {TeacherMailKind.REMIND, TeacherMailKind.LAST} and field != "button"
        return (*name, "{date}") if has_day else name

    def example(self):
        """Return the mail that these words make, saved or not; its links lead to nobody's data."""
        from teachers.mails import example  # which reads this model

        return example(self)
