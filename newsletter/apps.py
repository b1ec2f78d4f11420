from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = _("Newsletter")
    visitors_see = True  # what changes here begins a new generation of the site's cache
    # Whoever has one of these works here; to others its addresses in the admin are closed.
    staff_permissions = (
        "newsletter.view_subscriber",
        "newsletter.change_topic",
        "newsletter.change_mailtext",
    )

    def ready(self) -> None:
        """Listen for bounces and complaints, and for changes of the sign-up's wording."""
        from newsletter import signals  # noqa: F401
