"""Whose renewal is near or over, and renewing for a teacher who said that all is right."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from accounts.models import User
from teachers.models import Teacher
from teachers.staff_writing import Writing, change_teachers, in_hand
from teachers.teacher_filters import SOON, to_renew

A_PAGE = 50
CONFIRMED = "teachers.confirm"
may_change = permission_required("teachers.publish_teacher", raise_exception=True)


@require_safe
@may_change
def renewals(request: HttpRequest) -> HttpResponse:
    """Answer with those to be renewed within 30 days and those who are late, the latest first."""
    today = timezone.localdate()
    due = to_renew(Teacher.objects.all(), today + SOON).select_related("level")
    page = Paginator(due.order_by("last_confirmed", "pk"), A_PAGE)
    context = {
        "page_of_teachers": page.get_page(request.GET.get("p")),
        "today": today,
        "overdue": to_renew(Teacher.objects.all(), today).count(),
    }
    return TemplateResponse(request, "teachers/staff/renewals.html", context)


@require_POST
@may_change
def confirm_teacher(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a teacher confirmed the entry today."""
    teacher = get_object_or_404(Teacher, pk=pk)
    if confirm([teacher.pk], request.user):
        told = _("Confirmed today: %(teacher)s is shown for another year.") % {"teacher": teacher}
        messages.success(request, told)
    else:
        messages.error(request, told_in_hand())
    return redirect("teachers_renewals")


def told_in_hand() -> str:
    """Return why someone was left as they are."""
    return _("Whoever is locked, in a workflow or scheduled to be published was left as they are.")


def confirm(pks: list[int], by: User) -> int:
    """Note that teachers confirmed their entries today; return for how many it was done."""
    return set_many(pks, by, CONFIRMED, last_confirmed=timezone.localdate())


@transaction.atomic
def set_many(pks: list[int], by: User, action: str, **values: object) -> int:
    """Set the same values for teachers who are in nobody's hand; return for how many."""
    teachers = list(Teacher.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    busy = in_hand(teachers)
    free = [teacher for teacher in teachers if teacher.pk not in busy]
    change_teachers([Writing(teacher, {**values}) for teacher in free], action=action, by=by)
    return len(free)
