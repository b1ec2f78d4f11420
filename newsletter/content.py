"""Loads the words of the newsletter's mails, for staff to change."""

from dataclasses import asdict

from django.utils.translation import override
from wagtail.models import Locale

from newsletter.mail_words import default_words
from newsletter.models import MailKind, MailText
from pages.content.loader import Loading


def load_mail_texts(loading: Loading) -> None:
    """Load each mail's words that were never loaded before, in the site's own language."""
    for kind in MailKind:
        loading.once(f"newsletter-mail:{kind}", lambda kind=kind: _load(kind))


def _load(kind: MailKind) -> None:
    locale = Locale.get_default()
    with override(locale.language_code):
        words = default_words(kind)
    text = MailText(kind=kind, locale=locale, **asdict(words))
    text.full_clean()
    text.save()
