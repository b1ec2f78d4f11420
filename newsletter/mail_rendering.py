"""Renders the newsletter's own mails, the same words as HTML and as text.

Every sign-up sends one, so a mail is rendered once for each kind and language, with marks where
the links belong, and kept until staff change anything.
"""

import textwrap
import unicodedata
from dataclasses import dataclass, fields, replace

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi, get_supported_language_variant, override
from django.utils.translation import gettext as _

from newsletter.mail_words import Words, default_words, reason
from newsletter.models import MailKind, MailText
from pages.generation import fragment_key
from pages.metadata import absolute
from pages.models import OrganisationSettings

WIDTH = 72  # characters of a line of text
PREHEADER_LENGTH = 110


@dataclass(frozen=True)
class Links:
    """Where a mail leads, as absolute addresses: its button, and the two ways at its end."""

    action: str
    leave: str
    preferences: str


@dataclass(frozen=True)
class RenderedMail:
    """A mail ready to queue; the subject is one line."""

    subject: str
    text: str
    html: str


# Staff cannot type these: control characters are taken out of their words.
MARKS = Links(action="\x01action\x02", leave="\x01leave\x02", preferences="\x01preferences\x02")


def render_mail(kind: MailKind, language: str, links: Links) -> RenderedMail:
    """Return the mail of that kind in that language, else in the site's own, with the links in."""
    try:
        language = get_supported_language_variant(language)
    except LookupError:
        language = settings.LANGUAGE_CODE
    key = fragment_key("newsletter-mail", kind, language)
    mail = cache.get(key)
    if mail is None:
        mail = compose(_words(kind, language), kind, language)
        cache.set(key, mail)
    return with_links(mail, links)


def compose(words: Words, kind: MailKind, language: str) -> RenderedMail:
    """Return the mail with these words, and marks where the links belong."""
    words = Words(**{field.name: _plain(getattr(words, field.name)) for field in fields(Words)})
    organisation = OrganisationSettings.objects.filter(site__is_default_site=True).first()
    organisation = organisation or OrganisationSettings()
    with override(language):
        context = {
            "words": replace(words, subject=_one_line(words.subject)),
            "preheader": Truncator(_one_line(words.text)).chars(PREHEADER_LENGTH),
            "text": _paragraphs(words.text),
            "after": _paragraphs(words.after),
            "organisation": organisation.name,
            "postal_address": _plain(organisation.postal_address).strip(),
            "reason": reason(kind),
            "links": MARKS,
            "language": language,
            "direction": "rtl" if get_language_bidi() else "ltr",
        }
        html = render_to_string("newsletter/mails/mail.html", context)
        # Characters beyond ASCII as references, so that every mail server carries them.
        html = html.encode("ascii", "xmlcharrefreplace").decode("ascii")
        return RenderedMail(context["words"].subject, _text(context), html)


def with_links(mail: RenderedMail, links: Links) -> RenderedMail:
    """Return the mail with the links in place of the marks."""
    text, html = mail.text, mail.html
    for name in ("action", "leave", "preferences"):
        mark, link = getattr(MARKS, name), getattr(links, name)
        text = text.replace(mark, link)
        html = html.replace(mark, escape(link))
    return RenderedMail(mail.subject, text, html)


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
    return with_links(mail, Links(action, place["leave"], place["preferences"]))


def _words(kind: MailKind, language: str) -> Words:
    """Return the staff's words in that language, else our own."""
    written = MailText.objects.filter(kind=kind, locale__language_code=language).first()
    if written:
        return written.words
    with override(language):
        return default_words(kind)


def _text(context: dict) -> str:
    """Return the mail as text: lines of at most 72 characters, each link on a line of its own."""
    words, links = context["words"], context["links"]
    blocks = [context["organisation"], words.heading, *context["text"]]
    if words.button:
        blocks.append(f"{words.button}:\n{links.action}")
    blocks += context["after"]
    blocks.append(context["reason"])
    blocks.append(_("Leave the newsletter:") + f"\n{links.leave}")
    blocks.append(_("Your preferences and your data:") + f"\n{links.preferences}")
    blocks.append(f"{context['organisation']}\n{context['postal_address']}")
    return "\n\n".join(_wrapped(block) for block in blocks) + "\n"


def _wrapped(block: str) -> str:
    lines = (
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in block.splitlines()
    )
    return "\n".join(filter(None, lines))


def _plain(words: str) -> str:
    """Return the words without control characters; line breaks of every kind become plain ones."""
    lines = str(words).splitlines()
    return "\n".join(
        "".join(c for c in line if c == "\t" or unicodedata.category(c) != "Cc") for line in lines
    )


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _paragraphs(words: str) -> list[str]:
    """Return the paragraphs, which empty lines part."""
    paragraphs, lines = [], []
    for line in [*words.splitlines(), ""]:
        if line.strip():
            lines.append(line.strip())
        elif lines:
            paragraphs.append("\n".join(lines))
            lines = []
    return paragraphs
