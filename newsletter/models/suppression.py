"""Addresses that are never written to again, known by a keyed hash alone."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.keys import address_digest


class Reason(models.TextChoices):
    """Why nobody writes to an address again."""

    ERASED = "erased", _("The person had their data erased")
    COMPLAINED = "complained", _("The person complained of spam")
    STAFF = "staff", _("Staff decided so")


class Suppression(models.Model):
    """An address never to be written to again. It outlives the erasure of everything else."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    Reason = Reason

    digest = models.CharField(max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    since = models.DateTimeField(_("since"), default=timezone.now)
    asked_at = models.DateTimeField(_("last signed up in vain"), null=True, blank=True)

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-since"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"suppressed address {self.pk}"


def suppress(key: str, reason: Reason) -> Suppression:
    """Suppress the address with that key; one that is suppressed keeps its first reason."""
    found, _made = Suppression.objects.get_or_create(
        digest=address_digest(key), defaults={"reason": reason}
    )
    return found


def suppression_of(key: str) -> Suppression | None:
    """Return the suppression of the address with that key, or None."""
    return Suppression.objects.filter(digest=address_digest(key)).first()


def suppressed_among(keys: list[str]) -> set[str]:
    """Return those of the keys whose addresses are suppressed, in one query."""
    by_digest = {address_digest(key): key for key in keys}
    found = Suppression.objects.filter(digest__in=by_digest).values_list("digest", flat=True)
    return {by_digest[digest] for digest in found}
