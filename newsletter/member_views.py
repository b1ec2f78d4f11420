"""The pages that links in mails lead to. Looking at them changes nothing; a button does.

Mail scanners open every link, some with JavaScript, so nothing happens until a form is sent.
The token in the address is what shows that the form is the person's own.
"""

from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.erasure import Erased, erase
from newsletter.forms import PreferencesForm
from newsletter.links import Purpose, Token, preferences_link, read_token, rejoin_link
from newsletter.membership import confirm, leave, locked, record, rejoin, send_confirmation
from newsletter.models import Subscriber, newsletter_address
from newsletter.models.subscriber import Act
from newsletter.own_record import own_record
from pages.client_address import client_address, network_of
from pages.metadata import build_metadata
from pages.token_page import Button, for_one_person, token_page

State = Subscriber.State


@for_one_person(partial(read_token, Purpose.CONFIRM))
def confirm_page(request: HttpRequest, token: Token) -> HttpResponse:
    """Ask for the press that puts someone on the list, and do it."""
    subscriber = token.subscriber()
    if subscriber is None:
        return _not_on_the_list(request, status=410)
    if subscriber.state == State.CONFIRMED:
        # A link that is too old opens no other door.
        title = _("You have confirmed already")
        return _welcome(request, None if token.is_expired else subscriber, title)
    if token.round != subscriber.round:
        return _left_since(request)
    if token.is_expired:
        return _expired(request, subscriber)
    if request.method != "POST":
        return token_page(
            request,
            _("One press, and you are on the list"),
            [_("Press the button to confirm that you want our newsletter.")],
            Button(_("Yes, subscribe me")),
        )
    if not confirm(subscriber, token.round, network=_network(request)):
        return _left_since(request)
    return _welcome(request, subscriber, _("Thank you: you are subscribed"))


@for_one_person(partial(read_token, Purpose.LEAVE))
def leave_page(request: HttpRequest, token: Token) -> HttpResponse:
    """Take someone off the list: by the page's button, or at one click in a mail program.

    RFC 8058, section 3.1: a POST without cookie or sign-in, answered without a redirect, and
    sent again it does no harm. An erased person is off the list too.
    """
    subscriber = token.subscriber()
    if subscriber is None:
        return _not_on_the_list(request)
    if request.method == "POST":
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        leave(subscriber, network=_network(request), note="RFC 8058" if one_click else "")
        subscriber.refresh_from_db()
    if subscriber.state in {State.UNSUBSCRIBED, State.COMPLAINED}:
        return _goodbye(request, subscriber)
    return token_page(
        request,
        _("Leave the newsletter?"),
        [_("Press the button, and we will not write to you again.")],
        Button(_("Leave the newsletter")),
        links=[(preferences_link(subscriber), _("See what we have stored of you"))],
    )


@for_one_person(partial(read_token, Purpose.REJOIN))
def rejoin_page(request: HttpRequest, token: Token) -> HttpResponse:
    """Put someone back on the list who has just left."""
    subscriber = token.subscriber()
    if subscriber is None:
        return _not_on_the_list(request, status=410)
    if request.method != "POST" and subscriber.state == State.UNSUBSCRIBED:
        return token_page(
            request,
            _("Changed your mind?"),
            [_("Press the button, and you are on the list again.")],
            Button(_("Put me back on the list")),
        )
    if request.method == "POST" and not token.is_expired:
        rejoin(subscriber, token.round, network=_network(request))
        subscriber.refresh_from_db()
    if subscriber.state == State.CONFIRMED:
        return _welcome(request, subscriber, _("Welcome back: you are subscribed"))
    if token.is_expired or token.round != subscriber.round:
        return _left_since(request)
    return token_page(
        request,
        _("Check your inbox"),
        [_("You had not confirmed before, so we have written to you. Press the button there.")],
    )


@for_one_person(partial(read_token, Purpose.PREFERENCES))
def preferences(request: HttpRequest, token: Token) -> HttpResponse:
    """Show and change what someone hears about; give out or erase what is stored of them."""
    subscriber = token.subscriber()
    if subscriber is None:
        return _not_on_the_list(request)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    acts = {
        "save": _save,
        "data": _give_data,
        "leave": _leave_from_preferences,
        "erase": _ask_before_erasing,
        "erase-for-good": _erase,
    }
    if act in acts:
        return acts[act](request, subscriber)
    return _preferences_page(request, subscriber, PreferencesForm(instance=subscriber))


@transaction.atomic
def _save(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    found = locked(subscriber)  # as it is now: they may have left, or been erased, meanwhile
    if found is None:
        return _not_on_the_list(request)
    form = PreferencesForm(request.POST, instance=found)
    if not form.is_valid():
        return _preferences_page(request, found, form, status=400)
    form.save()
    record(found, Act.CHANGED, network=_network(request))
    return _preferences_page(request, found, form, notice=_("Your choice is saved."))


def _give_data(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    record(subscriber, Act.TOOK_DATA, network=_network(request))
    response = JsonResponse(
        own_record(subscriber), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="newsletter-data.json"'
    return response


def _leave_from_preferences(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    leave(subscriber, network=_network(request))
    subscriber.refresh_from_db()
    return _goodbye(request, subscriber)


def _ask_before_erasing(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    return token_page(
        request,
        _("Erase all that we have of you?"),
        [
            _(
                "Your address, your name, your choices and the record of what you agreed to go "
                "from our list, from the queue of mails and from our records. This cannot be "
                "undone."
            ),
            _(
                "A code made from your address stays, from which the address cannot be read, so "
                "that you are never written to again, even if someone signs you up. Should you "
                "want the newsletter again one day, write to us."
            ),
        ],
        Button(_("Erase me"), name="act", value="erase-for-good"),
        links=[(preferences_link(subscriber), _("No, go back"))],
    )


def _erase(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    erased = erase(subscriber.key)
    return token_page(request, _("Your data is erased"), _told(erased))


def _told(erased: Erased) -> list[str]:
    """Return what was erased, in sentences."""
    return [
        _("Your address, your name and your choices are gone from our list."),
        ngettext(
            "%(count)d line of your history is erased.",
            "%(count)d lines of your history are erased.",
            erased.events,
        )
        % {"count": erased.events},
        ngettext(
            "%(count)d mail to you is erased, sent or waiting.",
            "%(count)d mails to you are erased, sent or waiting.",
            erased.mails,
        )
        % {"count": erased.mails},
        _(
            "What stays is a code made from your address, from which the address cannot be read. "
            "It keeps us from ever writing to you again."
        ),
    ]


def _preferences_page(
    request: HttpRequest,
    subscriber: Subscriber,
    form: PreferencesForm,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "metadata": build_metadata(request, title=_("Your newsletter"), indexed=False),
        "form": form,
        "subscriber": subscriber,
        "address": subscriber.address,
        "is_confirmed": subscriber.state == State.CONFIRMED,
        "way_back": rejoin_link(subscriber) if subscriber.state == State.UNSUBSCRIBED else "",
        "notice": notice,
    }
    return render(request, "newsletter/preferences.html", context, status=status)


def _welcome(request: HttpRequest, subscriber: Subscriber | None, title: str) -> HttpResponse:
    return token_page(
        request,
        title,
        [_("Our newsletter will come to your inbox. Each mail has a link to leave.")],
        links=[(preferences_link(subscriber), _("Your choices and your data"))]
        if subscriber
        else [],
    )


def _goodbye(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if subscriber.state == State.COMPLAINED:
        return token_page(request, _("You have left"), [_("We will not write to you again.")])
    return token_page(
        request,
        _("You have left"),
        [_("We will not write to you again. Thank you for having been with us.")],
        Button(_("Changed your mind? Come back"), url=rejoin_link(subscriber), is_quiet=True),
        links=[(preferences_link(subscriber), _("See or erase what we have stored of you"))],
    )


def _expired(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Offer a new mail in place of a link whose seven days are over."""
    if request.method == "POST" and request.POST.get("act") == "again":
        send_confirmation(subscriber)
        return token_page(
            request,
            _("Check your inbox"),
            [_("A new mail is on its way, unless we wrote to you a few minutes ago.")],
        )
    return token_page(
        request,
        _("This link is too old"),
        [_("A link to confirm holds for seven days. We can send you a new one.")],
        Button(_("Send me a new mail"), name="act", value="again"),
        status=410,
    )


def _left_since(request: HttpRequest) -> HttpResponse:
    return token_page(
        request,
        _("This link is no longer good"),
        [_("The address has left the list since this mail was sent. You can sign up anew.")],
        links=[(newsletter_address(), _("Sign up"))],
        status=410,
    )


def _not_on_the_list(request: HttpRequest, status: int = 200) -> HttpResponse:
    return token_page(
        request,
        _("You are not on our list"),
        [
            _(
                "We hold no data of this address, but perhaps a code that keeps us from writing to "
                "it."
            )
        ],
        status=status,
    )


def _network(request: HttpRequest) -> str:
    return network_of(client_address(request))
