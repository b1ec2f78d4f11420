"""Teachers' own pages: asking for a link, and the entry that it opens.

There is no password and no cookie: the token in the address is what shows that a form is the
teacher's own. Looking changes nothing.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pages.client_address import client_address, is_loopback, network_of
from pages.email_addresses import parse_address
from pages.metadata import build_metadata
from pages.rate_limits import hit, seconds_left
from pages.read_only import read_only
from pages.same_site import is_from_here
from pages.signed_links import unsign
from pages.token_page import Button, for_nobody_else, for_one_person, token_page
from teachers.directory.profile import profile_of
from teachers.links import LIFETIMES, Purpose, Token, edit_link, read_token
from teachers.models import AddressChange, Teacher
from teachers.own_changes import last_declined, own_version, put, waiting_change
from teachers.own_entry import (
    ask_for_link,
    confirm_new_address,
    keep_portrait,
    note_ignored,
    save_own_entry,
)
from teachers.own_entry_forms import AskForm, OwnEntryForm, kept
from teachers.own_standing import our_address, ways_to_us, why_not_found
from teachers.staff_standing import is_listed_now

HOUR = 3600
ASKED_PER_NETWORK = 20  # in an hour
MOST_BYTES_OF_A_QUESTION = 16 * 1024
ROOM_BESIDE_A_PORTRAIT = 1024 * 1024


# --- asking for a link --------------------------------------------------------------------------


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the address; have a link sent there, and say the same whoever has it.

    400 for what is no address, 403 from another site, 413 for too much, 429 in a flood.
    """
    if request.method != "POST":
        return _ask_page(request, AskForm())
    if _length(request) > MOST_BYTES_OF_A_QUESTION:
        return _too_much(request)
    if not is_from_here(request):
        raise PermissionDenied(_("This form was sent from another site. Please use ours."))
    request.encoding = "utf-8"  # whatever the request says, which may be none
    form = AskForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, form, status=400)
    address = client_address(request)
    network = "" if is_loopback(address) else network_of(address)
    if network and hit("own-link-network", network, HOUR) > ASKED_PER_NETWORK:
        form.add_error("email", _("Too many links were asked for. Please try again in an hour."))
        response = _ask_page(request, form, status=429)
        response["Retry-After"] = str(seconds_left(HOUR))
        return response
    if not form.data.get("homepage"):
        ask_for_link(form.cleaned_data["email"])
    response = redirect("teachers_asked")
    response.status_code = 303  # RFC 9110, 15.4.4: go on with a GET
    return for_nobody_else(response)


@read_only
def asked(request: HttpRequest) -> HttpResponse:
    """Say what happens next, which is true for everyone."""
    return _asked_page(request)


def _asked_page(request: HttpRequest) -> HttpResponse:
    paragraphs = [
        _(
            "If the address is a teacher’s contact address in our directory, a link to the entry "
            "is on its way there. It works for one day."
        ),
        _(
            "If nothing arrives within a few minutes, look in the spam folder. We send one link "
            "in ten minutes. Perhaps we know you by another address: you can ask again with it."
        ),
    ]
    if ways := ways_to_us(request):
        paragraphs.append(_("If you no longer have the address that we know, please write to us."))
    ways.append((reverse("teachers_own"), _("Ask with another address")))
    return token_page(request, _("Check your inbox"), paragraphs, links=ways)


def _ask_page(request: HttpRequest, form: AskForm, status: int = 200) -> HttpResponse:
    metadata = build_metadata(request, title=_("Your entry in the directory"), indexed=False)
    context = {"metadata": metadata, "form": form}
    response = render(request, "teachers/own/ask.html", context, status=status)
    return response if status == 200 else for_nobody_else(response)


# --- one's own entry ----------------------------------------------------------------------------


@for_one_person(lambda token: read_token(token, Purpose.EDIT, Purpose.EDIT_REMINDED))
def edit(request: HttpRequest, token: Token) -> HttpResponse:
    """Show a teacher their own entry, preview it and save it.

    400 for what was typed wrongly, 410 for a link that is over, 413 for too much; what was typed
    is there again.
    """
    if _length(request) > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE + ROOM_BESIDE_A_PORTRAIT:
        return _too_much(request)
    teacher = token.teacher()
    if teacher is None or token.is_expired or not token.is_for(teacher):
        return _over(request, token, teacher)
    if request.method != "POST":
        return _entry_page(request, teacher, OwnEntryForm(teacher, own_version(teacher)))
    own = own_version(teacher)
    form = OwnEntryForm(teacher, own, request.POST, request.FILES)
    note_ignored(teacher, form.ignored())
    is_valid = form.is_valid()
    portrait = _portrait(teacher, form)
    if form.errors or not is_valid:
        return _entry_page(request, teacher, form, portrait, status=400)
    changes = form.changes()
    if portrait is not None or form.cleaned_data["remove_portrait"]:
        changes["portrait"] = portrait.pk if portrait else None
    act = request.POST.get("act")
    if act == "preview":
        put(own, changes)
        return _preview_page(request, form, own, portrait)
    if act == "more":
        return _entry_page(request, teacher, form, portrait)
    done = save_own_entry(
        teacher, changes, listed=form.cleaned_data["listed"], new_address=form.new_address()
    )
    response = redirect(f"{request.path}?done={'-'.join(done) or 'same'}")
    response.status_code = 303  # RFC 9110, 15.4.4: go on with a GET
    return response


def _portrait(teacher: Teacher, form: OwnEntryForm):
    """Return the portrait that was uploaded now or a step before, so that none is sent twice."""
    uploaded = form.cleaned_data.get("new_portrait")
    if not uploaded:
        return form.cleaned_data.get("kept_portrait")
    portrait = keep_portrait(teacher, uploaded)
    if portrait is None:
        form.add_error("new_portrait", _("So many pictures came today that we take no more."))
    return portrait


def _entry_page(
    request: HttpRequest, teacher: Teacher, form: OwnEntryForm, portrait=None, status: int = 200
) -> HttpResponse:
    form.focus_on_first_mistake()
    is_shown = is_listed_now(teacher)
    done = request.GET.get("done", "") if request.method == "GET" else ""
    context = {
        "metadata": build_metadata(request, title=_("Your entry"), indexed=False),
        "form": form,
        "teacher": teacher,
        "portrait": portrait or form.own.portrait,
        "kept_portrait": kept(teacher, portrait) if portrait else "",
        "seen": form["seen"].value(),
        "waits": waiting_change(teacher) is not None,
        "declined": last_declined(teacher),
        "is_shown": is_shown,
        "reasons": [] if is_shown else why_not_found(teacher),
        "write_to": our_address(request),
        "notices": _notices(done, is_shown=is_shown),
    }
    return render(request, "teachers/own/edit.html", context, status=status)


@dataclass(frozen=True)
class _Sent:
    """One field as it was sent, to be sent again."""

    name: str
    values: list[str]


def _preview_page(request: HttpRequest, form: OwnEntryForm, own: Teacher, portrait) -> HttpResponse:
    names = [name for name in form.fields if name not in {"new_portrait", "kept_portrait"}]
    context = {
        "metadata": build_metadata(request, title=_("This is how it will look"), indexed=False),
        "profile": profile_of(own),
        "sent": [_Sent(name, form.data.getlist(name)) for name in names if name in form.data],
        "kept_portrait": kept(form.teacher, portrait) if portrait else "",
        "listed": form.cleaned_data["listed"],
    }
    return render(request, "teachers/own/preview.html", context)


def _notices(done: str, *, is_shown: bool) -> list[str]:
    live = _("Saved. Visitors see it now.")
    hidden = _("Saved. Visitors do not find you at present; you read why below.")
    sentences = {
        "same": _("Nothing was different. Your entry is confirmed."),
        "live": live if is_shown else hidden,
        "waits": _("Saved. We look at it before visitors see it."),
        "in": _("You have agreed to be shown in the directory."),
        "out": _("You are no longer shown in the directory."),
        "address": _("We have written to the new contact address. Please confirm it there."),
    }
    return [sentences[part] for part in done.split("-") if part in sentences]


def _over(request: HttpRequest, token: Token, teacher: Teacher | None) -> HttpResponse:
    """Say that the link is over, offer a new one, and give back whatever was typed."""
    may_ask = teacher is not None and token.is_for(teacher) and bool(teacher.contact_key)
    if may_ask and request.POST.get("act") == "again":
        ask_for_link(parse_address(teacher.contact_address))
        return _asked_page(request)
    labels = {name: field.label for name, field in OwnEntryForm.base_fields.items()}
    typed = [
        (labels[name], value)
        for name, values in request.POST.lists()
        for value in values
        if labels.get(name) and value.strip()
    ]
    context = {
        "metadata": build_metadata(request, title=_("This link has expired"), indexed=False),
        "may_ask": may_ask,
        "typed": typed,
    }
    return render(request, "teachers/own/over.html", context, status=410)


# --- a new contact address ----------------------------------------------------------------------


def _read_address_token(token: str) -> Token:
    signed = unsign(f"teachers.{Purpose.ADDRESS}", token, LIFETIMES[Purpose.ADDRESS])
    return Token(signed.value.lstrip("~"), "", signed.is_expired)


@for_one_person(_read_address_token)
def confirm_address(request: HttpRequest, token: Token) -> HttpResponse:
    """Ask for the press that makes a new contact address hold, and do it."""
    change = AddressChange.objects.filter(handle=token.handle).first()
    if change is None or token.is_expired:
        return _address_is_over(request)
    if request.method != "POST":
        return token_page(
            request,
            _("Is this your new contact address?"),
            [_("Press the button, and from then on we write to you at %s.") % change.address],
            Button(_("Yes, this is my address")),
        )
    teacher = change.teacher
    if not confirm_new_address(token.handle):
        return _address_is_over(request)
    teacher.refresh_from_db()
    return token_page(
        request,
        _("Your contact address is changed"),
        [_("From now on we write to you here. Links in earlier mails no longer work.")],
        links=[(edit_link(teacher), _("Open my entry"))],
    )


def _address_is_over(request: HttpRequest) -> HttpResponse:
    return token_page(
        request,
        _("This link has expired"),
        [
            _(
                "It was used already, its time has run out, or another address was given since. "
                "Open your entry to give the address again."
            )
        ],
        links=[(reverse("teachers_own"), _("Ask for a link to my entry"))],
        status=410,
    )


# --- what they share ----------------------------------------------------------------------------


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _too_much(request: HttpRequest) -> HttpResponse:
    title = _("This is more than the form can hold.")
    text = _("Go back: what you typed is still there. A smaller picture will do.")
    metadata = build_metadata(request, title=title, indexed=False)
    context = {"metadata": metadata, "status": 413, "title": title, "text": text}
    return for_nobody_else(render(request, "errors/error.html", context, status=413))
