"""The table beside a chart: the same figures, to the dollar."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from finance.charts.dollars import full_dollars
from finance.charts.years import Year

Amounts = tuple[int | None, ...]


@dataclass(frozen=True)
class Cell:
    """A figure, or that it is not reported; `note` is what is said below it, if anything."""

    text: str
    note: str
    is_known: bool


@dataclass(frozen=True)
class Row:
    """The figures of one fiscal year; `period` is empty where it is not known."""

    year: str
    period: str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """Figures by year, the newest first."""

    caption: str
    columns: list[str]
    rows: list[Row]


def table_of(
    years: list[Year],
    columns: list[str],
    caption: str,
    notes: Callable[[Amounts], list[str]] | None = None,
) -> Table:
    """Return the table of years that come oldest first; `notes` returns a note for each amount."""
    rows = []
    for year in reversed(years):
        below = notes(year.amounts) if notes else [""] * len(year.amounts)
        cells = [_cell(amount, note) for amount, note in zip(year.amounts, below, strict=True)]
        rows.append(Row(str(year.fiscal_year), year.period, cells))
    return Table(caption, columns, rows)


def _cell(amount: int | None, note: str) -> Cell:
    if amount is None:
        return Cell(_("not reported"), "", is_known=False)
    return Cell(full_dollars(amount), note, is_known=True)
