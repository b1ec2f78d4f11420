"""The pages that links in reminders lead to. Looking at them changes nothing; a button does."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pages.token_page import Button, for_one_person, token_page
from teachers.links import Purpose, Token, edit_link, read_token
from teachers.models import Teacher
from teachers.models.teacher import State
from teachers.own_standing import ways_to_us
from teachers.renewal import is_in, leave, renew, want_reminders


@for_one_person(lambda token: read_token(token, Purpose.RENEW))
def renew_page(request: HttpRequest, token: Token) -> HttpResponse:
    """Ask for the press that renews an entry for a year, and do it, also when its year is over."""
    teacher = token.teacher()
    if teacher is None or token.is_expired or not token.is_for(teacher):
        return link_is_over(request)
    change = [(edit_link(teacher), _("Change my entry"))]
    if not is_in(teacher):
        return token_page(
            request,
            _("You have left the directory"),
            [_("To be shown again, open your entry and tick that you want to be listed.")],
            links=change,
        )
    if request.method == "POST":
        renew(teacher)
        return token_page(
            request,
            _("Thank you"),
            [
                _("Your entry is confirmed until %(date)s.") % {"date": _until(teacher)},
                *_hidden(teacher),
            ],
            links=[*change, *_ways_if_hidden(request, teacher)],
        )
    return token_page(
        request,
        _("Is everything still right?"),
        [
            _("This is about the entry of %(name)s.") % {"name": teacher.name},
            _("Press the button if it is, and your entry is confirmed for another year."),
            *_hidden(teacher),
        ],
        Button(_("Everything is still right")),
        links=[*change, *_ways_if_hidden(request, teacher)],
    )


@for_one_person(lambda token: read_token(token, Purpose.REMINDERS))
def reminders_page(request: HttpRequest, token: Token) -> HttpResponse:
    """End the reminders, by a button or at one click in a mail program (RFC 8058, section 3.1).

    Leaving the directory is a button of its own, with a question before it. The link is good for
    ever, so that it opens no other door: to come back, a teacher asks for a link.
    """
    teacher = token.teacher()
    if teacher is None:
        return token_page(
            request, _("There is no entry"), [_("The entry is gone, and so are its reminders.")]
        )
    if not token.is_for(teacher):
        return _former_address(request, teacher)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "leave":
        return _ask_before_leaving(request, teacher)
    if act == "leave-for-good":
        leave(teacher)
    elif act == "on":
        want_reminders(teacher, True)
    elif request.method == "POST":
        want_reminders(teacher, False)
    return _reminders(request, teacher)


def link_is_over(request: HttpRequest) -> HttpResponse:
    """Say that a link has expired, and how to get another."""
    return token_page(
        request,
        _("This link has expired"),
        [_("It is too old, or your contact address has changed since. Ask for a new one.")],
        links=[(reverse("teachers_own"), _("Ask for a link to my entry"))],
        status=410,
    )


def _former_address(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """End the reminders for a link to a former address; it says and changes nothing else."""
    if request.method == "POST":
        want_reminders(teacher, False)
        return token_page(request, _("We will not remind you"), [_("The reminders have ended.")])
    return token_page(
        request,
        _("No more reminders?"),
        [_("Your contact address has changed since. The reminders can be ended from here.")],
        Button(_("No more reminders"), name="act", value="off"),
    )


def _reminders(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    back = [(reverse("teachers_own"), _("Ask for a link to my entry"))]
    if not is_in(teacher):
        return token_page(
            request,
            _("You have left the directory"),
            [_("Your entry is no longer shown. Should you want to come back, ask for a link.")],
            links=back,
        )
    out = Button(_("Leave the directory"), name="act", value="leave", is_quiet=True)
    if teacher.wants_reminders:
        return token_page(
            request,
            _("No more reminders?"),
            [
                _("Once a year we ask you whether your entry is still right."),
                _("Without being renewed it is shown until %(date)s.") % {"date": _until(teacher)},
            ],
            [Button(_("No more reminders"), name="act", value="off"), out],
            links=back,
        )
    return token_page(
        request,
        _("We will not remind you"),
        [
            _("Your entry is shown until %(date)s, and no longer unless you renew it.")
            % {"date": _until(teacher)},
            _("You can renew it at any time: ask for a link to your entry."),
        ],
        [Button(_("Remind me again"), name="act", value="on", is_quiet=True), out],
        links=back,
    )


def _ask_before_leaving(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    ways = ways_to_us(request)
    paragraphs = [
        _("The entry of %(name)s is then no longer found or shown.") % {"name": teacher.name},
        _("We keep it, so that you can come back."),
    ]
    if ways:
        paragraphs.append(_("To have it deleted, write to us."))
    out = Button(_("Leave the directory"), name="act", value="leave-for-good")
    return token_page(request, _("Leave the directory?"), paragraphs, out, links=ways)


def _until(teacher: Teacher) -> str:
    return date_format(teacher.renewal_due) if teacher.renewal_due else "–"


def _is_hidden(teacher: Teacher) -> bool:
    """Whether the organization keeps the entry from being shown, whatever its teacher says."""
    return not teacher.live or teacher.state == State.HIDDEN


def _hidden(teacher: Teacher) -> list[str]:
    if not _is_hidden(teacher):
        return []
    return [_("At present we do not show it: it is not published, or we have taken it out.")]


def _ways_if_hidden(request: HttpRequest, teacher: Teacher) -> list[tuple[str, str]]:
    return ways_to_us(request) if _is_hidden(teacher) else []
