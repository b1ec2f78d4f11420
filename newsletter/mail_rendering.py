"""Renders the newsletter's own mails.

Every sign-up sends one, so a mail is rendered once for each kind and language, with marks where
the links belong, and kept until staff change anything.
"""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation import gettext as _

from newsletter.mail_words import default_words, reason
from newsletter.models import MailKind, MailText
from pages.fragments import fragment
from pages.generation import fragment_key
from pages.mail_rendering import MailParts, RenderedMail, Words, with_links
from pages.mail_rendering import compose as compose_mail
from pages.metadata import absolute


@dataclass(frozen=True)
class Links:
    """Where a mail leads, as absolute addresses: its button, and the two ways at its end."""

    action: str
    leave: str
    preferences: str


# Staff cannot type these: control characters are taken out of their words.
MARKS = Links(action="\x01action\x02", leave="\x01leave\x02", preferences="\x01preferences\x02")


def render_mail(kind: MailKind, language: str, links: Links) -> RenderedMail:
    """Return the mail of that kind in that language, else in the site's own, with the links in."""
    try:
        language = get_supported_language_variant(language)
    except LookupError:
        language = settings.LANGUAGE_CODE
    key = fragment_key("newsletter-mail", kind, language)
    mail = fragment(key, lambda: compose(_words(kind, language), kind, language))
    return _with(mail, links)


def compose(words: Words, kind: MailKind, language: str) -> RenderedMail:
    """Return the mail with these words, and marks where the links belong."""
    with override(language):
        ways = (
            (_("Leave the newsletter"), MARKS.leave),
            (_("Your preferences and your data"), MARKS.preferences),
        )
        parts = MailParts(reason=reason(kind), action=MARKS.action, ways=ways)
    return compose_mail(words, parts, language)


def example(mail_text: MailText) -> RenderedMail:
    """Return the mail that these words make, saved or not; its links lead to nobody's data."""
    place = {
        name: absolute(reverse(address, args=["example"]))
        for name, address in (
            ("confirm", "newsletter_confirm"),
            ("leave", "newsletter_leave"),
            ("preferences", "newsletter_preferences"),
        )
    }
    action = place["confirm" if mail_text.kind == MailKind.CONFIRM else "preferences"]
    mail = compose(mail_text.words, mail_text.kind, mail_text.locale.language_code)
    return _with(mail, Links(action, place["leave"], place["preferences"]))


def _with(mail: RenderedMail, links: Links) -> RenderedMail:
    marks, places = asdict(MARKS), asdict(links)
    return with_links(mail, {marks[name]: places[name] for name in marks})


def _words(kind: MailKind, language: str) -> Words:
    """Return the staff's words in that language, else our own."""
    written = MailText.objects.filter(kind=kind, locale__language_code=language).first()
    if written:
        return written.words
    with override(language):
        return default_words(kind)
