"""What teachers do with their own entry: ask for a link, save, give another contact address."""

from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from post_office.models import Email
from wagtail.log_actions import log
from wagtail.models import Collection, ReferenceIndex, Revision

from library.models import UploadedImage
from pages.email_addresses import Address
from pages.local_mail import is_local
from pages.rate_limits import hit
from pages.write_turn import write_turn
from teachers.links import LIFETIMES, Purpose
from teachers.mails import address_mails, link_mail
from teachers.models import AddressChange, ChangeRequest, Teacher, TeacherReminder
from teachers.models.teacher import new_handle
from teachers.own_changes import set_facts, submit
from teachers.renewal import CATCH_UP, come_back, is_in, leave, renew

COOLDOWN, DAY = 600, 86_400  # seconds
LINKS_A_DAY, ADDRESSES_A_DAY, PORTRAITS_A_DAY = 5, 3, 20
COLLECTION = "Teachers"
# A portrait that was uploaded for a preview and never saved goes after that.
KEEP_UNSAVED = timedelta(days=2)


def ask_for_link(address: Address) -> None:
    """Queue the mail with the link to the entry of whoever has the address.

    One in ten minutes, five a day. Where there is none to write to, the same is written and taken
    back within the transaction, so that nobody can tell from the time which it was.
    """
    soon = hit("own-link", address.key, COOLDOWN) > 1
    often = hit("own-link-day", address.key, DAY) > LINKS_A_DAY
    with write_turn(), transaction.atomic():
        teacher = Teacher.objects.filter(contact_key=address.key).first()
        is_meant = teacher is not None and not (soon or often)
        if teacher is None or (teacher.is_sample and not is_local()):
            is_meant = False
            teacher = Teacher(contact_address=address.typed, contact_key=address.key)
        mail = link_mail(teacher)
        Email.objects.bulk_create([mail])
        taken_back = Email.objects.filter(pk=0 if is_meant else mail.pk)
        taken_back._raw_delete(taken_back.db)  # one statement in either case


def note_ignored(teacher: Teacher, names: list[str]) -> None:
    """Note in the entry's history which fields were posted that are not the teacher's to change."""
    if names:
        log(instance=teacher, action="teachers.ignored_fields", data={"fields": names[:20]})


@transaction.atomic
def save_own_entry(
    teacher: Teacher,
    changes: dict[str, object],
    *,
    listed: bool,
    new_address: Address | None,
) -> list[str]:
    """Save what a teacher sent; return what happened: "live", "waits", "in", "out", "address".

    Saving says that all is right, so that it renews the entry too. Whether to be shown is the
    teacher's own to say and waits for nobody.
    """
    done = []
    if change := submit(teacher, changes):
        done.append("waits" if change.outcome == ChangeRequest.Outcome.WAITING else "live")
    teacher.refresh_from_db()
    if listed != is_in(teacher):
        come_back(teacher) if listed else leave(teacher)
        done.append("in" if listed else "out")
    if listed and teacher.last_confirmed != timezone.localdate():
        renew(teacher)
    if new_address is None:  # whoever saves the present address wants no other any more
        AddressChange.objects.filter(teacher=teacher).delete()
    elif _ask_new_address(teacher, new_address):
        done.append("address")
    return done


def keep_portrait(teacher: Teacher, file: UploadedFile) -> UploadedImage | None:
    """Store a portrait that was checked already; None where there were too many today.

    It is nobody's until the entry is saved, and the former one stays while a draft uses it.
    """
    if hit("own-portrait", teacher.handle, DAY) > PORTRAITS_A_DAY:
        return None
    file.name = f"portrait{Path(file.name).suffix.lower()}"
    portrait = UploadedImage(
        title=teacher.name,
        description=_("Portrait of %(name)s") % {"name": teacher.name},
        collection=portrait_collection(),
        file=file,
    )
    portrait._set_image_file_metadata()
    portrait.save()
    return portrait


def portrait_collection() -> Collection:
    """Return the collection of the teachers' portraits, made where there is none."""
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=COLLECTION).first()
    return found or root.add_child(name=COLLECTION)


def _ask_new_address(teacher: Teacher, address: Address) -> bool:
    """Have a new contact address confirmed; return False where it was asked too often today.

    Where another teacher has it already no question goes there, and nobody is told.
    """
    if hit("own-address", teacher.handle, DAY) > ADDRESSES_A_DAY:
        return False
    change, _made = AddressChange.objects.update_or_create(
        teacher=teacher,
        defaults={
            "address": address.typed,
            "former_key": teacher.contact_key,
            "handle": new_handle(),
            "asked_at": timezone.now(),
        },
    )
    question, *notice = address_mails(change, address.sendable)
    taken = Teacher.objects.filter(contact_key=address.key).exists()
    Email.objects.bulk_create(notice if taken else [question, *notice])
    return True


@transaction.atomic
def confirm_new_address(handle: str) -> bool:
    """Write to the teacher at the confirmed address from now on; False where it is too late.

    Links that were sent to the former address are good for nothing from then on.
    """
    asked = AddressChange.objects.filter(handle=handle).first()
    if asked is None:
        return False
    teacher = Teacher.objects.select_for_update().filter(pk=asked.teacher_id).first()
    change = AddressChange.objects.select_for_update().filter(handle=handle).first()
    if teacher is None or change is None:
        return False
    address = change.address
    change.delete()
    if change.former_key != teacher.contact_key:
        return False
    wanted = Teacher(contact_address=address)
    wanted._set_contact_key()
    if Teacher.objects.filter(contact_key=wanted.contact_key).exclude(pk=teacher.pk).exists():
        return False
    set_facts(teacher, "teachers.address_changed", contact_address=address)
    return True


def forget_leftovers() -> int:
    """Delete what nobody needs any more; return how many portraits there were.

    Addresses that were not confirmed in time, notes of reminders of days long past, portraits that
    were uploaded for a preview and never saved.
    """
    now = timezone.now()
    AddressChange.objects.filter(asked_at__lt=now - LIFETIMES[Purpose.ADDRESS]).delete()
    TeacherReminder.objects.filter(due__lt=timezone.localdate() - 3 * CATCH_UP).delete()
    unsaved = UploadedImage.objects.filter(
        collection__name=COLLECTION, uploaded_by_user=None, created_at__lt=now - KEEP_UNSAVED
    )
    forgotten = [portrait for portrait in unsaved if not _is_used(portrait)]
    for portrait in forgotten:
        portrait.delete()
    return len(forgotten)


def _is_used(portrait: UploadedImage) -> bool:
    pk = portrait.pk
    return (
        ReferenceIndex.get_references_to(portrait).exists()
        or Teacher.objects.filter(portrait=pk).exists()
        or Revision.objects.filter(content__portrait=pk).exists()
        or ChangeRequest.objects.filter(Q(after__portrait=pk) | Q(before__portrait=pk)).exists()
    )
