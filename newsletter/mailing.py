"""Queues the newsletter's own mails, and says how often someone may be written to."""

from datetime import timedelta
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from post_office.models import PRIORITY, STATUS, Email

from newsletter.links import confirm_link, leave_link, preferences_link
from newsletter.mail_rendering import Links, render_mail
from newsletter.models import MailKind, Subscriber, SubscriberMail

COOLDOWN = timedelta(minutes=10)
MOST_A_DAY = 3
DAY = timedelta(days=1)
# What a stranger can have sent to an address by typing it into the form.
ASKED_FOR = (MailKind.CONFIRM, MailKind.ALREADY)


def may_be_asked(subscriber: Subscriber) -> bool:
    """Tell whether the form may have another mail sent: one in ten minutes, three a day.

    A confirmed subscriber is told that they are on the list at most once a day.
    """
    now = timezone.now()
    mails = SubscriberMail.objects.filter(
        subscriber=subscriber, kind__in=ASKED_FOR, queued_at__gt=now - DAY
    )
    sent = list(mails.order_by("-queued_at").values_list("kind", "queued_at")[:MOST_A_DAY])
    if not sent:
        return True
    if sent[0][1] > now - COOLDOWN or len(sent) >= MOST_A_DAY:
        return False
    is_confirmed = subscriber.state == Subscriber.State.CONFIRMED
    return not (is_confirmed and any(kind == MailKind.ALREADY for kind, _at in sent))


def queue_mail(
    subscriber: Subscriber, kind: MailKind, *, priority: int = PRIORITY.high
) -> SubscriberMail:
    """Queue a mail in the running transaction, so that it commits with what it tells of.

    Its headers let a mail program leave the list at one click (RFC 2369, RFC 8058), name the
    list (RFC 2919), and keep away-notices from answering (RFC 3834).
    """
    leave = leave_link(subscriber)
    preferences = preferences_link(subscriber)
    action = confirm_link(subscriber) if kind == MailKind.CONFIRM else preferences
    rendered = render_mail(
        kind, subscriber.language, Links(action=action, leave=leave, preferences=preferences)
    )
    mail = Email(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[subscriber.sendable],
        subject=rendered.subject,
        message=rendered.text,
        html_message=rendered.html,
        headers={
            "List-Id": list_id(),
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
        priority=priority,
        status=STATUS.queued,
    )
    # What `save` would check was checked when the address was signed up.
    Email.objects.bulk_create([mail])
    return SubscriberMail.objects.create(subscriber=subscriber, kind=kind, mail=mail)


def list_id() -> str:
    """Return the name of the list for mail programs, which never changes (RFC 2919)."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    if "." not in host:
        host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return formataddr((settings.WAGTAIL_SITE_NAME, f"newsletter.{host}"))
