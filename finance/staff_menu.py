"""The entries of the Finance menu beside filings and figures."""

from django.utils.translation import gettext_lazy as _

STAFF_MENU = [
    (_("Import figures"), "finance_import", "upload", "finance.add_annualfigures"),
    (_("Disclosure"), "finance_disclosure", "tasks", "finance.change_filing"),
    (_("Board downloads"), "finance_board_log", "history", "finance.view_boardaccess"),
    (_("Removed filings"), "finance_removed", "bin", "finance.delete_filing"),
]
