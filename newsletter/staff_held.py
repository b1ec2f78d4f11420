"""Sign-ups that were held: staff release them or throw them away."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from newsletter.models import HeldSignUp
from newsletter.quarantine import release

A_PAGE = 50
MOST_AT_ONCE = 500  # each release writes rows and a mail, in one request

may_view = permission_required("newsletter.view_heldsignup", raise_exception=True)
PERMISSIONS = {
    "release": "newsletter.change_heldsignup",
    "throw-away": "newsletter.delete_heldsignup",
}


@require_GET
@may_view
def held_sign_ups(request: HttpRequest) -> HttpResponse:
    """Answer with what waits, the latest first; `why` narrows it to one reason."""
    why = _why(request.GET.get("why", ""))
    reasons = dict(HeldSignUp.objects.order_by().values_list("suspicion").annotate(Count("pk")))
    labels = dict(HeldSignUp.Suspicion.choices)
    context = {
        "page_of_held": Paginator(_waiting(why), A_PAGE).get_page(request.GET.get("p")),
        "reasons": [(value, labels.get(value, value), n) for value, n in sorted(reasons.items())],
        "why": why,
        "in_all": sum(reasons.values()),
    }
    return TemplateResponse(request, "newsletter/staff/held.html", context)


@require_POST
def decide_held(request: HttpRequest) -> HttpResponse:
    """Release or throw away those that were ticked, or all with a reason once that is confirmed."""
    act, why = request.POST.get("act", ""), _why(request.POST.get("why", ""))
    if act not in PERMISSIONS:
        return redirect("newsletter_held")
    return permission_required(PERMISSIONS[act], raise_exception=True)(_decide)(request, act, why)


def _decide(request: HttpRequest, act: str, why: str) -> HttpResponse:
    takes_all = request.POST.get("which") == "all"
    if takes_all and request.POST.get("confirmed") != "yes":
        context = {"act": act, "why": why, "number": _waiting(why).count(), "most": MOST_AT_ONCE}
        return TemplateResponse(request, "newsletter/staff/held_confirm.html", context)
    if not takes_all and not _ticked(request):
        messages.warning(request, _("Tick the sign-ups first."))
        return redirect("newsletter_held")
    held = _waiting(why) if takes_all else HeldSignUp.objects.filter(pk__in=_ticked(request))
    if act == "release":
        _release(request, held)
    else:
        number, _by_model = held.delete()
        told = ngettext("%(n)s was thrown away.", "%(n)s were thrown away.", number)
        messages.success(request, told % {"n": number})
    address = reverse("newsletter_held")
    return redirect(f"{address}?{urlencode({'why': why})}" if why else address)


def _release(request: HttpRequest, held: QuerySet) -> None:
    """Release the oldest 500 at most, and say what became of them."""
    taken = list(held.order_by("held_at", "pk")[:MOST_AT_ONCE])
    released = sum(release(one, request.user) is not None for one in taken)
    told = ngettext("%(n)s was released.", "%(n)s were released.", released) % {"n": released}
    if released < len(taken):
        told += " " + _("The others are never to be written to again, and were left out.")
    if len(taken) == MOST_AT_ONCE:
        told += " " + _("There may be more: please repeat it.")
    messages.success(request, told)


def _waiting(why: str) -> QuerySet:
    return HeldSignUp.objects.filter(suspicion=why) if why else HeldSignUp.objects.all()


def _why(text: str) -> str:
    return text if text in HeldSignUp.Suspicion.values else ""


def _ticked(request: HttpRequest) -> list[int]:
    texts = request.POST.getlist("id")
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
