"""Sign-ups that look like a robot's wait here for staff; who posted them is told nothing of it."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from newsletter.membership import record
from newsletter.models import HeldSignUp, Subscriber, suppression_of
from newsletter.models.held import Suspicion
from newsletter.models.subscriber import Act
from newsletter.sign_up import SignUp, sign_up
from pages.email_addresses import parse_address


@transaction.atomic
def hold(asked: SignUp, suspicion: Suspicion) -> None:
    """Keep a sign-up without sending anything; one of the same address is counted up.

    Of a suppressed address nothing is kept again.
    """
    if suppression_of(asked.address.key):
        return
    held, is_new = HeldSignUp.objects.select_for_update().get_or_create(
        key=asked.address.key,
        defaults={
            "address": asked.address.typed,
            "name": asked.name,
            "language": asked.language,
            "source": asked.source,
            "network": asked.network,
            "wording": asked.wording,
            "suspicion": suspicion,
        },
    )
    if not is_new:
        HeldSignUp.objects.filter(pk=held.pk).update(times=F("times") + 1, held_at=timezone.now())


@transaction.atomic
def release(held: HeldSignUp, by) -> Subscriber | None:
    """Make a held sign-up a real one, as if it had just been made; None for a suppressed address.

    One that was released or thrown away meanwhile is left alone.
    """
    found = HeldSignUp.objects.select_for_update().filter(pk=held.pk).first()
    if found is None:
        return None
    subscriber = sign_up(
        SignUp(
            address=parse_address(found.address),
            name=found.name,
            language=found.language,
            source=found.source,
            network=found.network,
            wording=found.wording,
        )
    )
    if subscriber is not None:
        record(subscriber, Act.RELEASED, by=by)
    found.delete()
    return subscriber
