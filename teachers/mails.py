"""Renders and builds the mails of the directory; whoever calls queues them in a transaction."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from post_office.models import PRIORITY, STATUS, Email

from pages.mail_rendering import MailParts, RenderedMail, Words, compose
from pages.metadata import absolute
from pages.models import OrganisationSettings
from teachers.links import (
    Purpose,
    address_link,
    edit_link,
    reminders_link,
    renew_link,
)
from teachers.mail_words import default_words, reason
from teachers.models import AddressChange, Teacher, TeacherMailKind, TeacherMailText

Kind = TeacherMailKind
# Keeps away-notices from answering, which would tell a teacher's address to a stranger (RFC 3834).
NO_AUTOMATIC_ANSWER = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def words_of(kind: Kind) -> Words:
    """Return the staff's words in the active language, else our own."""
    written = TeacherMailText.objects.filter(
        kind=kind, locale__language_code=get_language()
    ).first()
    return written.words if written else default_words(kind)


def link_mail(teacher: Teacher) -> Email:
    """Return the mail with the link to a teacher's own entry."""
    return _mail(Kind.LINK, teacher, words_of(Kind.LINK), action=edit_link(teacher))


def reminder_mail(kind: Kind, teacher: Teacher, words: Words) -> Email:
    """Return the mail that asks to renew; a mail program can end reminders at one click.

    `words` are those of the kind, read once for many.
    """
    stop = reminders_link(teacher)
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    ways = (
        (_("Change my entry"), edit_link(teacher, Purpose.EDIT_REMINDED)),
        (_("No more reminders, or leave the directory"), stop),
    )
    return _mail(
        kind,
        teacher,
        words,
        action=renew_link(teacher),
        ways=ways,
        headers=headers,
        priority=PRIORITY.medium,
    )


def address_mails(change: AddressChange, sendable: str) -> list[Email]:
    """Return the question to a new contact address, and the notice to the former one."""
    teacher = change.teacher
    confirm = _mail(
        Kind.CONFIRM, teacher, words_of(Kind.CONFIRM), to=sendable, action=address_link(change)
    )
    if not teacher.contact_key:
        return [confirm]
    ways = ((_("Open my entry"), edit_link(teacher)),)
    write_to = _our_address()
    headers = {"Reply-To": write_to} if write_to else None
    words = words_of(Kind.CHANGING)
    notice = _mail(Kind.CHANGING, teacher, words, ways=ways, headers=headers, write_to=write_to)
    return [confirm, notice]


def message_mail(teacher: Teacher, name: str, address: str, message: str) -> Email:
    """Return a visitor's message for a teacher, which is answered to the visitor's address.

    The address is one that `parse_address` found to be sendable; nothing else of what the visitor
    typed is in a header.
    """
    # The name on a line of its own, so that it cannot pass for another address.
    quotation = f"{name}\n{address}\n\n{message}"
    return _mail(
        Kind.MESSAGE,
        teacher,
        words_of(Kind.MESSAGE),
        quotation=quotation,
        headers={"Reply-To": address},
        write_to=_our_address(),
    )


def copy_mail(teacher: Teacher, address: str, message: str) -> Email:
    """Return the copy of a message for whoever asked for it; `message` has no links in it."""
    return _mail(Kind.COPY, teacher, words_of(Kind.COPY), to=address, quotation=message)


def example(mail_text: TeacherMailText) -> RenderedMail:
    """Return the mail that these words make, saved or not; its links lead to nobody's data."""

    def link(name: str) -> str:
        return absolute(reverse(name, args=["example"]))

    kind, language = mail_text.kind, mail_text.locale.language_code
    action, ways, quotation = "", (), ""
    with override(language):
        if kind in {Kind.REMIND, Kind.LAST}:
            action = link("teachers_renew")
            ways = (
                (_("Change my entry"), link("teachers_edit")),
                (_("No more reminders, or leave the directory"), link("teachers_reminders")),
            )
        elif kind == Kind.LINK:
            action = link("teachers_edit")
        elif kind == Kind.CONFIRM:
            action = link("teachers_address")
        elif kind == Kind.CHANGING:
            ways = ((_("Open my entry"), link("teachers_edit")),)
        elif kind in {Kind.MESSAGE, Kind.COPY}:
            quotation = _("This is where the message stands.")
        words = _filled(mail_text.words, _("Sample Name"), _("the last day"))
        write_to = _our_address() if kind in {Kind.CHANGING, Kind.MESSAGE} else ""
        parts = MailParts(reason(kind, write_to), action, ways, quotation)
        return compose(words, parts, language)


def _mail(
    kind: Kind,
    teacher: Teacher,
    words: Words,
    *,
    to: str = "",
    action: str = "",
    ways: tuple = (),
    quotation: str = "",
    headers: dict[str, str] | None = None,
    priority: int = PRIORITY.high,
    write_to: str = "",
) -> Email:
    due = date_format(teacher.renewal_due) if teacher.renewal_due else ""
    rendered = compose(
        _filled(words, teacher.name, due),
        MailParts(reason(kind, write_to), action, ways, quotation),
        get_language(),
    )
    return Email(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to or teacher.sendable],
        subject=rendered.subject,
        message=rendered.text,
        html_message=rendered.html,
        headers={**NO_AUTOMATIC_ANSWER, **(headers or {})},
        priority=priority,
        status=STATUS.queued,
    )


def _our_address() -> str:
    """Return where the organization reads mail; empty where staff have not said it."""
    ours = OrganisationSettings.objects.filter(site__is_default_site=True)
    return ours.values_list("email", flat=True).first() or ""


def _filled(words: Words, name: str, date: str) -> Words:
    """Return the words with a name and a day in place of {name} and {date}.

    The subject is filled with the day alone: a name is what its owner typed.
    """

    def fill(text: str, name: str = name) -> str:
        return text.replace("{name}", name).replace("{date}", date)

    return replace(
        words,
        subject=fill(words.subject, ""),
        heading=fill(words.heading),
        text=fill(words.text),
        after=fill(words.after),
    )
