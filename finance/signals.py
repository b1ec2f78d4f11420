"""What happens to a filing when Wagtail takes it down."""

from django.dispatch import receiver
from wagtail.signals import unpublished

from finance.models import Filing


@receiver(unpublished, sender=Filing)
def publish_nothing_that_waits(instance: Filing, **kwargs) -> None:
    """Let a filing that was taken down not come back when the check of its next file ends."""
    instance.forget_what_waits()
