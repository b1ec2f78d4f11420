"""What teachers changed of their own entries: staff look at it, publish it or decline it."""

from dataclasses import dataclass
from urllib.parse import quote

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from library.models import UploadedImage
from teachers.gazetteer.labels import label_of
from teachers.languages import language_name
from teachers.models import ChangeRequest, Place, Program, Teacher
from teachers.own_changes import ChangedMeanwhile, decline_change, publish_change
from teachers.staff_standing import is_listed_now, why_not_listed

A_PAGE = 20
THUMBNAIL = "max-165x165"  # as the admin shows pictures in its own lists
may_look = permission_required("teachers.view_changerequest", raise_exception=True)
may_decide = permission_required("teachers.change_changerequest", raise_exception=True)


@dataclass(frozen=True)
class Side:
    """What a field held: words, formatted words or a picture, of which one is not empty."""

    words: str = ""
    html: str = ""
    picture: UploadedImage | None = None

    @property
    def alt(self) -> str:
        """What stands for the picture: its description, else its title."""
        return self.picture.description or self.picture.title


@dataclass(frozen=True)
class Difference:
    """A field that was changed, before and after."""

    label: str
    before: Side
    after: Side


class DeclineForm(forms.Form):
    """Why a change is declined, in a sentence to its teacher."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why (the teacher reads it)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "It stands on the page where the teacher changes the entry. Without it, the page says "
            "that the change was not taken over, and nothing else."
        ),
    )


@require_safe
@may_look
def changes(request: HttpRequest) -> HttpResponse:
    """Answer with the changes that wait, the oldest first, and what is different in each."""
    waiting = ChangeRequest.objects.filter(outcome=ChangeRequest.Outcome.WAITING)
    page = Paginator(waiting.select_related("teacher"), A_PAGE).get_page(request.GET.get("p"))
    words = Words(page)
    context = {
        "page_of_changes": page,
        "changes": [
            (change, words.differences(change), write_to(change.teacher)) for change in page
        ],
    }
    return TemplateResponse(request, "teachers/staff/changes.html", context)


@require_POST
@may_decide
def decide_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a change as it was when staff looked at it; ask first where they decline it."""
    change = get_object_or_404(ChangeRequest.objects.select_related("teacher"), pk=pk)
    act, seen = request.POST.get("act", ""), request.POST.get("seen", "")
    if act == "decline":
        return redirect("teachers_decline_change", pk)
    if act != "publish" or not seen.isascii() or not seen.isdigit():
        messages.error(request, _("Nothing was changed. Please choose Publish or Decline."))
        return redirect("teachers_changes")
    try:
        publish_change(change, request.user, seen=int(seen))
    except ChangedMeanwhile:
        return _changed_meanwhile(request)
    _tell_published(request, Teacher.objects.get(pk=change.teacher_id))
    return redirect("teachers_changes")


@require_http_methods(["GET", "HEAD", "POST"])
@may_decide
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a change is declined, and why; then decline it as it was shown here."""
    change = get_object_or_404(ChangeRequest.objects.select_related("teacher"), pk=pk)
    if change.outcome != ChangeRequest.Outcome.WAITING:
        return _changed_meanwhile(request)
    form = DeclineForm(request.POST or None, initial={"seen": change.revision_id})
    if not form.is_valid():
        context = {
            "change": change,
            "differences": Words([change]).differences(change),
            "form": form,
            "write_to": write_to(change.teacher),
        }
        return TemplateResponse(request, "teachers/staff/decline.html", context)
    seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
    try:
        decline_change(change, request.user, seen=seen, reason=reason)
    except ChangedMeanwhile:
        return _changed_meanwhile(request)
    mail = write_to(change.teacher)
    told = _("Declined: the entry of %(teacher)s stays as it was. They read it on their own page.")
    buttons = [messages.button(mail, _("Write to the teacher"))] if mail else None
    messages.success(request, told % {"teacher": change.teacher}, buttons=buttons)
    return redirect("teachers_changes")


def write_to(teacher: Teacher) -> str:
    """Return the address that opens a mail to the teacher; empty where there is nobody."""
    if teacher.is_sample or not teacher.contact_key:
        return ""
    return f"mailto:{quote(teacher.contact_address, safe='@')}"


def _changed_meanwhile(request: HttpRequest) -> HttpResponse:
    told = _("Nothing was changed: the teacher sent more since, or a colleague has decided.")
    messages.warning(request, told)
    return redirect("teachers_changes")


def _tell_published(request: HttpRequest, teacher: Teacher) -> None:
    if is_listed_now(teacher):
        told = _("Published: what %(teacher)s changed is live.") % {"teacher": teacher}
        messages.success(request, told)
        return
    told = _("Taken over. Visitors do not find %(teacher)s at present: %(reasons)s")
    reasons = " ".join(why_not_listed(teacher))
    messages.success(request, told % {"teacher": teacher, "reasons": reasons})


class Words:
    """Puts what changes hold into words; what their keys name is asked for once for all."""

    def __init__(self, some_changes) -> None:
        held = [values for change in some_changes for values in (change.before, change.after)]
        self.programs = Program.objects.in_bulk({k for v in held for k in v.get("programs") or []})
        self.places = Place.objects.in_bulk({v["place"] for v in held if v.get("place")})
        portraits = {v["portrait"] for v in held if v.get("portrait")}
        pictures = UploadedImage.objects.prefetch_renditions(THUMBNAIL)
        self.portraits = pictures.in_bulk(portraits)

    def differences(self, change: ChangeRequest) -> list[Difference]:
        """Return what a change changes."""
        return [
            Difference(
                label=str(Teacher._meta.get_field(name).verbose_name),
                before=self.side(name, change.before.get(name)),
                after=self.side(name, change.after.get(name)),
            )
            for name in change.changed
        ]

    def side(self, name: str, value: object) -> Side:
        """Return a field's value as it is shown on one side."""
        if name == "biography" and value:
            return Side(html=value)
        if name == "portrait" and value in self.portraits:
            return Side(picture=self.portraits[value])
        return Side(words=self.of(name, value))

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
                return _("a deleted picture")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(value)
