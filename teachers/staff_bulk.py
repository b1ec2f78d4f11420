"""What staff can do with many teachers at once, chosen by ticking or by the list's filters."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from teachers.models import Teacher
from teachers.staff_renewals import confirm, set_many, told_in_hand
from teachers.teacher_filters import chosen_teachers

MOST_AT_ONCE = 500  # each is locked, changed and noted, in one transaction


class TeacherAction(BulkAction):
    """What the acts share: who may, whom it takes, and an answer that counts.

    Wagtail takes everything for "all in the listing", whatever the filters; here it is what the
    filters choose. Too many are refused.
    """

    models = [Teacher]
    template_name = "teachers/staff/bulk.html"
    permission = "teachers.publish_teacher"
    explanation = button = ""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse who may not, and more than can be done at once."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        if self.chosen.count() > MOST_AT_ONCE:
            messages.error(
                request,
                _(
                    "That is done with at most %(most)s teachers at once. Narrow the list by its "
                    "filters and repeat it."
                )
                % {"most": MOST_AT_ONCE},
            )
            return redirect(reverse("wagtailsnippets_teachers_teacher:list"))
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def chosen(self) -> QuerySet:
        """The teachers that were ticked, or that the list's filters choose."""
        asked = self.request.GET.getlist("id")
        if "all" in asked:
            return chosen_teachers(self.request, self.request.GET)
        numbers = [int(text) for text in asked if text.isascii() and text.isdigit()]
        return Teacher.objects.filter(pk__in=[n for n in numbers if n < 2**63])

    def get_actionable_objects(self) -> tuple[list[Teacher], dict]:
        """Return them all: who may do this may do it with each."""
        return list(self.chosen), {"items_with_no_access": []}

    def get_context_data(self, **kwargs) -> dict:
        """Tell the page what is asked, and of how many."""
        return {
            **super().get_context_data(**kwargs),
            "number": self.chosen.count(),
            "title": self.display_name,
            "explanation": self.explanation,
            "button": self.button,
        }

    def get_execution_context(self) -> dict:
        """Give the act who does it."""
        return {"user": self.request.user}

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
