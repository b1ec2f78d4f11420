"""What happens when a picture is saved, or something is published that may show one."""

from functools import partial

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import Signal, receiver
from wagtail.models import Page
from wagtail.signals import page_published, published

from library.models import UploadedImage
from library.renditions import make_renditions, make_renditions_shown_by, make_stand_in


@receiver(post_save, sender=UploadedImage)
def queue_renditions(instance: UploadedImage, raw: bool, **kwargs) -> None:
    """Ask the worker for the picture's renditions once the picture is committed."""
    if not raw:
        # Before the worker may begin, so that the two do not make the same. That a picture cannot
        # be read or the disk is full is no reason to refuse what is saved.
        transaction.on_commit(lambda: make_stand_in(instance.pk), robust=True)
        transaction.on_commit(partial(make_renditions.enqueue, instance.pk))


@receiver([page_published, published])
def queue_what_is_shown(instance: Model, signal: Signal, **kwargs) -> None:
    """Ask the worker for what is missing of the pictures on what was published.

    What it shows is known once Wagtail's own task, asked for earlier, has looked.
    """
    if isinstance(instance, Page) and signal is published:
        return  # a page is told of by both
    meta = instance._meta
    ask = partial(
        make_renditions_shown_by.enqueue, meta.app_label, meta.model_name, str(instance.pk)
    )
    transaction.on_commit(ask)
