"""A person's page in the admin, and what staff can do about them.

Nobody sets the state by hand: it follows from what the person did, or from what staff were told
and wrote down. Each act leaves a line in the history.
"""

from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from post_office.models import STATUS
from wagtail.admin import messages
from wagtail.log_actions import log

from newsletter.erasure import erase, suppress_subscriber
from newsletter.membership import Suppressed, add_by_hand, record, resend
from newsletter.models import Subscriber, SubscriberMail, suppression_of
from newsletter.models.subscriber import Act, State
from newsletter.staff_forms import AddForm, ChangeForm, NoteForm

# An address can be signed up any number of times by anyone.
MOST_LINES = 200
# Whom a confirmation that is sent again makes sense for; who has left asks for it themselves.
CAN_BE_ASKED_AGAIN = {State.PENDING, State.BOUNCED}

may_view, may_add, may_change, may_delete = (
    permission_required(f"newsletter.{act}_subscriber", raise_exception=True)
    for act in ("view", "add", "change", "delete")
)


@may_view
def subscriber_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with what is known of a person: their history and the mails to them."""
    subscriber = get_object_or_404(Subscriber, pk=pk)
    suppression = suppression_of(subscriber.key)
    events = subscriber.events.order_by("-at", "-pk").select_related("wording", "by")
    mails = subscriber.mails.select_related("mail")
    context = {
        "subscriber": subscriber,
        "suppression": suppression,
        "events": events[:MOST_LINES],
        "more_events": max(0, events.count() - MOST_LINES),
        "mails": [(mail, _mail_state(mail)) for mail in mails[:MOST_LINES]],
        "may_be_asked_again": subscriber.state in CAN_BE_ASKED_AGAIN and suppression is None,
    }
    return TemplateResponse(request, "newsletter/staff/subscriber.html", context)


@may_add
def add_subscriber(request: HttpRequest) -> HttpResponse:
    """Add someone who told staff that they agree; who is known already is not added twice."""
    form = AddForm(request.POST or None)
    context = {"form": form, "known": None, "offers_again": "asked_again" in request.POST}
    if request.method == "POST" and form.is_valid():
        added = _add(request, form, context)
        if added:
            messages.success(
                request,
                _("The mail with the button to confirm is on its way.")
                if form.cleaned_data["how"] == "mail"
                else _("This person is on the list now."),
            )
            return redirect("newsletter_subscriber", added.pk)
    status = 400 if form.is_bound else 200
    return TemplateResponse(request, "newsletter/staff/add.html", context, status=status)


def _add(request: HttpRequest, form: AddForm, context: dict) -> Subscriber | None:
    """Add the person, or say in the form why not; None when they were not added."""
    entered = form.cleaned_data
    known = Subscriber.objects.filter(key=entered["address"].key).first()
    if known and known.state == State.CONFIRMED:
        context["known"] = known
        form.add_error("address", _("This address is on the list already. Nothing was changed."))
        return None
    if known and not entered["asked_again"]:
        context.update(known=known, offers_again=True)
        form.add_error(
            "address",
            _(
                "This address is known: %(state)s. If the person asked for the newsletter since, "
                "say so below."
            )
            % {"state": known.get_state_display()},
        )
        return None
    try:
        return add_by_hand(
            entered["address"],
            name=entered["name"],
            language=entered["language"],
            topics=entered["topics"],
            note=entered["note"],
            by=request.user,
            asks_to_confirm=entered["how"] == "mail",
            lift=entered["asked_again"],
        )
    except Suppressed as suppressed:
        context["offers_again"] = True
        form.add_error(
            "address",
            _(
                "This address is never to be written to again: %(reason)s. If the person asked for "
                "the newsletter since, say so below."
            )
            % {"reason": suppressed},
        )
        return None


@may_change
def change_subscriber(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name, language and topics."""
    subscriber = get_object_or_404(Subscriber, pk=pk)
    form = ChangeForm.of(subscriber, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            _store(subscriber, form, request.user)
        messages.success(request, _("Saved."))
        return redirect("newsletter_subscriber", pk)
    context = {"subscriber": subscriber, "form": form}
    status = 400 if form.is_bound else 200
    return TemplateResponse(request, "newsletter/staff/change.html", context, status=status)


@transaction.atomic
def _store(subscriber: Subscriber, form: ChangeForm, by) -> None:
    subscriber.name = form.cleaned_data["name"]
    subscriber.language = form.cleaned_data["language"]
    subscriber.save(update_fields=["name", "language"])
    subscriber.topics.set(form.cleaned_data["topics"])
    changed = ", ".join(str(form.fields[name].label) for name in form.changed_data)
    record(subscriber, Act.EDITED, by=by, note=changed)


@require_POST
@may_change
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the confirmation again to someone who has not confirmed."""
    subscriber = get_object_or_404(Subscriber, pk=pk)
    if subscriber.state in CAN_BE_ASKED_AGAIN and resend(subscriber, request.user):
        messages.success(request, _("The mail with the button to confirm is on its way."))
    else:
        messages.warning(
            request,
            _(
                "Nothing was sent: the last mail is younger than ten minutes, there were three "
                "today, or the person is not waiting for one."
            ),
        )
    return redirect("newsletter_subscriber", pk)


@may_change
def suppress_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, then never write to someone again."""
    subscriber = get_object_or_404(Subscriber, pk=pk)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        suppress_subscriber(subscriber, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, _("Nobody writes to this person again."))
        return redirect("newsletter_subscriber", pk)
    context = {"subscriber": subscriber, "form": form}
    status = 400 if form.is_bound else 200
    return TemplateResponse(request, "newsletter/staff/suppress.html", context, status=status)


@may_delete
def erase_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what goes, then erase everything that is stored of someone."""
    subscriber = get_object_or_404(Subscriber, pk=pk)
    if request.method != "POST":
        context = {"subscriber": subscriber}
        return TemplateResponse(request, "newsletter/staff/erase.html", context)
    with transaction.atomic():
        log(subscriber, "newsletter.erase", user=request.user, deleted=True)
        erased = erase(subscriber.key)
    messages.success(
        request,
        _("Erased: the person, %(events)s lines of history and %(mails)s mails.")
        % {"events": erased.events, "mails": erased.mails},
    )
    return redirect("newsletter_subscribers")


def _mail_state(mail: SubscriberMail) -> str:
    """Return in words how far a mail is."""
    if mail.mail is None:
        return _("no longer kept")
    if mail.mail.status == STATUS.sent:
        at = date_format(timezone.localtime(mail.mail.last_updated), "SHORT_DATETIME_FORMAT")
        return _("sent, %(at)s") % {"at": at}
    if mail.mail.status == STATUS.failed:
        return _("could not be sent")
    if mail.mail.status == STATUS.requeued:
        return _("waiting: sending it failed, and is tried again")
    return _("waiting")
