"""The form that writes to a teacher: what may be sent, how often, and what becomes of it.

The teacher's address is in the mail's envelope alone, the visitor's in its Reply-To alone.
"""

import re
import unicodedata
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from post_office.models import Email

from pages.client_address import client_address, is_loopback, network_of
from pages.email_addresses import Address, BadAddress, parse_address
from pages.rate_limits import hit
from pages.write_turn import write_turn
from teachers.mails import copy_mail, message_mail
from teachers.models import Teacher

MOST_OF_A_NAME = 100
LEAST, MOST = 10, 5000  # characters of a message
HOUR, DAY = 3600, 86_400
# Messages in an hour, beyond which they are turned away.
PER_NETWORK, PER_SENDER, PER_TEACHER, IN_ALL = 10, 5, 20, 300
# Copies in a day. Whoever is named as the sender gets one, so that they are few: a stranger must
# not be written to again and again in the organization's name.
COPIES_PER_SENDER, COPIES_PER_NETWORK, COPIES_IN_ALL = 2, 5, 300
# The script measures from the page's beginning; nobody reads, types and sends in this time.
FASTEST_PERSON = 1500  # milliseconds
# Control, format (which turn the direction of text) and line characters (Unicode, table 4-4).
NOT_IN_A_NAME = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# What a mail program makes a link of: with a scheme, or anything with a dot and letters behind it.
# It is searched for word by word, so that a hostile text takes no longer than its length.
_LINK = re.compile(
    r"://|@|\bwww\.|[^\W_]\.[^\W\d_]{2,}|\bmailto:|\btel:",
    re.IGNORECASE,
)

_DOTS = {ord(sign): "." for sign in "\u3002\uff61"}  # what stands for a dot in a domain (UTS 46)


class TooManyMessagesError(Exception):
    """So many messages came that no more are taken; `seconds` is the length of the window."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class ContactForm(forms.Form):
    """A message to a teacher. What people type is refused with a sentence, and kept."""

    name = forms.Field(label=_("Your name"), required=False)
    email = forms.Field(label=_("Your email address"), required=False)
    message = forms.Field(label=_("Your message"), required=False)
    copy = forms.Field(required=False)
    homepage = forms.Field(required=False)
    waited = forms.Field(required=False)

    def clean_name(self) -> str:
        """Return the name; refuse one that is no single line of text."""
        name = (self.cleaned_data["name"] or "").strip(" ")
        if any(unicodedata.category(sign) in NOT_IN_A_NAME for sign in name):
            raise ValidationError(_("Please write the name on one line, without invisible signs."))
        if len(name) > MOST_OF_A_NAME:
            raise ValidationError(
                _("This name is longer than %(most)d characters. A shorter form will do."),
                params={"most": MOST_OF_A_NAME},
            )
        if not name:
            raise ValidationError(_("Please type your name, so that the answer can begin with it."))
        return name

    def clean_email(self) -> Address:
        """Return the address as parsed; refuse what is none with the parser's own sentence."""
        try:
            return parse_address(self.cleaned_data["email"] or "")
        except BadAddress as error:
            raise ValidationError(str(error)) from error

    def clean_message(self) -> str:
        """Return the message, its line breaks as one character each."""
        message = "\n".join((self.cleaned_data["message"] or "").splitlines()).strip()
        if len(message) < LEAST:
            raise ValidationError(_("Please write a few more words."))
        if len(message) > MOST:
            raise ValidationError(
                _(
                    "This is %(length)d characters long, and %(most)d is the most. Please shorten "
                    "it a little."
                ),
                params={"length": len(message), "most": MOST},
            )
        return message

    def clean_waited(self) -> int | None:
        """Return the milliseconds that the page was open; None where no script measured them."""
        waited = self.cleaned_data["waited"] or ""
        return int(waited) if waited.isascii() and waited.isdigit() and len(waited) < 12 else None

    def clean(self) -> None:
        """Ask to press once more where it was faster than a person is."""
        waited = self.cleaned_data.get("waited")
        if waited is not None and waited < FASTEST_PERSON:
            raise ValidationError(_("That was very fast. Please press the button once more."))

    @property
    def mistakes(self) -> list[forms.BoundField]:
        """The fields that have a mistake, in the order of the page."""
        return [field for field in self if field.errors]

    @property
    def first_mistake(self) -> str:
        """The name of the field at which the browser is to begin; empty without a mistake."""
        return self.mistakes[0].name if self.mistakes else ""

    @property
    def is_a_robots(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("homepage"))


@dataclass(frozen=True)
class ContactBox:
    """The form on a page, or the sentence in its place where a teacher cannot be written to."""

    name: str
    action: str
    can_write: bool
    form: ContactForm
    sentence: str = ""
    most: int = MOST


def contact_box(teacher: Teacher, address: str, form: ContactForm | None = None) -> ContactBox:
    """Return what a profile at that address shows for writing to the teacher."""
    sentence = ""
    if teacher.is_sample:
        sentence = _t("This is a sample, so there is nobody to write to.")
    elif not teacher.contact_key:
        sentence = _t("This teacher cannot be written to from here.")
    return ContactBox(
        name=teacher.name,
        action=f"{address}write/",
        can_write=not sentence,
        form=form or ContactForm(),
        sentence=sentence,
    )


def relay(request: HttpRequest, teacher: Teacher, form: ContactForm) -> None:
    """Queue the message of a valid form for the teacher, and a copy where one is asked for.

    What a robot sent is dropped. Raises TooManyMessagesError. A copy beyond its own limits is left
    out, since the message itself matters more.
    """
    if form.is_a_robots:
        return
    sender: Address = form.cleaned_data["email"]
    _check_limits(request, teacher, sender)
    name, message = form.cleaned_data["name"], form.cleaned_data["message"]
    mails = [message_mail(teacher, name, sender.sendable, message)]
    if form.cleaned_data["copy"] and _may_have_copy(request, sender):
        mails.append(copy_mail(teacher, sender.sendable, without_links(message)))
    with write_turn():
        Email.objects.bulk_create(mails)


def without_links(message: str) -> str:
    """Return a message without anything that a mail program would make a link of.

    The copy goes to whatever address was typed as the sender's, so that it must not carry a
    stranger to where its writer wants them.
    """
    text = unicodedata.normalize("NFKC", message).translate(_DOTS)
    left_out = _t("(link left out)")
    # One sign may have become eighteen.
    words = re.split(r"(\s+)", text[:MOST])
    return "".join(left_out if _LINK.search(word) else word for word in words)


def _check_limits(request: HttpRequest, teacher: Teacher, sender: Address) -> None:
    counts = []
    if network := _network(request):
        counts.append(hit("message:network", network, HOUR) > PER_NETWORK)
    counts.append(hit("message:sender", sender.key, HOUR) > PER_SENDER)
    if not any(counts):  # what is turned away anyway uses up nobody else's
        counts.append(hit("message:teacher", str(teacher.pk), HOUR) > PER_TEACHER)
        counts.append(hit("message:all", "", HOUR) > IN_ALL)
    if any(counts):
        raise TooManyMessagesError(HOUR)


def _may_have_copy(request: HttpRequest, sender: Address) -> bool:
    network = _network(request)
    counts = [hit("copy:sender", sender.key, DAY) <= COPIES_PER_SENDER]
    if network:
        counts.append(hit("copy:network", network, DAY) <= COPIES_PER_NETWORK)
    counts.append(hit("copy:all", "", DAY) <= COPIES_IN_ALL)
    return all(counts)


def _network(request: HttpRequest) -> str:
    """The visitor's network; empty for loopback, which all have where a proxy is not told of."""
    address = client_address(request)
    return "" if is_loopback(address) else network_of(address)
