"""Which filings a visitor chose to see, by year, and what there is to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from finance.kinds import Kind

if TYPE_CHECKING:
    from finance.models import Filing


@dataclass(frozen=True)
class Choice:
    """What a visitor asked to see; empty means everything."""

    kind: str = ""
    year: str = ""

    @property
    def is_made(self) -> bool:
        """Whether anything was chosen at all."""
        return bool(self.kind or self.year)

    def __str__(self) -> str:
        return f"{self.kind}:{self.year}"


@dataclass(frozen=True)
class Option:
    """One thing to choose in the form."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Year:
    """The filings of one fiscal year."""

    year: int
    filings: list["Filing"]

    @property
    def has_files(self) -> bool:
        """Whether there is anything to download."""
        return any(filing.has_file for filing in self.filings)


@dataclass(frozen=True)
class Listing:
    """The chosen filings: those of a year by year, and those that hold for all years."""

    choice: Choice
    years: list[Year] = field(default_factory=list)
    standing: list["Filing"] = field(default_factory=list)
    kinds: list[Option] = field(default_factory=list)
    all_years: list[Option] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.years or self.standing)

    @property
    def is_known(self) -> bool:
        """Whether everything that was chosen is something that there is to choose."""
        kind_known = not self.choice.kind or any(option.is_chosen for option in self.kinds)
        year_known = not self.choice.year or any(option.is_chosen for option in self.all_years)
        return kind_known and year_known

    @property
    def has_choice(self) -> bool:
        """Whether choosing makes sense: there is more than one kind or year."""
        return len(self.kinds) > 1 or len(self.all_years) > 1


def choice_from(query: Mapping[str, str]) -> Choice:
    """Return what a query string chooses; what is too long to be a choice is cut."""
    return Choice(query.get("kind", "")[:40], query.get("year", "")[:4])


def list_filings(
    filings: Sequence["Filing"], choice: Choice, found: set[int] | None = None
) -> Listing:
    """Return the chosen of the filings, which are given newest first.

    `found` are the keys of those that a search found, where there was one.
    """
    chosen = [
        filing
        for filing in filings
        if (found is None or filing.pk in found)
        and choice.kind in {"", filing.kind}
        and choice.year in {"", str(filing.fiscal_year)}
    ]
    of_years = [filing for filing in chosen if not filing.is_standing]
    present = {filing.kind for filing in filings}
    years = sorted({filing.fiscal_year for filing in filings}, reverse=True)
    return Listing(
        choice=choice,
        years=[
            Year(year, list(of_year))
            for year, of_year in groupby(of_years, key=lambda filing: filing.fiscal_year)
        ],
        standing=[filing for filing in chosen if filing.is_standing],
        kinds=[
            Option(kind.value, str(kind.label), kind.value == choice.kind)
            for kind in Kind
            if kind.value in present
        ],
        all_years=[Option(str(year), str(year), str(year) == choice.year) for year in years],
    )
