"""Portraits of those who leave the directory, and of those who come back to it.

The addresses at which a portrait's sizes are given out cannot be guessed, but whoever has seen the
profile knows them. So they go with it; the picture itself was never public and stays.
"""

from collections.abc import Iterable
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django_tasks import task
from wagtail.models import ReferenceIndex, Revision

from library.layouts import STAND_IN_SPEC
from library.models import UploadedImage
from library.renditions import make_renditions
from teachers.models.teacher import Teacher


def hide_portraits(pks: Iterable[int]) -> None:
    """Have the sizes of all portraits that these teachers have or had deleted after commit."""
    pks = list(pks)
    kind = ContentType.objects.get_for_model(Teacher)
    former = Revision.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in pks])
    found = {*former.values_list("content__portrait", flat=True)}
    found |= {*Teacher.objects.filter(pk__in=pks).values_list("portrait", flat=True)}
    if portraits := sorted(found - {None}):
        transaction.on_commit(partial(forget_renditions.enqueue, portraits))


def show_portraits(pks: Iterable[int]) -> None:
    """Have the sizes of these teachers' portraits made after commit where they were deleted."""
    shown = Teacher.objects.filter(pk__in=list(pks)).exclude(portrait=None).values("portrait")
    deleted = UploadedImage.objects.filter(pk__in=shown)
    deleted = deleted.exclude(renditions__filter_spec=STAND_IN_SPEC)
    for pk in deleted.values_list("pk", flat=True):
        transaction.on_commit(partial(make_renditions.enqueue, pk))


@task()
def forget_renditions(portraits: list[int]) -> int:
    """Delete the sizes of portraits that nobody shows; return of how many portraits.

    They are made again once the teacher is listed again.
    """
    shown = Teacher.objects.filter(portrait__in=portraits, entry__isnull=False)
    shown = {*shown.values_list("portrait", flat=True)}
    count = 0
    for picture in UploadedImage.objects.filter(pk__in=set(portraits) - shown):
        if not ReferenceIndex.get_references_to(picture).exists():
            count += bool(picture.renditions.all().delete()[0])  # and their files, by a signal
    return count
