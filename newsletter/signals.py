"""What follows when a mail comes back, and when the words of the sign-up change."""

from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from newsletter.models import NewsletterSettings, wording_of
from newsletter.returned_mail import note_bounce, note_complaint, note_leaving


@receiver(tracking)
def note_event(event: AnymailTrackingEvent, **kwargs) -> None:
    """Note what a provider tells of a mail that came back or that someone complained of."""
    note = {
        EventType.BOUNCED: note_bounce,
        EventType.COMPLAINED: note_complaint,
        EventType.UNSUBSCRIBED: note_leaving,
    }.get(event.event_type)
    if note is not None and event.recipient:
        note(event.recipient, event.timestamp)


@receiver(post_save, sender=NewsletterSettings)
def keep_wording(instance: NewsletterSettings, raw: bool, **kwargs) -> None:
    """Keep each version of the words, so that a form from a cached page is known as what it was."""
    if not raw:
        wording_of(instance.wording, settings.LANGUAGE_CODE)
