"""Who makes pictures in all their sizes, and when: the worker, before a visitor asks.

A picture is made when it is saved, and what is still missing when something that shows it is
published, when the site starts, and by `manage.py make_renditions`.
"""

import logging

from django.apps import apps
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.dispatch import Signal
from django_tasks import task
from wagtail.models import ReferenceIndex

from library.layouts import STAND_IN_SPEC, all_specs, made
from library.models import UploadedImage

TO_A_PICTURE = {
    "to_content_type__app_label": "library",
    "to_content_type__model": "uploadedimage",
}

logger = logging.getLogger(__name__)

# Sent with `image` when a picture can be seen in sizes in which it could not be seen before.
renditions_made = Signal()


def make_all(image: UploadedImage) -> int:
    """Make what is missing of a picture; return how many there are in the end, 0 where it fails."""
    specs = all_specs()
    missing = len(specs) - len(made(image, *specs))
    try:
        renditions = image.get_renditions(*specs)
    except OSError:
        logger.exception("a picture could not be made", extra={"picture": image.pk})
        return 0
    if missing:
        renditions_made.send(sender=UploadedImage, image=image)
    return len(renditions)


def make_stand_in(image_id: int) -> None:
    """Make the one rendition that can be shown until the worker has made the others.

    It takes a fraction of a second and is done for whoever saves the picture, so that their page
    shows it also where no worker runs.
    """
    image = UploadedImage.objects.filter(pk=image_id).first()
    if image is not None:
        image.get_rendition(STAND_IN_SPEC)


def incomplete() -> QuerySet[UploadedImage]:
    """Return the pictures that lack a rendition and are for visitors to see.

    One that has none and stands on no page may be a former portrait, whose renditions were taken
    away so that nobody sees it any more.
    """
    specs = all_specs()
    have = Count(
        "renditions__filter_spec", filter=Q(renditions__filter_spec__in=specs), distinct=True
    )
    references = ReferenceIndex.objects.filter(
        **TO_A_PICTURE, to_object_id=Cast(OuterRef("pk"), CharField())
    )
    images = UploadedImage.objects.annotate(have=have).filter(have__lt=len(specs))
    return images.filter(Q(have__gt=0) | Exists(references)).order_by("pk")


@task()
def make_renditions(image_id: int) -> int:
    """Make the picture in every layout; return how many there are, 0 when it is gone."""
    image = UploadedImage.objects.filter(pk=image_id).first()
    return make_all(image) if image is not None else 0


@task()
def make_renditions_shown_by(app_label: str, model: str, key: str) -> int:
    """Make what is missing of the pictures on a page or snippet; return how many these are."""
    shower = apps.get_model(app_label, model).objects.filter(pk=key).first()
    if shower is None:
        return 0
    shown = ReferenceIndex.get_references_for_object(shower).filter(**TO_A_PICTURE)
    keys = {int(key) for key in shown.values_list("to_object_id", flat=True)}
    for image in incomplete().filter(pk__in=keys):
        make_all(image)
    return len(keys)


@task()
def make_missing_renditions() -> int:
    """Ask for a task for each picture that lacks something; return how many these are.

    One task each, so that other work has its turn between two of them.
    """
    keys = list(incomplete().values_list("pk", flat=True))
    for key in keys:
        make_renditions.enqueue(key)
    return len(keys)
