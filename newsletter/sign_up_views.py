"""The form's address: what it answers to a sign-up, with JavaScript or without."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsletter.forms import SignUpForm
from newsletter.invitation import WORDING_LENGTH, Invitation, SignUpBox, invitation_for
from newsletter.models import ConsentWording, wording_of
from newsletter.near_misses import COMMON_DOMAINS, suggestion
from newsletter.proof_of_work import new_challenge
from newsletter.quarantine import hold
from newsletter.robots import HOUR, TooManySignUpsError, is_one_too_many, suspicion_of
from newsletter.sign_up import SignUp, sign_up
from pages.client_address import client_address, network_of
from pages.fragments import fragment
from pages.generation import fragment_key
from pages.metadata import build_metadata
from pages.rate_limits import seconds_left
from pages.read_only import read_only
from pages.same_site import is_from_here

# Many times what a form of two lines can be.
MOST_BYTES = 16 * 1024
# What the script asks for: the answer alone, to stand in the place of the form.
FRAGMENT = "text/vnd.cmsc.fragment+html"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show the form; take a sign-up and lead to the answer, which is the same for everyone.

    400 for what was typed wrongly, 403 from another site, 413 for too much, 429 in a flood.
    """
    if request.method != "POST":
        return _form_page(request, None)
    if _length(request) > MOST_BYTES:
        return _refusal(request, 413, _("This is more than the form can hold."))
    if not is_from_here(request):
        return _refusal(request, 403, _("This form was sent from another site. Please use ours."))
    request.encoding = "utf-8"  # whatever the request says, which may be none
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=400)
    try:
        _take(request, form)
    except TooManySignUpsError:
        text = _("So many sign-ups came at once that we take no more just now. Try again later.")
        response = _refusal(request, 429, text)
        response["Retry-After"] = str(seconds_left(HOUR))
        return response
    return _thanks(request, form)


@read_only
def check_your_inbox(request: HttpRequest) -> HttpResponse:
    """Say what happens next; `meant` may name a common mail domain that was nearly typed."""
    meant = request.GET.get("meant", "")
    context = _thanks_context(request, meant if meant in COMMON_DOMAINS else "")
    context["metadata"] = build_metadata(
        request, title=context["invitation"].thanks_heading, indexed=False
    )
    return render(request, "newsletter/check_your_inbox.html", context)


@never_cache
@read_only
def challenge(request: HttpRequest) -> JsonResponse:
    """Answer with a puzzle for the browser to solve."""
    return JsonResponse(new_challenge())


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _take(request: HttpRequest, form: SignUpForm) -> None:
    """Store the sign-up, or hold it; each counts towards the limits once."""
    invitation = invitation_for(request)
    address = form.cleaned_data["email"]
    suspicion = suspicion_of(request, form, puzzle=invitation.proof_of_work)
    asked = SignUp(
        address=address,
        name=form.cleaned_data["name"],
        language=invitation.language,
        source=form.cleaned_data["page"],
        network=network_of(client_address(request)),
        wording=_wording(invitation, form.cleaned_data["wording"]),
    )
    if suspicion:
        hold(asked, suspicion)
    elif not is_one_too_many(address.key):
        sign_up(asked)


def _wording(invitation: Invitation, shown: str) -> ConsentWording:
    """Return the words that the form showed, which on a cached page may be former ones."""
    if len(shown) == WORDING_LENGTH and shown != invitation.wording:
        former = ConsentWording.objects.filter(digest__startswith=shown).first()
        if former:
            return former
    return fragment(
        fragment_key("wording", invitation.wording, invitation.language),
        lambda: wording_of(invitation.wording_text, invitation.language),
    )


def _thanks(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    meant = suggestion(form.cleaned_data["email"]).rpartition("@")[2]
    if _wants_fragment(request):
        context = _thanks_context(request, meant)
        return _no_store(render(request, "newsletter/fragment_thanks.html", context))
    address = reverse("newsletter_inbox")
    response = redirect(f"{address}?{urlencode({'meant': meant})}" if meant else address)
    response.status_code = 303  # RFC 9110, 15.4.4: go on with a GET
    return _no_store(response)


def _thanks_context(request: HttpRequest, meant: str) -> dict:
    return {"invitation": invitation_for(request), "meant": meant}


def _form_page(request: HttpRequest, form: SignUpForm | None, status: int = 200) -> HttpResponse:
    box = SignUpBox(invitation_for(request), "answer", request.path, form)
    if form is not None and _wants_fragment(request):
        context = {"sign_up": box}
        answer = render(request, "newsletter/fragment_form.html", context, status=status)
        return _no_store(answer)
    metadata = build_metadata(request, title=box.invitation.heading, indexed=False)
    context = {"metadata": metadata, "sign_up": box}
    return render(request, "newsletter/subscribe.html", context, status=status)


def _refusal(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    if _wants_fragment(request):
        context = {"sentence": sentence}
        answer = render(request, "newsletter/fragment_refusal.html", context, status=status)
        return _no_store(answer)
    if status == 403:
        raise PermissionDenied(sentence)
    metadata = build_metadata(request, title=_("Newsletter"), indexed=False)
    context = {"metadata": metadata, "status": status, "title": sentence, "text": ""}
    return _no_store(render(request, "errors/error.html", context, status=status))


def _wants_fragment(request: HttpRequest) -> bool:
    return FRAGMENT in request.headers.get("Accept", "")


def _no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
