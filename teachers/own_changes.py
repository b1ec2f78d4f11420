"""What teachers change of their own entries: kept for review or live at once, as staff chose.

A draft of staff's stays a draft: what a teacher changes is merged into it field by field, and
nothing else of it goes live. The facts that are the teacher's alone to say (that they agree to be
listed, that all is still right, where they are written to) wait for nobody, and no older draft
takes them back when it is published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from wagtail.log_actions import log, registry
from wagtail.models import Revision, TaskState
from wagtail.signals import published

from accounts.models import User
from library.models import UploadedImage
from pages.names import filed
from teachers.models import AddressChange, ChangeRequest, Place, Program, Teacher, teacher_settings
from teachers.models.facts import AS_STORED, FACTS

OWN_FIELDS = (
    "name",
    "credentials",
    "portrait",
    "biography",
    "languages",
    "teaches_in_person",
    "teaches_online",
    "programs",
    "place",
    "website",
    "public_phone",
)
KEYS = {"portrait": UploadedImage, "place": Place}
# What publishing itself writes; two versions that differ in these alone say the same.
OF_PUBLISHING = {
    "pk", "live", "has_unpublished_changes", "first_published_at", "last_published_at",
    "live_revision", "latest_revision", "expired", "search_name", "created_at", AS_STORED,
}  # fmt: skip
DECLINED = "teachers.declined_change"  # in the entry's history, with the reason
Outcome = ChangeRequest.Outcome


class ChangedMeanwhile(Exception):  # noqa: N818 - it names what happened
    """The teacher sent something else since, or someone else has decided already."""


# --- one field ----------------------------------------------------------------------------------


def value_of(teacher: Teacher, field: str) -> object:
    """Return a field as JSON knows it: keys for portrait and town, sorted keys for programs."""
    if field in KEYS:
        return getattr(teacher, f"{field}_id")
    if field == "programs":
        return sorted(program.pk for program in teacher.programs.all())
    value = getattr(teacher, field)
    return sorted(value) if field == "languages" else value


def put(teacher: Teacher, values: dict[str, object]) -> None:
    """Set fields, in memory alone; a picture, town or program that is gone is left out."""
    for field, value in values.items():
        if field in KEYS:
            known = value and KEYS[field].objects.filter(pk=value).exists()
            setattr(teacher, f"{field}_id", value if known else None)
        elif field == "programs":
            teacher.programs.set(Program.objects.filter(pk__in=value))
        elif field == "name":
            _rename(teacher, value)
        else:
            setattr(teacher, field, value)


def _rename(teacher: Teacher, name: str) -> None:
    """Rename, and file under the new name unless staff chose how it is filed."""
    if teacher.sort_name == filed(teacher.name):
        teacher.sort_name = filed(name)
    teacher.name = name


# --- sending changes ----------------------------------------------------------------------------


def own_version(teacher: Teacher) -> Teacher:
    """Return the entry as its teacher left it: what is published, with what waits for review."""
    own = Teacher.objects.get(pk=teacher.pk)
    waiting = waiting_change(teacher)
    if waiting:
        put(own, waiting.after)
    return own


def waiting_change(teacher: Teacher) -> ChangeRequest | None:
    """Return the teacher's change that waits for review; there is at most one."""
    return ChangeRequest.objects.filter(teacher=teacher, outcome=Outcome.WAITING).first()


@transaction.atomic
def submit(teacher: Teacher, changes: dict[str, object]) -> ChangeRequest | None:
    """Keep what a teacher changed of their own entry; return None where nothing is changed.

    `changes` are values as `value_of` returns them. They go live at once where staff chose so and
    the entry is live and not locked; else they wait. A second change joins the one that waits.

    Raises KeyError for a field that is not the teacher's to change.
    """
    if alien := changes.keys() - set(OWN_FIELDS):
        raise KeyError(sorted(alien))
    found = Teacher.objects.select_for_update().get(pk=teacher.pk)
    waiting = waiting_change(found)
    shown = own_version(found)
    changes = {name: value for name, value in changes.items() if value_of(shown, name) != value}
    if not changes:
        return None
    if teacher_settings().reviews_changes or not found.live or found.locked:
        return _wait(found, changes, waiting)
    # What waited from before staff chose otherwise still waits, but not for what is newer.
    before = {name: value_of(found, name) for name in changes}
    if waiting:
        _drop(waiting, changes.keys())
    change = ChangeRequest(
        teacher=found,
        changed=sorted(changes),
        before=before,
        after=changes,
        outcome=Outcome.PUBLISHED,
        decided_at=timezone.now(),
    )
    change.revision = _go_live(found, before, changes, by=None)
    change.save()
    return change


def _wait(
    teacher: Teacher, changes: dict[str, object], waiting: ChangeRequest | None
) -> ChangeRequest:
    """Lay the changes on top of the latest draft, and have them wait."""
    change = waiting or ChangeRequest(teacher=teacher)
    draft = teacher.get_latest_revision_as_object()
    for name, value in changes.items():
        change.before.setdefault(name, value_of(draft, name))
        change.after[name] = value
    put(draft, changes)
    change.revision = draft.save_revision(log_action="teachers.own_change", clean=False)
    change.changed = sorted(change.after)
    change.sent_at = timezone.now()
    change.save()
    return change


def _drop(change: ChangeRequest, names: Iterable[str]) -> None:
    """Take fields out of a change that waits; one of none is no change any more."""
    for name in names:
        change.before.pop(name, None)
        change.after.pop(name, None)
    change.changed = sorted(change.after)
    if change.after:
        change.save()
    else:
        change.delete()


# --- deciding -----------------------------------------------------------------------------------


@transaction.atomic
def publish_change(change: ChangeRequest, by: User | None, *, seen: int | None = None) -> None:
    """Make a change that waits live, and nothing else that is a draft.

    `seen` is the key of the revision that staff looked at. Raises ChangedMeanwhile where the
    teacher sent another since, or where it is decided already.
    """
    # The teacher first, as everywhere, so that no two wait for each other.
    teacher = Teacher.objects.select_for_update().get(pk=change.teacher_id)
    change = _locked(change, seen)
    _decide(change, Outcome.PUBLISHED, by)
    _go_live(teacher, change.before, change.after, by=by)


@transaction.atomic
def decline_change(
    change: ChangeRequest, by: User | None, *, seen: int | None = None, reason: str = ""
) -> None:
    """Take a change that waits out of the draft again, where staff left it as it was sent.

    `reason` is kept in the entry's history, and the teacher reads it on their own page. Raises
    ChangedMeanwhile as `publish_change` does.
    """
    # The teacher first, as everywhere, so that no two wait for each other.
    teacher = Teacher.objects.select_for_update().get(pk=change.teacher_id)
    change = _locked(change, seen)
    _decide(change, Outcome.DECLINED, by)
    log(
        instance=teacher,
        action=DECLINED,
        user=by,
        data={"change": change.pk, "reason": reason},
    )
    if not teacher.has_unpublished_changes:
        return
    draft = teacher.get_latest_revision_as_object()
    put(draft, _merged(draft, former=change.after, new=change.before))
    draft.save_revision(user=by, clean=False)
    if _says_the_same(draft, teacher):
        Teacher.objects.filter(pk=teacher.pk).update(has_unpublished_changes=False)


@dataclass(frozen=True)
class Declined:
    """What a teacher is told of a change that was not taken over."""

    decided_at: datetime
    labels: list[str]
    reason: str


def last_declined(teacher: Teacher) -> Declined | None:
    """Return what became of the teacher's last change where it was declined; else None.

    As soon as the teacher sends another change, that one is the last.
    """
    change = ChangeRequest.objects.filter(teacher=teacher).order_by("-sent_at", "-pk").first()
    if change is None or change.outcome != Outcome.DECLINED:
        return None
    noted = registry.get_logs_for_instance(teacher).filter(action=DECLINED, data__change=change.pk)
    entry = noted.first()
    return Declined(
        decided_at=change.decided_at,
        labels=[str(Teacher._meta.get_field(name).verbose_name) for name in change.changed],
        reason=entry.data["reason"] if entry else "",
    )


def _locked(change: ChangeRequest, seen: int | None) -> ChangeRequest:
    found = ChangeRequest.objects.select_for_update().filter(pk=change.pk).first()
    if found is None or found.outcome != Outcome.WAITING:
        raise ChangedMeanwhile
    if seen is not None and seen != found.revision_id:
        raise ChangedMeanwhile
    return found


def _decide(change: ChangeRequest, outcome: Outcome, by: User | None) -> None:
    change.outcome, change.decided_at, change.decided_by = outcome, timezone.now(), by
    change.save()


def _go_live(
    teacher: Teacher, before: dict[str, object], after: dict[str, object], *, by: User | None
) -> Revision:
    """Publish these values and nothing else; a draft of staff's stays one, with them in it."""
    if not teacher.live:  # accepting what a teacher changed does not publish the entry
        put(teacher, after)
        teacher.save()
        return teacher.latest_revision
    draft = former = None
    if teacher.has_unpublished_changes:
        former = teacher.get_latest_revision()
        draft = teacher.get_latest_revision_as_object()
        said = {name: value for name, value in after.items() if name in FACTS}
        put(draft, _merged(draft, former=before, new=after) | said)
    put(teacher, after)
    if draft is None or _says_the_same(draft, teacher):
        revision = teacher.save_revision(user=by, clean=False)
        revision.publish(user=by, skip_permission_checks=True)
        return revision
    # Wagtail's own way to publish would forget when the draft is to go live, and its workflow.
    revision = teacher.save_revision(user=by, clean=False)
    teacher.live_revision, teacher.last_published_at = revision, timezone.now()
    teacher.save()
    log(instance=teacher, action="wagtail.publish", user=by, revision=revision)
    published.send(sender=Teacher, instance=teacher, revision=revision)
    kept = draft.save_revision(user=former.user, clean=False)
    if former.approved_go_live_at:
        Revision.objects.filter(pk=kept.pk).update(approved_go_live_at=former.approved_go_live_at)
        Revision.objects.filter(pk=former.pk).update(approved_go_live_at=None)
    in_hand = TaskState.objects.filter(revision=former, status=TaskState.STATUS_IN_PROGRESS)
    in_hand.update(revision=kept)
    return revision


def _merged(
    draft: Teacher, *, former: dict[str, object], new: dict[str, object]
) -> dict[str, object]:
    """Return the new values of those fields of a draft that nobody has changed meanwhile."""
    return {name: value for name, value in new.items() if value_of(draft, name) == former[name]}


def _says_the_same(one: Teacher, other: Teacher) -> bool:
    texts = [version.serializable_data() for version in (one, other)]
    for text in texts:
        for name in OF_PUBLISHING:
            text.pop(name, None)
        text["programs"] = sorted(text["programs"])
    return texts[0] == texts[1]


@receiver(published, sender=Teacher)
def settle_change(instance: Teacher, **kwargs) -> None:
    """Note that a change is decided once staff have published it by way of the editor."""
    change = waiting_change(instance)
    if change and all(value_of(instance, name) == value for name, value in change.after.items()):
        _decide(change, Outcome.PUBLISHED, kwargs["revision"].user)


@receiver(published, sender=Teacher)
def forget_address_change(instance: Teacher, **kwargs) -> None:
    """Drop a new address that waits to be confirmed once staff have changed the present one."""
    pending = AddressChange.objects.filter(teacher=instance.pk)
    pending.exclude(former_key=instance.contact_key).delete()


# --- facts that wait for nobody -----------------------------------------------------------------


@transaction.atomic
def set_facts(teacher: Teacher, action: str, **facts: object) -> None:
    """Set fields of the entry and of its draft at once, and note it in the entry's history.

    The draft has them too, so that publishing it later does not take them back.
    """
    found = Teacher.objects.select_for_update().get(pk=teacher.pk)
    for name, value in facts.items():
        setattr(found, name, value)
        setattr(teacher, name, value)
    # `save` makes the key that an address is compared by.
    written = {*facts, "contact_key"} if "contact_address" in facts else {*facts}
    found.save(update_fields=sorted(written))
    data = found.serializable_data()
    told = {name: data[name] for name in written}
    for revision in _that_may_go_live(found):
        revision.content.update(told)
        Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    log(instance=found, action=action)


def _that_may_go_live(teacher: Teacher) -> list[Revision]:
    revisions = Revision.objects.for_instance(teacher)
    pending = revisions.filter(approved_go_live_at__isnull=False)
    in_hand = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).values("revision")
    chosen = pending | revisions.filter(pk=teacher.latest_revision_id)
    return list(chosen | revisions.filter(pk__in=in_hand))
