"""What follows when a teacher, a level or a setting changes."""

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from pages.moved_routes import lead_on
from teachers.listing import refresh, refresh_all
from teachers.models import (
    Program,
    Teacher,
    TeacherDirectoryPage,
    TeacherSettings,
    TrainingLevel,
)


@receiver(pre_save, sender=Teacher)
def keep_old_address(instance: Teacher, raw: bool, **kwargs) -> None:
    """Leave a redirect at the old address of a teacher whose address changes."""
    update_fields = kwargs.get("update_fields")
    saves_slug = update_fields is None or "slug" in update_fields  # a draft's save does not
    if raw or not instance.pk or not saves_slug:
        return
    known = Teacher.objects.filter(pk=instance.pk, first_published_at__isnull=False)
    before = known.values_list("slug", flat=True).first()
    if before is None or before == instance.slug:
        return
    for page in TeacherDirectoryPage.objects.all():
        lead_on(page, before, instance.slug)


@receiver(post_save, sender=Teacher)
def list_teacher(instance: Teacher, raw: bool, **kwargs) -> None:
    """Let the directory know the teacher as published, and no draft of them."""
    if not raw:
        refresh([instance.pk])


@receiver(post_save, sender=TrainingLevel)
@receiver(post_save, sender=Program)
@receiver(post_save, sender=TeacherSettings)
def list_all_teachers(raw: bool, **kwargs) -> None:
    """Let the directory follow when what decides on all teachers is changed."""
    if not raw:
        refresh_all()
