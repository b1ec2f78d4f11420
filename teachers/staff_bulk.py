"""What staff can do with many teachers at once, chosen by ticking or by the list's filters."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.chosen_action import ChosenAction
from teachers.models import Teacher
from teachers.staff_renewals import confirm, set_many, told_in_hand
from teachers.teacher_filters import chosen_teachers


class TeacherAction(ChosenAction):
    """What the acts with teachers share."""

    models = [Teacher]
    template_name = "teachers/staff/bulk.html"
    permission = "teachers.publish_teacher"

    def chosen_by_filters(self) -> QuerySet:
        """Return the teachers that the list's filters choose."""
        return chosen_teachers(self.request, self.request.GET)

    def too_many(self, most: int) -> str:
        """Say how many teachers are too many, and what to do."""
        return _(
            "That is done with at most %(most)s teachers at once. Narrow the list by its filters "
            "and repeat it."
        ) % {"most": most}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say with how many it was done."""
        told = ngettext(
            "%(act)s: done with %(n)s teacher.",
            "%(act)s: done with %(n)s teachers.",
            num_parent_objects,
        ) % {"n": num_parent_objects, "act": self.display_name}
        return f"{told} {told_in_hand()}" if num_child_objects else told


class ConfirmAction(TeacherAction):
    """Notes that teachers confirmed their entries today."""

    display_name = gettext_lazy("Confirmed today")
    aria_label = gettext_lazy("Note that selected teachers confirmed their entries today")
    action_type = "confirm"
    action_priority = 10
    explanation = gettext_lazy(
        "Do this when they told you that their entries are right. Each is shown for a year from "
        "today."
    )
    button = gettext_lazy("Yes, they confirmed")

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs) -> tuple[int, int]:
        """Return for how many it was done, and for how many not."""
        done = confirm([teacher.pk for teacher in objects], user)
        return done, len(objects) - done


class HideAction(TeacherAction):
    """Takes teachers out of the directory."""

    display_name = gettext_lazy("Hide")
    aria_label = gettext_lazy("Hide selected teachers")
    action_type = "hide"
    action_priority = 20
    explanation = gettext_lazy(
        "Visitors find them no longer, by any way. Nothing is deleted; “List again” brings them "
        "back. Who left the directory themselves is left as they are."
    )
    button = gettext_lazy("Yes, hide them")
    begins, ends = Teacher.State.LISTED, Teacher.State.HIDDEN

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs) -> tuple[int, int]:
        """Return for how many it was done, and for how many not."""
        meant = [teacher.pk for teacher in objects if teacher.state == cls.begins]
        done = set_many(meant, user, f"teachers.{cls.action_type}", state=cls.ends)
        return done, len(meant) - done


class ListAgainAction(HideAction):
    """Brings hidden teachers back."""

    display_name = gettext_lazy("List again")
    aria_label = gettext_lazy("List selected teachers again")
    action_type = "list"
    action_priority = 30
    explanation = gettext_lazy(
        "Those whom staff hid are shown again, if they agreed to be listed and their entry is "
        "confirmed. Who left the directory themselves is left as they are."
    )
    button = gettext_lazy("Yes, list them again")
    begins, ends = Teacher.State.HIDDEN, Teacher.State.LISTED


ACTIONS = (ConfirmAction, HideAction, ListAgainAction)
