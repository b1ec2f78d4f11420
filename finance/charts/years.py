"""The axis of time: fiscal years in their order, with the figures of one chart."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

# Years without figures between two that have some keep their place, unless there are so many
# that one of the years must be mistyped.
LONGEST_AXIS = 40


class YearOfFigures(Protocol):
    """A fiscal year; each name in FIGURES is an attribute too: whole US dollars or None."""

    fiscal_year: int
    period: str


@dataclass(frozen=True)
class Year:
    """A place on the axis, with its amounts in whole US dollars; None is not known."""

    fiscal_year: int
    period: str
    amounts: tuple[int | None, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no amount is known."""
        return all(amount is None for amount in self.amounts)


def timeline(years: Iterable[YearOfFigures], names: Iterable[str]) -> list[Year]:
    """Return the years with the named figures, the oldest first.

    A year that is absent between two others is there too, with nothing known.
    """
    names = tuple(names)
    known = [
        Year(year.fiscal_year, year.period, tuple(getattr(year, name) for name in names))
        for year in years
    ]
    numbers = {year.fiscal_year for year in known}
    absent = []
    if numbers and max(numbers) - min(numbers) < LONGEST_AXIS:
        absent = [
            Year(number, "", (None,) * len(names))
            for number in range(min(numbers), max(numbers))
            if number not in numbers
        ]
    return sorted(known + absent, key=lambda year: year.fiscal_year)
