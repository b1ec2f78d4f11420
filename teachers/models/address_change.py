"""A contact address that a teacher wants in place of the former, until it is confirmed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teachers.models.teacher import Teacher, new_handle


class AddressChange(models.Model):
    """A new contact address that was asked for; the mail to it has a link that makes it so."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    teacher = models.OneToOneField(Teacher, on_delete=models.CASCADE, related_name="address_change")
    address = models.CharField(_("new contact address"), max_length=254)
    # Where the teacher was written to then; the change is void once that is another.
    former_key = models.CharField(max_length=320, blank=True, default="")
    # What the link names; each asking makes a new one, so that only the last link is good.
    handle = models.CharField(max_length=22, unique=True, default=new_handle)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        default_permissions = ()

    def __str__(self) -> str:
        return f"change of address {self.pk}"
