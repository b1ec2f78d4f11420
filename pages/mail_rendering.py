"""Renders the site's own mails, the same words as HTML and as text."""

import textwrap
import unicodedata
from dataclasses import dataclass, fields, replace

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi, override

from pages.models import OrganisationSettings

WIDTH = 72  # characters of a line of text
PREHEADER_LENGTH = 110


@dataclass(frozen=True)
class Words:
    """The words of a mail, as plain text. An empty line stands between paragraphs."""

    subject: str
    heading: str
    text: str
    button: str = ""
    after: str = ""


@dataclass(frozen=True)
class MailParts:
    """What a mail consists of beside its words.

    `action` is where its button leads; there is none without. `ways` are the links at its end,
    pairs of words and address. `quotation` is what someone else wrote, set apart from the words.
    """

    reason: str
    action: str = ""
    ways: tuple[tuple[str, str], ...] = ()
    quotation: str = ""


@dataclass(frozen=True)
class RenderedMail:
    """A mail ready to queue; the subject is one line."""

    subject: str
    text: str
    html: str


def compose(words: Words, parts: MailParts, language: str) -> RenderedMail:
    """Return the mail of these words and parts, ended by the organization's name and address."""
    words = Words(**{field.name: plain(getattr(words, field.name)) for field in fields(Words)})
    organisation = OrganisationSettings.objects.filter(site__is_default_site=True).first()
    organisation = organisation or OrganisationSettings()
    with override(language):
        context = {
            "words": replace(words, subject=_one_line(words.subject)),
            "preheader": Truncator(_one_line(words.text)).chars(PREHEADER_LENGTH),
            "text": _paragraphs(words.text),
            "quotation": _paragraphs(plain(parts.quotation)),
            "after": _paragraphs(words.after),
            "organisation": organisation.name,
            "postal_address": plain(organisation.postal_address).strip(),
            "reason": parts.reason,
            "action": parts.action,
            "ways": parts.ways,
            "language": language,
            "direction": "rtl" if get_language_bidi() else "ltr",
        }
        html = render_to_string("mails/mail.html", context)
        # Characters beyond ASCII as references, so that every mail server carries them.
        html = html.encode("ascii", "xmlcharrefreplace").decode("ascii")
        return RenderedMail(context["words"].subject, _text(context), html)


def with_links(mail: RenderedMail, links: dict[str, str]) -> RenderedMail:
    """Return the mail with each mark, a key of `links`, replaced by its link."""
    text, html = mail.text, mail.html
    for mark, link in links.items():
        text = text.replace(mark, link)
        html = html.replace(mark, escape(link))
    return RenderedMail(mail.subject, text, html)


def plain(words: str) -> str:
    """Return the words without control characters; line breaks of every kind become plain ones."""
    lines = str(words).splitlines()
    return "\n".join(
        "".join(c for c in line if c == "\t" or unicodedata.category(c) != "Cc") for line in lines
    )


def _text(context: dict) -> str:
    """Return the mail as text: lines of at most 72 characters, each link on a line of its own."""
    words = context["words"]
    blocks = [_wrapped(context["organisation"]), _wrapped(words.heading)]
    blocks += map(_wrapped, context["text"])
    blocks += map(_quoted, context["quotation"])
    if words.button and context["action"]:
        blocks.append(_wrapped(f"{words.button}:\n{context['action']}"))
    blocks += map(_wrapped, context["after"])
    blocks.append(_wrapped(context["reason"]))
    blocks += [_wrapped(f"{label}:\n{link}") for label, link in context["ways"]]
    blocks.append(_wrapped(f"{context['organisation']}\n{context['postal_address']}"))
    return "\n\n".join(blocks) + "\n"


def _quoted(block: str) -> str:
    return "\n".join(f"> {line}" for line in _wrapped(block).splitlines())


def _wrapped(block: str) -> str:
    lines = (
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in block.splitlines()
    )
    return "\n".join(filter(None, lines))


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
