"""Subscribers and what they agreed to, what staff may set, and the page of the newsletter."""

from newsletter.models.held import HeldSignUp
from newsletter.models.mail_text import MailText
from newsletter.models.newsletter_page import NewsletterPage, newsletter_address
from newsletter.models.settings import NewsletterSettings
from newsletter.models.subscriber import (
    ConsentEvent,
    ConsentWording,
    Subscriber,
    wording_digest,
    wording_of,
)
from newsletter.models.subscriber_mail import MailKind, SubscriberMail
from newsletter.models.suppression import (
    Suppression,
    suppress,
    suppressed_among,
    suppression_of,
)
from newsletter.models.topic import Topic
from newsletter.models.transfers import ImportedRow, SubscriberExport, SubscriberImport

__all__ = [
    "ConsentEvent",
    "ConsentWording",
    "HeldSignUp",
    "ImportedRow",
    "MailKind",
    "MailText",
    "NewsletterPage",
    "NewsletterSettings",
    "Subscriber",
    "SubscriberExport",
    "SubscriberImport",
    "SubscriberMail",
    "Suppression",
    "Topic",
    "newsletter_address",
    "suppress",
    "suppressed_among",
    "suppression_of",
    "wording_digest",
    "wording_of",
]
