"""Which teachers were reminded to renew their entry, and of which day."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teachers.models.teacher import Teacher


class TeacherReminder(models.Model):
    """A mail that reminded a teacher to renew, so that none is sent twice."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="reminders")
    due = models.DateField(_("renewal due"))
    days_before = models.PositiveSmallIntegerField(_("days before"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "due", "days_before"], name="one_reminder_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.due} -{self.days_before}"
