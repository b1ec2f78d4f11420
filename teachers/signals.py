"""What follows when a teacher, a level or a setting changes."""

from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Revision
from wagtail.signals import published

from teachers.listing import hide_levels_before, refresh, write_anew
from teachers.models import (
    FormerSlug,
    Program,
    Teacher,
    TeacherSettings,
    TrainingLevel,
    first_listed_rank,
)
from teachers.portraits import hide_portraits


@receiver(pre_save, sender=Teacher)
def keep_old_address(instance: Teacher, raw: bool, **kwargs) -> None:
    """Let the old address of a teacher whose address changes lead to the new one."""
    update_fields = kwargs.get("update_fields")
    saves_slug = update_fields is None or "slug" in update_fields  # a draft's save does not
    if raw or not instance.pk or not saves_slug:
        return
    known = Teacher.objects.filter(pk=instance.pk, first_published_at__isnull=False)
    before = known.values_list("slug", flat=True).first()
    if before is None or before == instance.slug:
        return
    FormerSlug.objects.filter(slug=instance.slug).delete()  # someone lives there now
    FormerSlug.objects.update_or_create(slug=before, defaults={"teacher": instance})


@receiver(post_save, sender=Teacher)
def list_teacher(instance: Teacher, raw: bool, **kwargs) -> None:
    """Let the directory know the teacher as published, and no draft of them."""
    if not raw:
        refresh([instance.pk])


@receiver(published, sender=Teacher)
def note_published_facts(instance: Teacher, revision: Revision, **kwargs) -> None:
    """Let the version say nothing more of a fact once that is changed after it was published."""
    instance.note_facts_in(revision)


@receiver(pre_delete, sender=Teacher)
def hide_portraits_of_deleted(instance: Teacher, **kwargs) -> None:
    """Give the portraits of a deleted teacher out no longer; its versions name them until then."""
    hide_portraits([instance.pk])


@receiver(m2m_changed, sender=Teacher.programs.through)
def list_programs(instance: Teacher, action: str, **kwargs) -> None:
    """Let the directory know the programs, which are written after the teacher was saved."""
    if action.startswith("post_"):
        refresh([instance.pk])


@receiver(post_save, sender=TrainingLevel)
@receiver(post_save, sender=Program)
@receiver(post_save, sender=TeacherSettings)
def list_all_teachers(raw: bool, **kwargs) -> None:
    """Let the directory follow when what decides on all teachers is changed.

    Whoever is to be listed no longer is gone at once; the worker writes all others anew.
    """
    if not raw:
        hide_levels_before(first_listed_rank())
        write_anew.enqueue()
