"""What is not kept: sign-ups that nobody confirmed or released, after 30 days."""

from datetime import timedelta

from django.utils import timezone

from newsletter.erasure import erase
from newsletter.models import HeldSignUp, Subscriber

KEEP_UNCONFIRMED = timedelta(days=30)
AT_ONCE = 1000


def forget_unconfirmed() -> int:
    """Erase sign-ups that were neither confirmed nor released in 30 days; return how many.

    Such an address is not suppressed: whoever has it may sign up another day.
    """
    long_ago = timezone.now() - KEEP_UNCONFIRMED
    held, _by_model = HeldSignUp.objects.filter(held_at__lt=long_ago).delete()
    pending = Subscriber.objects.filter(
        state=Subscriber.State.PENDING, asked_at__lt=long_ago
    ).values_list("key", flat=True)
    forgotten = 0
    for key in pending[:AT_ONCE]:
        erase(key, reason=None)
        forgotten += 1
    return held + forgotten
