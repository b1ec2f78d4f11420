"""What the directory's mails say as long as staff have not said it otherwise."""

from django.utils.translation import gettext as _

from pages.mail_rendering import Words


def default_words(kind: str) -> Words:
    """Return the words of a kind of mail (a TeacherMailKind) in the active language.

    What stands in braces is filled in: {name} is the teacher's name and, in reminders, {date} the
    last day on which the entry is shown.
    """
    return {
        "link": _link,
        "remind": _remind,
        "last": _last,
        "confirm": _confirm,
        "changing": _changing,
        "message": _message,
        "copy": _copy,
    }[kind]()


def reason(kind: str, write_to: str = "") -> str:
    """Return why the mail was sent, in the active language.

    `write_to` is where the organization reads mail: whoever may need help is told of it.
    """
    sentence = _reason(kind)
    if not write_to:
        return sentence
    if kind == "message":
        ending = _("To tell us of a message that you should not get, write to %(address)s.")
    else:
        ending = _("If it was not you, please also write to us soon: %(address)s.")
    return f"{sentence} {ending % {'address': write_to}}"


def _reason(kind: str) -> str:
    if kind == "copy":
        return _("You get this mail because a copy to this address was asked for.")
    if kind == "confirm":
        return _("You get this mail because this address was given as a teacher’s contact address.")
    return _("You get this mail because it is the contact address of a teacher in our directory.")


def _link() -> Words:
    return Words(
        subject=_("Your entry in our teacher directory"),
        heading=_("Here is your link"),
        text=_(
            "Someone, probably you, asked for the link to your entry. Open it to see and change "
            "what our directory says of you."
        ),
        button=_("Open my entry"),
        after=_(
            "The link holds for one day, and whoever has it can change your entry: please pass it "
            "on to nobody. If it was not you who asked, you need not do anything."
        ),
    )


def _remind() -> Words:
    return Words(
        subject=_("Is your entry in our teacher directory still right?"),
        heading=_("Is everything still right?"),
        text=_(
            "Dear {name},\n\nonce a year we ask every teacher whether their entry is still right. "
            "One press is enough. Yours is shown until {date}."
        ),
        button=_("Everything is still right"),
        after=_("Has something changed? You can change it with the link below."),
    )


def _last() -> Words:
    return Words(
        subject=_("Your entry in our teacher directory ends today"),
        heading=_("Your entry is shown until {date}"),
        text=_(
            "Dear {name},\n\nyour entry was not renewed for a year, so that after {date} we no "
            "longer show it. Nothing is lost: one press, also later, and it is there again."
        ),
        button=_("Show my entry for another year"),
        after=_(
            "The button works for 60 days. After that, ask for a link to your entry on our site."
        ),
    )


def _confirm() -> Words:
    return Words(
        subject=_("Please confirm your new contact address"),
        heading=_("Is this your new address?"),
        text=_(
            "Someone gave this address as the new contact address of a teacher in our directory. "
            "If it was you, confirm it, and from then on we write to you here."
        ),
        button=_("Confirm this address"),
        after=_("If it was not you, do nothing, and nothing changes. The link holds for 7 days."),
    )


def _changing() -> Words:
    return Words(
        subject=_("Your contact address is about to change"),
        heading=_("A new contact address was given"),
        text=_(
            "Dear {name},\n\na new contact address was given for your entry. As soon as it is "
            "confirmed, we write to you there and no longer here."
        ),
        after=_(
            "If it was not you, open your entry with the link below and save it: the new address "
            "is then forgotten, and everything stays as it is."
        ),
    )


def _message() -> Words:
    return Words(
        subject=_("A message to you from our teacher directory"),
        heading=_("Someone has written to you"),
        text=_(
            "Dear {name},\n\nthis message was written on your page in our teacher directory. To "
            "answer, answer this mail: it goes to the address that the writer gave. They do not "
            "know your address until you answer."
        ),
        after=_("We do not know who wrote it. Please take care with links."),
    )


def _copy() -> Words:
    return Words(
        subject=_("Copy of a message to a teacher of our directory"),
        heading=_("A copy of your message"),
        text=_(
            "Someone, probably you, wrote this to {name} on our site, gave this address to be "
            "answered at, and asked for a copy. Links in it are left out."
        ),
        after=_("If it was not you, you need not do anything."),
    )
