"""`manage.py erase_suppressed`: erases again, after a restored backup, who had been erased."""

from django.core.management.base import BaseCommand

from newsletter.erasure import erase
from newsletter.models import Subscriber, Suppression, suppression_of

AT_ONCE = 1000


class Command(BaseCommand):
    """Erases every subscriber whose address the list of suppressed addresses calls erased."""

    help = "Erase who is suppressed because they had their data erased; for a restored backup."

    def handle(self, *args, **options) -> None:
        """Look at each subscriber once; say how many were erased."""
        erased = 0
        for key in Subscriber.objects.values_list("key", flat=True).iterator(AT_ONCE):
            suppression = suppression_of(key)
            if suppression and suppression.reason == Suppression.Reason.ERASED:
                erase(key)
                erased += 1
        self.stdout.write(f"{erased} erased.")
