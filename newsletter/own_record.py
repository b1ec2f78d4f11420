"""All that is stored of a person, for themselves (GDPR, article 15)."""

from newsletter.models import HeldSignUp, Subscriber, suppression_of


def own_record(subscriber: Subscriber) -> dict:
    """Return everything that is stored of someone, ready for JSON; times are UTC (ISO 8601)."""
    return {
        "address": subscriber.address,
        "name": subscriber.name,
        "state": subscriber.state,
        "language": subscriber.language,
        "topics": [topic.name for topic in subscriber.topics.all()],
        "source": subscriber.source,
        "first_signed_up": subscriber.created_at.isoformat(),
        "last_signed_up": subscriber.asked_at.isoformat(),
        "confirmed": subscriber.confirmed_at and subscriber.confirmed_at.isoformat(),
        "left": subscriber.left_at and subscriber.left_at.isoformat(),
        "suppressed": suppression_of(subscriber.key) is not None,
        "history": [
            {
                "what": event.act,
                "when": event.at.isoformat(),
                "network": event.network,
                "page": event.source,
                "note": event.note,
                "shown": event.wording
                and {
                    "version": event.wording.version,
                    "sha256": event.wording.digest,
                    "text": event.wording.text,
                },
            }
            for event in subscriber.events.select_related("wording")
        ],
        "mails": [
            {"what": mail.kind, "queued": mail.queued_at.isoformat()}
            for mail in subscriber.mails.all()
        ],
        "held_sign_ups": HeldSignUp.objects.filter(key=subscriber.key).count(),
    }
