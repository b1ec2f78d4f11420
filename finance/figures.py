"""The figures of a fiscal year: their names, what they are called, and how they must add up.

All are whole US dollars. None means that the figure is not known, which is never the same as 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order of Form 990, part I: revenue, expenses, balance sheet.
REVENUE = {
    "contributions": _("Contributions and grants"),
    "program_service_revenue": _("Program service revenue"),
    "investment_income": _("Investment income"),
    "other_revenue": _("Other revenue"),
}
EXPENSES = {
    "program_expenses": _("Program services"),
    "management_expenses": _("Management and general"),
    "fundraising_expenses": _("Fundraising"),
}
FIGURES: dict[str, Promise] = {
    **REVENUE,
    "total_revenue": _("Total revenue"),
    **EXPENSES,
    "total_expenses": _("Total expenses"),
    "total_assets": _("Total assets"),
    "total_liabilities": _("Total liabilities"),
    "net_assets": _("Net assets"),
}


@dataclass(frozen=True)
class Difference:
    """Two numbers that should be the same and are not, in whole dollars."""

    what: Promise
    computed: int
    stated: int


def cross_foot(
    figures: Mapping[str, int | None], *, surplus: int | None = None
) -> list[Difference]:
    """Return where the figures do not add up; what is not known is not judged.

    `surplus` is the return's own "revenue less expenses", where it states one.
    """
    revenue, expenses = figures.get("total_revenue"), figures.get("total_expenses")
    checks = [
        (
            _("The parts of the revenue and the total revenue"),
            _sum(figures.get(name) for name in REVENUE),
            revenue,
        ),
        (
            _("Program, management and fundraising expenses and the total expenses"),
            _sum(figures.get(name) for name in EXPENSES),
            expenses,
        ),
        (_("Revenue less expenses and what the return states"), _less(revenue, expenses), surplus),
        (
            _("Assets less liabilities and the net assets"),
            _less(figures.get("total_assets"), figures.get("total_liabilities")),
            figures.get("net_assets"),
        ),
    ]
    return [
        Difference(what, computed, stated)
        for what, computed, stated in checks
        if computed is not None and stated is not None and computed != stated
    ]


def _sum(parts) -> int | None:
    numbers = list(parts)
    return None if None in numbers else sum(numbers)


def _less(minuend: int | None, subtrahend: int | None) -> int | None:
    return None if minuend is None or subtrahend is None else minuend - subtrahend
