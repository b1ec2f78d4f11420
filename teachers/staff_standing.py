"""Says in words whether a teacher is in the directory, and if not, why not."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from teachers.models import DirectoryEntry, Teacher, first_listed_rank


def is_listed_now(teacher: Teacher) -> bool:
    """Tell whether visitors find the teacher at this moment."""
    return DirectoryEntry.objects.current().filter(pk=teacher.pk).exists()


def why_not_listed(teacher: Teacher) -> list[str]:
    """Return each reason, as a sentence, for which a teacher as stored is not listed."""
    reasons = []
    if not teacher.live:
        reasons.append(_("The entry is a draft. Publish it, and it counts."))
    if teacher.state == Teacher.State.HIDDEN:
        reasons.append(_("Staff hid the entry (State)."))
    if teacher.state == Teacher.State.WITHDRAWN:
        reasons.append(_("The teacher left the directory (State). Ask them before you change it."))
    if not teacher.agreed_to_be_listed:
        reasons.append(_("It is not noted that the teacher agreed to be listed."))
    if teacher.last_confirmed is None:
        reasons.append(_("Nobody has confirmed yet that the entry is right (Last confirmed)."))
    elif teacher.renewal_due < timezone.localdate():
        reasons.append(
            _("The entry was to be renewed by %(day)s, and has not been.")
            % {"day": date_format(teacher.renewal_due, "DATE_FORMAT")}
        )
    if teacher.level.rank < first_listed_rank():
        reasons.append(
            _("Teachers of the level “%(level)s” are not listed. Teachers → The directory says "
              "from which level on they are.") % {"level": teacher.level}
        )  # fmt: skip
    return reasons


def told_unlisted(teacher: Teacher) -> str:
    """Return in sentences that visitors do not find a teacher as stored, and why; "" if they do."""
    if is_listed_now(teacher):
        return ""
    return " ".join([_("Visitors do not find this teacher yet."), *why_not_listed(teacher)])
