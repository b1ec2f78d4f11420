"""The yearly renewal: whom to remind when, and what happens when a teacher answers.

Leaving the directory is a deliberate press on a page. What a mail program sends at one click
(RFC 8058) ends the reminders and nothing else, since some programs press it by themselves.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from post_office.models import Email

from teachers.mails import reminder_mail, words_of
from teachers.models import (
    Teacher,
    TeacherMailKind,
    TeacherReminder,
    first_listed_rank,
)
from teachers.models.teacher import RENEWED_FOR, State
from teachers.own_changes import set_facts

# Days before the last day on which an entry is shown.
STAGES = (30, 7, 0)
# How long after it a reminder is still sent that the worker could not send in time.
CATCH_UP = timedelta(days=30)
AT_ONCE = 200


def remind_teachers() -> int:
    """Queue reminders for a part of those whose turn it is; return how many, 0 when all are done.

    Asked again on the same day it sends nothing twice. After days without it a teacher gets the
    reminder of the present stage alone.
    """
    today = timezone.localdate()
    for stage in sorted(STAGES):
        if count := _remind(stage, today):
            return count
    return 0


def stage_of(due: date, today: date) -> int | None:
    """Return which reminder a teacher should have had by a day; None while it is too early."""
    left = (due - today).days
    return min((stage for stage in STAGES if left <= stage), default=None)


def _remind(stage: int, today: date) -> int:
    with transaction.atomic():
        teachers = list(_waiting(stage, today)[:AT_ONCE])
        if not teachers:
            return 0
        kind = TeacherMailKind.REMIND if stage else TeacherMailKind.LAST
        words = words_of(kind)
        # Two workers at once: the second breaks at the constraint, and its mails with it.
        TeacherReminder.objects.bulk_create(
            TeacherReminder(teacher=teacher, due=teacher.renewal_due, days_before=stage)
            for teacher in teachers
        )
        Email.objects.bulk_create(reminder_mail(kind, teacher, words) for teacher in teachers)
    return len(teachers)


def _waiting(stage: int, today: date) -> QuerySet[Teacher]:
    """Return those at that stage who were not reminded of it for this year."""
    later = [other for other in STAGES if other < stage]
    first = today + timedelta(days=max(later) + 1) if later else today - CATCH_UP
    last = today + timedelta(days=stage)
    # A reminder of the year before was of a day that lies before all of these.
    reminded = TeacherReminder.objects.filter(
        days_before__lte=stage, due__gte=today - CATCH_UP, due__lte=last
    )
    level = first_listed_rank()
    return (
        Teacher.objects.listable(on=today - CATCH_UP)
        .filter(
            last_confirmed__gte=first - RENEWED_FOR,
            last_confirmed__lte=last - RENEWED_FOR,
            level__rank__gte=level,
            wants_reminders=True,
            is_sample=False,
        )
        .exclude(contact_key="")
        .exclude(pk__in=reminded.values("teacher"))
        .order_by("pk")
    )


# --- what a teacher answers ---------------------------------------------------------------------


def renew(teacher: Teacher) -> None:
    """Note that all is still right: the entry is shown for another year, also after it had ended.

    An entry that its teacher took out or that staff have hidden stays out.
    """
    set_facts(teacher, "teachers.renewed", last_confirmed=timezone.localdate())


def want_reminders(teacher: Teacher, wanted: bool) -> None:
    """End the reminders, or have them again."""
    if teacher.wants_reminders != wanted:
        action = "teachers.reminders_on" if wanted else "teachers.reminders_off"
        set_facts(teacher, action, wants_reminders=wanted)


@transaction.atomic
def leave(teacher: Teacher) -> None:
    """Take a teacher out of the directory at once; what staff have hidden stays hidden."""
    _refresh_locked(teacher)
    state = State.WITHDRAWN if teacher.state == State.LISTED else teacher.state
    if teacher.agreed_to_be_listed or state != teacher.state:
        set_facts(teacher, "teachers.left", agreed_to_be_listed=False, state=state)


@transaction.atomic
def come_back(teacher: Teacher) -> None:
    """Note that a teacher agrees to be listed; what staff have hidden stays hidden."""
    _refresh_locked(teacher)
    state = State.LISTED if teacher.state == State.WITHDRAWN else teacher.state
    if not teacher.agreed_to_be_listed or state != teacher.state:
        set_facts(teacher, "teachers.came_back", agreed_to_be_listed=True, state=state)


def _refresh_locked(teacher: Teacher) -> None:
    """Read what is decided upon anew, and keep it from changing until it is decided."""
    found = Teacher.objects.select_for_update().get(pk=teacher.pk)
    teacher.state, teacher.agreed_to_be_listed = found.state, found.agreed_to_be_listed


def is_in(teacher: Teacher) -> bool:
    """Tell whether a teacher agrees to be in the directory, whatever staff say of it."""
    return teacher.agreed_to_be_listed and teacher.state != State.WITHDRAWN
