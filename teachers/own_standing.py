"""Says to teachers in words why visitors do not find them, and how to reach the organization."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pages.chrome import chrome_for
from teachers.models import Teacher, first_listed_rank
from teachers.models.teacher import State
from teachers.renewal import is_in


def why_not_found(teacher: Teacher) -> list[str]:
    """Return each reason, as a sentence to the teacher, for which visitors do not find them."""
    reasons = []
    if not teacher.live:
        reasons.append(_("We have not published your entry, or have taken it back to look at it."))
    if teacher.state == State.HIDDEN:
        reasons.append(_("We have taken your entry out of the directory."))
    if not is_in(teacher):
        reasons.append(_("You have not ticked that you want to be shown in the directory."))
    if teacher.renewal_due is None:
        reasons.append(_("You have not confirmed yet that your entry is right: save it once."))
    elif teacher.renewal_due < timezone.localdate():
        reasons.append(
            _("Your entry was to be confirmed by %(day)s: save it, and it is.")
            % {"day": date_format(teacher.renewal_due)}
        )
    if teacher.level.rank < first_listed_rank():
        reasons.append(
            _("Teachers of the level “%(level)s” are not shown in the directory.")
            % {"level": teacher.level.name}
        )
    return reasons


def our_address(request: HttpRequest) -> str:
    """Return where the organization reads mail; empty where it has not said it on the site."""
    return chrome_for(request).organisation.email


def ways_to_us(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the link by which to write to the organization, as `token_page` takes it, or none."""
    address = our_address(request)
    if not address:
        return []
    return [(f"mailto:{address}", _("Write to us: %(address)s") % {"address": address})]
