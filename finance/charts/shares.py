"""Where each dollar goes: expenses by purpose, in cents of a dollar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.charts.drawing import Series, percent, series_of
from finance.charts.tables import Amounts, Table, table_of
from finance.charts.years import Year, YearOfFigures, timeline
from finance.figures import EXPENSES


@dataclass(frozen=True)
class Share:
    """A part of each dollar: its whole cents, the same in words, and where it lies in the bar."""

    series: Series
    cents: int
    words: str
    x: str
    width: str


@dataclass(frozen=True)
class ShareChart:
    """What the expenses of one year were for, and a table of all years.

    `slug` begins the identifiers of what is drawn; `lead` is the sentence to show, `description`
    tells a listener what the drawing shows.
    """

    slug: str
    title: str
    lead: str
    description: str
    year: str
    shares: list[Share]
    table: Table


def each_dollar(years: Iterable[YearOfFigures]) -> ShareChart | None:
    """Return the shares of the latest year whose expenses are known by purpose, or None."""
    line = timeline(years, EXPENSES)
    latest = next((year for year in reversed(line) if _has_shares(year.amounts)), None)
    if latest is None:
        return None
    series = series_of("each-dollar", EXPENSES.values())
    lead = _sentence(latest)
    return ShareChart(
        slug="each-dollar",
        title=_("Where each dollar goes"),
        lead=lead,
        description=lead,
        year=str(latest.fiscal_year),
        shares=_shares(latest.amounts, series),
        table=table_of(
            line,
            [one.name for one in series],
            _("Expenses by purpose and fiscal year: US dollars, and cents of each dollar"),
            notes=_cents_in_words,
        ),
    )


def cents_of_a_dollar(amounts: Sequence[int]) -> list[int]:
    """Return the share of each amount in whole cents, which sum to 100.

    The cents that rounding down leaves go to the largest remainders (Hamilton's method). The
    amounts must not be negative, nor all 0.
    """
    total = sum(amounts)
    cents = [amount * 100 // total for amount in amounts]
    remainders = [amount * 100 % total for amount in amounts]
    largest = sorted(range(len(amounts)), key=remainders.__getitem__, reverse=True)
    for place in largest[: 100 - sum(cents)]:
        cents[place] += 1
    return cents


def _has_shares(amounts: Amounts) -> bool:
    return None not in amounts and min(amounts) >= 0 and sum(amounts) > 0


def _cents_in_words(amounts: Amounts) -> list[str]:
    """Return the share of each amount, as "86 cents"; nothing where there are no shares."""
    if not _has_shares(amounts):
        return [""] * len(amounts)
    return [
        _("less than 1 cent")
        if amount and not cents
        else ngettext("%(cents)s cent", "%(cents)s cents", cents) % {"cents": cents}
        for amount, cents in zip(amounts, cents_of_a_dollar(amounts), strict=True)
    ]


def _sentence(year: Year) -> str:
    program, management, fundraising = _cents_in_words(year.amounts)
    return _(
        "Of each dollar spent in %(year)s, %(program)s went to program services, "
        "%(management)s to management and general costs, and %(fundraising)s to fundraising."
    ) % {
        "year": year.fiscal_year,
        "program": program,
        "management": management,
        "fundraising": fundraising,
    }


def _shares(amounts: tuple[int, ...], series: list[Series]) -> list[Share]:
    total, spent = sum(amounts), 0
    cents, words = cents_of_a_dollar(amounts), _cents_in_words(amounts)
    shares = []
    for place, amount in enumerate(amounts):
        x, width = percent(100 * spent / total), percent(100 * amount / total)
        shares.append(Share(series[place], cents[place], words[place], x, width))
        spent += amount
    return shares
