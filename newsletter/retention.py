"""What is not kept: sign-ups that nobody confirmed or released, after 30 days."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsletter.erasure import erase
from newsletter.models import HeldSignUp, Subscriber

KEEP_UNCONFIRMED = timedelta(days=30)
AT_ONCE = 1000


def forget_unconfirmed() -> int:
    """Erase sign-ups that were neither confirmed nor released in 30 days; return how many.

    Such an address is not suppressed: whoever has it may sign up another day.
    """
    held, _by_model = HeldSignUp.objects.filter(
        held_at__lt=timezone.now() - KEEP_UNCONFIRMED
    ).delete()
    keys = list(_never_confirmed().values_list("key", flat=True)[:AT_ONCE])
    return held + sum(_forget(key) for key in keys)


def _never_confirmed() -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(
        state__in=(Subscriber.State.PENDING, Subscriber.State.BOUNCED),
        confirmed_at=None,
        asked_at__lt=timezone.now() - KEEP_UNCONFIRMED,
    )


@transaction.atomic
def _forget(key: str) -> bool:
    """Erase one of them, unless they have signed up anew since they were looked up."""
    if not _never_confirmed().select_for_update().filter(key=key).exists():
        return False
    erase(key, reason=None, held_too=False)
    return True
