"""What `load_site` has loaded before."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedItem(models.Model):
    """One item of the first content, so that it is loaded once and then left to staff.

    What staff delete stays deleted; what they rename is not loaded again beside it.
    """

    key = models.CharField(max_length=255, unique=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("loaded item")

    def __str__(self) -> str:
        return self.key
