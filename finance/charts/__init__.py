"""The charts of the financial page, as positions, sentences and rows that templates draw.

Each function takes fiscal years in any order and returns what one template in
`components/charts/` draws, in the active language; None when there is nothing to draw.
"""

from finance.charts.bars import net_assets, revenue_and_expenses
from finance.charts.shares import each_dollar

__all__ = ["each_dollar", "net_assets", "revenue_and_expenses"]
