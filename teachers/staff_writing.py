"""Writes many teachers at once, as the editor would: with their drafts, history and entries.

A draft that staff are working on stays one: what is written is laid on top of it, and nothing
else of it goes live.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision, WorkflowState

from accounts.models import User
from pages.generation import start_new_generation
from pages.names import filed, free_slug, slug_wanted
from teachers.folding import fold
from teachers.listing import refresh
from teachers.models import Program, Teacher
from teachers.models.teacher import new_handle


@dataclass
class Writing:
    """What is to be written into a teacher: values by field, `programs` as keys of programs."""

    teacher: Teacher
    values: dict[str, object] = field(default_factory=dict)


def in_hand(teachers: Iterable[Teacher]) -> set[int]:
    """Return the keys of those whom nobody may write now: locked, in a workflow or scheduled."""
    pks = [str(teacher.pk) for teacher in teachers]
    kind = ContentType.objects.get_for_model(Teacher)
    in_workflow = WorkflowState.objects.active().filter(content_type=kind, object_id__in=pks)
    of_teachers = Revision.objects.filter(content_type=kind, object_id__in=pks)
    scheduled = of_teachers.filter(approved_go_live_at__isnull=False)
    found = {int(pk) for pk in in_workflow.values_list("object_id", flat=True)}
    found |= {int(pk) for pk in scheduled.values_list("object_id", flat=True)}
    return found | {teacher.pk for teacher in teachers if teacher.locked}


@transaction.atomic
def add_teachers(
    writings: list[Writing], *, action: str, by: User | None, data: dict | None = None
) -> list[Teacher]:
    """Publish new teachers; return them with their keys.

    `action` is what their history says of it, with `data`.
    """
    now = timezone.now()
    teachers = [writing.teacher for writing in writings]
    for writing in writings:
        _set(writing)
        writing.teacher.handle = new_handle()
        writing.teacher.live = True
        writing.teacher.first_published_at = writing.teacher.last_published_at = now
        _file(writing.teacher)
    _give_slugs(teachers)
    Teacher.objects.bulk_create(teachers)
    through = Teacher.programs.through
    through.objects.bulk_create(
        through(teacher_id=writing.teacher.pk, program_id=pk)
        for writing in writings
        for pk in writing.values.get("programs", [])
    )
    _note(teachers, action, by, data)
    _show([teacher.pk for teacher in teachers])
    return teachers


@transaction.atomic
def change_teachers(
    writings: list[Writing], *, action: str, by: User | None, data: dict | None = None
) -> None:
    """Write into teachers, and into their drafts, what is said of each.

    The teachers are as stored and locked. `action` is what their history says of it, with `data`.
    """
    if not writings:
        return
    _set_programs(writings)
    fields = set()
    for writing in writings:
        _set(writing)
        fields |= _file(writing.teacher) | (writing.values.keys() - {"programs"})
    if writable := sorted(fields):
        Teacher.objects.bulk_update([w.teacher for w in writings], writable)
    revisions = _revise([w for w in writings if w.teacher.latest_revision_id], by)
    _note([writing.teacher for writing in writings], action, by, data, revisions)
    _show([writing.teacher.pk for writing in writings])


def _set(writing: Writing) -> None:
    for name, value in writing.values.items():
        if name != "programs":
            setattr(writing.teacher, name, value)


def _file(teacher: Teacher) -> set[str]:
    """Fill in what follows from the name, as `Teacher.save` does; return the fields."""
    if not teacher.sort_name:
        teacher.sort_name = filed(teacher.name)
    teacher.search_name = fold(teacher.name)[:250]
    return {"sort_name", "search_name"}


def _give_slugs(teachers: list[Teacher]) -> None:
    """Give each a free address; asks once, and once more for each name that several have."""
    bases = [slug_wanted(teacher.name, otherwise="teacher") for teacher in teachers]
    taken = set(Teacher.objects.filter(slug__in=bases).values_list("slug", flat=True))
    for base in taken | {base for base, times in Counter(bases).items() if times > 1}:
        numbered = Teacher.objects.filter(slug__startswith=f"{base}-")
        taken |= set(numbered.values_list("slug", flat=True))
    for teacher, base in zip(teachers, bases, strict=True):
        teacher.slug = free_slug(base, taken)
        taken.add(teacher.slug)


def _set_programs(writings: list[Writing]) -> None:
    through = Teacher.programs.through
    chosen = {w.teacher.pk: w.values["programs"] for w in writings if "programs" in w.values}
    through.objects.filter(teacher_id__in=chosen).delete()
    through.objects.bulk_create(
        through(teacher_id=teacher, program_id=program)
        for teacher, programs in chosen.items()
        for program in programs
    )


def _revise(writings: list[Writing], by: User | None) -> dict[int, Revision]:
    """Make a revision of each as it is live now, and one of the draft with it; return the latest.

    Without it the editor would show what was there before, and publishing would bring it back.
    """
    if not writings:
        return {}
    programs: dict[int, list[int]] = {writing.teacher.pk: [] for writing in writings}
    taught = Teacher.programs.through.objects.filter(teacher_id__in=programs)
    for teacher, program in taught.values_list("teacher_id", "program_id").order_by("pk"):
        programs[teacher].append(program)
    known = Program.objects.in_bulk()
    latest = Revision.objects.in_bulk([w.teacher.latest_revision_id for w in writings])
    live, drafts = {}, {}
    for writing in writings:
        teacher = writing.teacher
        teacher.programs = [known[pk] for pk in programs[teacher.pk]]  # in memory alone
        data = teacher.serializable_data(stored=teacher.facts)  # just written
        if teacher.live:
            live[teacher.pk] = _revision(teacher, data, by)
        former = latest.get(teacher.latest_revision_id)
        if former and (teacher.has_unpublished_changes or not teacher.live):
            told = {*writing.values, "search_name"}
            names = {name.removesuffix("_id") for name in told} & data.keys()
            merged = {**former.content, **{name: data[name] for name in names}}
            drafts[teacher.pk] = _revision(teacher, merged, by)
    Revision.objects.bulk_create(live.values())
    Revision.objects.bulk_create(drafts.values())  # later, so that they are the latest
    newest = {**live, **drafts}
    for writing in writings:
        teacher = writing.teacher
        teacher.live_revision = live.get(teacher.pk, teacher.live_revision)
        teacher.latest_revision = newest.get(teacher.pk, teacher.latest_revision)
    Teacher.objects.bulk_update(
        [writing.teacher for writing in writings], ["live_revision", "latest_revision"]
    )
    return newest


def _revision(teacher: Teacher, content: dict, by: User | None) -> Revision:
    kind = ContentType.objects.get_for_model(Teacher)
    return Revision(
        content_type=kind,
        base_content_type=kind,
        object_id=str(teacher.pk),
        created_at=timezone.now(),
        user=by,
        object_str=str(teacher),
        content=content,
    )


def _note(
    teachers: list[Teacher],
    action: str,
    by: User | None,
    data: dict | None,
    revisions: dict[int, Revision] | None = None,
) -> None:
    """Leave a line in the history of each."""
    kind, now, together = ContentType.objects.get_for_model(Teacher), timezone.now(), uuid.uuid4()
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(teacher.pk),
            label=str(teacher),
            action=action,
            data=data or {},
            timestamp=now,
            uuid=together,
            user=by,
            content_changed=True,
            revision=(revisions or {}).get(teacher.pk),
        )
        for teacher in teachers
    )


def _show(pks: list[int]) -> None:
    """Have the directory and the caches know."""
    refresh(pks)
    start_new_generation()
