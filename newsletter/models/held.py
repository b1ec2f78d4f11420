"""Sign-ups that look like a robot's: kept for staff to look at, and nothing is sent."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Suspicion(models.TextChoices):
    """Why a sign-up was held."""

    TRAP = "trap", _("The field that people do not see was filled in")
    TOO_FAST = "too-fast", _("The form was sent faster than people type")
    NETWORK = "network", _("Many sign-ups from one network")
    ALL = "all", _("Many sign-ups in all")
    NO_PROOF = "no-proof", _("The puzzle against robots was not solved")


class HeldSignUp(models.Model):
    """A sign-up that waits until staff release it. An address waits once, however often asked."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    Suspicion = Suspicion

    address = models.CharField(_("address"), max_length=254)
    key = models.CharField(max_length=254, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    source = models.CharField(_("signed up at"), max_length=200, blank=True)
    network = models.CharField(_("from"), max_length=50, blank=True)
    wording = models.ForeignKey(
        "newsletter.ConsentWording", null=True, on_delete=models.PROTECT, related_name="+"
    )
    suspicion = models.CharField(_("why"), max_length=10, choices=Suspicion)
    times = models.PositiveIntegerField(_("times"), default=1)
    held_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("held sign-up")
        verbose_name_plural = _("held sign-ups")
        ordering = ["-held_at", "-pk"]
        default_permissions = ("view", "change", "delete")

    def __str__(self) -> str:
        return f"held sign-up {self.pk}"
