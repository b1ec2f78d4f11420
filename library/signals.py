"""What happens when a picture is saved."""

from functools import partial

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from library.layouts import make_renditions
from library.models import UploadedImage


@receiver(post_save, sender=UploadedImage)
def queue_renditions(instance: UploadedImage, raw: bool, **kwargs) -> None:
    """Ask the worker for the picture's renditions once the picture is committed."""
    if not raw:
        transaction.on_commit(partial(make_renditions.enqueue, instance.pk))
