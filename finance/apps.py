from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinanceConfig(AppConfig):
    name = "finance"
    verbose_name = _("Finance")
    visitors_see = True  # what changes here begins a new generation of the site's cache

    def ready(self) -> None:
        """Listen for filings that are taken down."""
        from finance import signals  # noqa: F401
