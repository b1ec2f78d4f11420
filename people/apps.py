from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")
    visitors_see = True  # what changes here begins a new generation of the site's cache

    def ready(self) -> None:
        """Listen for changed addresses."""
        from people import signals  # noqa: F401
