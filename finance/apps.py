from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinanceConfig(AppConfig):
    name = "finance"
    verbose_name = _("Finance")
    visitors_see = True  # what changes here begins a new generation of the site's cache
    # Whoever has one of these works in finance; to others its addresses in the admin are closed.
    staff_permissions = (
        "finance.change_filing",
        "finance.change_annualfigures",
        "finance.view_boardaccess",
    )

    def ready(self) -> None:
        """Listen for filings that are taken down."""
        from finance import signals  # noqa: F401
