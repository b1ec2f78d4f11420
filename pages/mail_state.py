"""How it stands with the queue of mails, for those who look after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from post_office.models import STATUS, Email

STUCK_AFTER = timedelta(minutes=15)
LATELY = timedelta(days=30)
WAITING = (STATUS.queued, STATUS.requeued)


@dataclass(frozen=True)
class QueueState:
    """How many mails wait, how many of them for too long, and what came of the others lately."""

    waiting: int
    stuck: int
    failed: int
    oldest_waiting: datetime | None
    last_success: datetime | None


def stuck_mails() -> QuerySet[Email]:
    """Return the mails that have waited for more than 15 minutes."""
    return Email.objects.filter(status__in=WAITING, created__lt=timezone.now() - STUCK_AFTER)


def queue_state() -> QueueState:
    """Return how it stands with the queue, in one query."""
    waiting = Q(status__in=WAITING)
    now = timezone.now()
    counts = Email.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        stuck=Count("pk", filter=waiting & Q(created__lt=now - STUCK_AFTER)),
        failed=Count("pk", filter=Q(status=STATUS.failed, created__gt=now - LATELY)),
        oldest_waiting=Min("created", filter=waiting),
        last_success=Max("last_updated", filter=Q(status=STATUS.sent)),
    )
    return QueueState(**counts)
