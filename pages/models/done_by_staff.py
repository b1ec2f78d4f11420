"""What the site notes with the name of someone of the staff."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DoneByStaff(models.Model):
    """What staff did, or what is noted for them; visitors see nothing of it.

    `by` is empty where nobody of the staff had a part in it, and once the account is gone.
    """

    visitors_see = False
    wagtail_reference_index_ignore = True

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        abstract = True
