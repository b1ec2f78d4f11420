"""What teachers changed of their own entries."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teachers.models.teacher import Teacher


class ChangeRequest(models.Model):
    """What a teacher changed of their own entry, waiting for review or live already.

    `before` and `after` hold the changed fields as JSON knows them: keys for a portrait and a
    town, a list of keys for programs. `before` is the latest draft's where staff had one.
    """

    visitors_see = False
    wagtail_reference_index_ignore = True

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting for review")
        PUBLISHED = "published", _("Published")
        DECLINED = "declined", _("Declined")

    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="changes")
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed = models.JSONField(_("what was changed"), default=list)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    outcome = models.CharField(_("state"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("change by a teacher")
        verbose_name_plural = _("changes by teachers")
        ordering = ["sent_at", "pk"]
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["teacher"], condition=Q(outcome="waiting"), name="one_change_waits"
            )
        ]

    def __str__(self) -> str:
        return f"change {self.pk}"
