"""Filings with their files, the figures of each year, the page that shows them, who read what."""

from finance.models.board_access import BoardAccess
from finance.models.figures import AnnualFigures
from finance.models.filing import Filing
from finance.models.filing_file import FileText, FilingFile
from finance.models.reports_page import FinancialReportsPage, reports_address
from finance.models.settings import FinanceSettings

__all__ = [
    "AnnualFigures",
    "BoardAccess",
    "FileText",
    "Filing",
    "FilingFile",
    "FinanceSettings",
    "FinancialReportsPage",
    "reports_address",
]
