"""What teachers changed of their own entries: staff look at it, publish it or decline it."""

from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from library.models import UploadedImage
from teachers.gazetteer.labels import label_of
from teachers.languages import language_name
from teachers.models import ChangeRequest, Place, Program, Teacher
from teachers.own_changes import ChangedMeanwhile, decline_change, publish_change

A_PAGE = 20
may_look = permission_required("teachers.view_changerequest", raise_exception=True)
may_decide = permission_required("teachers.change_changerequest", raise_exception=True)


@dataclass(frozen=True)
class Difference:
    """A field that was changed, before and after, in words."""

    label: str
    before: str
    after: str


@require_safe
@may_look
def changes(request: HttpRequest) -> HttpResponse:
    """Answer with the changes that wait, the oldest first, and what is different in each."""
    waiting = ChangeRequest.objects.filter(outcome=ChangeRequest.Outcome.WAITING)
    page = Paginator(waiting.select_related("teacher"), A_PAGE).get_page(request.GET.get("p"))
    words = Words(page)
    context = {
        "page_of_changes": page,
        "changes": [(change, words.differences(change)) for change in page],
    }
    return TemplateResponse(request, "teachers/staff/changes.html", context)


@require_POST
@may_decide
def decide_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a change or decline it, as it was when staff looked at it."""
    change = get_object_or_404(ChangeRequest.objects.select_related("teacher"), pk=pk)
    acts = {"publish": publish_change, "decline": decline_change}
    act, seen = acts.get(request.POST.get("act", "")), request.POST.get("seen", "")
    if act is None or not seen.isascii() or not seen.isdigit():
        messages.error(request, _("Nothing was changed. Please choose Publish or Decline."))
        return redirect("teachers_changes")
    try:
        act(change, request.user, seen=int(seen))
    except ChangedMeanwhile:
        told = _("Nothing was changed: the teacher sent more since, or a colleague has decided.")
        messages.warning(request, told)
        return redirect("teachers_changes")
    if act is publish_change:
        told = _("Published: what %(teacher)s changed is live.")
    else:
        told = _("Declined: the entry of %(teacher)s stays as it was.")
    messages.success(request, told % {"teacher": change.teacher})
    return redirect("teachers_changes")


class Words:
    """Puts what changes hold into words; what their keys name is asked for once for all."""

    def __init__(self, some_changes) -> None:
        held = [values for change in some_changes for values in (change.before, change.after)]
        self.programs = Program.objects.in_bulk({k for v in held for k in v.get("programs") or []})
        self.places = Place.objects.in_bulk({v["place"] for v in held if v.get("place")})
        portraits = {v["portrait"] for v in held if v.get("portrait")}
        self.portraits = UploadedImage.objects.in_bulk(portraits)

    def differences(self, change: ChangeRequest) -> list[Difference]:
        """Return what a change changes."""
        return [
            Difference(
                label=str(Teacher._meta.get_field(name).verbose_name),
                before=self.of(name, change.before.get(name)),
                after=self.of(name, change.after.get(name)),
            )
            for name in change.changed
        ]

    def of(self, name: str, value: object) -> str:
        """Return a field's value in words."""
        if value in (None, "", []):
            return _("nothing")
        match name:
            case "languages":
                return ", ".join(sorted(language_name(code) for code in value))
            case "programs":
                return ", ".join(str(self.programs.get(key, _("a deleted one"))) for key in value)
            case "place":
                place = self.places.get(value)
                return label_of(place) if place else _("an unknown town")
            case "portrait":
                return str(self.portraits.get(value, _("a deleted picture")))
            case "biography":
                return " ".join(strip_tags(value.replace(">", "> ")).split())
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(value)
