"""What the newsletter's own mails say as long as staff have not said it otherwise."""

from django.utils.translation import gettext as _

from pages.mail_rendering import Words


def default_words(kind: str) -> Words:
    """Return the words of a kind of mail (a MailKind) in the active language.

    None names the person, who may not be the one that typed the address.
    """
    return {"confirm": _confirm, "already": _already, "welcome": _welcome}[kind]()


def reason(kind: str) -> str:
    """Return why the mail was sent, in the active language; CAN-SPAM wants each to say so."""
    if kind == "welcome":
        return _("You get this mail because you confirmed your subscription to our newsletter.")
    return _("You get this mail because this address was signed up for our newsletter.")


def _confirm() -> Words:
    return Words(
        subject=_("Please confirm your subscription to our newsletter"),
        heading=_("Please confirm that it is you"),
        text=_(
            "Someone, probably you, signed this address up for our newsletter. Open the link below "
            "and confirm once more on the page, and you are on the list."
        ),
        button=_("Confirm my subscription"),
        after=_(
            "If it was not you, do nothing: you will get no newsletter. The link holds for 7 days."
        ),
    )


def _already() -> Words:
    return Words(
        subject=_("You are already on our list"),
        heading=_("You are already with us"),
        text=_(
            "Someone, probably you, signed this address up for our newsletter once more. You are "
            "on the list already, so nothing changes."
        ),
        button=_("See my preferences"),
        after=_("If it was not you, you need not do anything."),
    )


def _welcome() -> Words:
    return Words(
        subject=_("Welcome to our newsletter"),
        heading=_("Welcome"),
        text=_("Thank you for confirming. You are on the list: our next newsletter comes to you."),
        button=_("Your choices and your data"),
        after=_("You can leave at any time, with the link below."),
    )
