"""Bars by fiscal year: revenue and expenses, and net assets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from finance.charts.dollars import number, short_dollars, told_apart
from finance.charts.drawing import Series, em, percent, series_of
from finance.charts.scale import Line, Scale, scale_for
from finance.charts.tables import Table, table_of
from finance.charts.years import Year, YearOfFigures, timeline
from finance.figures import FIGURES

# How wide the plot is at least, in px: in a window of 320 px, and where the stylesheet shows
# what is marked as wide.
NARROW, WIDE = 240, 420
YEAR_ROOM, DIGIT_ROOM = 40, 8.5  # px that a year and a digit take
WIDEST_BAR = 12.0  # percent
HAIR = 0.12  # em: how high a bar is that would be too low to be seen

Sentence = Callable[[Year], str]


@dataclass(frozen=True)
class Words:
    """Words at a place in the drawing; those that are wide only where there is room."""

    text: str
    x: str
    y: str
    is_wide: bool


@dataclass(frozen=True)
class Bar:
    """A rectangle between the zero line and an amount."""

    x: str
    y: str
    width: str
    height: str
    series: Series


@dataclass(frozen=True)
class Gap:
    """The mark that stands where a figure is not known."""

    x: str
    y: str
    radius: str


@dataclass(frozen=True)
class BarChart:
    """Bars by year, the oldest first. `slug` begins the identifiers of what is drawn.

    `lead` is the sentence to show, `description` tells a listener what the drawing shows.
    """

    slug: str
    title: str
    lead: str
    description: str
    height: str
    series: list[Series]
    lines: list[Line]
    bars: list[Bar]
    gaps: list[Gap]
    amounts: list[Words]
    years: list[Words]
    table: Table


def revenue_and_expenses(years: Iterable[YearOfFigures]) -> BarChart | None:
    """Return two bars for each year, or None when neither figure of any year is known."""
    return _bar_chart(
        timeline(years, ("total_revenue", "total_expenses")),
        series_of("revenue-and-expenses", (FIGURES["total_revenue"], FIGURES["total_expenses"])),
        _revenue_sentence,
        slug="revenue-and-expenses",
        title=_("Revenue and expenses"),
        caption=_("Revenue and expenses by fiscal year, in US dollars"),
    )


def net_assets(years: Iterable[YearOfFigures]) -> BarChart | None:
    """Return a bar for each year, below zero where debts outweigh, or None if none is known."""
    return _bar_chart(
        timeline(years, ("net_assets",)),
        series_of("net-assets", (FIGURES["net_assets"],)),
        _net_assets_sentence,
        slug="net-assets",
        title=_("Net assets"),
        caption=_("Net assets at the end of each fiscal year, in US dollars"),
    )


def _revenue_sentence(year: Year) -> str:
    revenue, expenses = year.amounts
    if revenue is None:
        return _("In %(year)s expenses were %(expenses)s; revenue is not reported.") % {
            "year": year.fiscal_year,
            "expenses": short_dollars(expenses),
        }
    if expenses is None:
        return _("In %(year)s revenue was %(revenue)s; expenses are not reported.") % {
            "year": year.fiscal_year,
            "revenue": short_dollars(revenue),
        }
    words = told_apart(revenue, expenses)
    return _("In %(year)s revenue was %(revenue)s and expenses %(expenses)s.") % {
        "year": year.fiscal_year,
        "revenue": words[0],
        "expenses": words[1],
    }


def _net_assets_sentence(year: Year) -> str:
    return _("At the end of fiscal year %(year)s net assets were %(amount)s.") % {
        "year": year.fiscal_year,
        "amount": short_dollars(year.amounts[0]),
    }


def _description(years: list[Year], sentence: Sentence) -> str:
    """Return how the years end, how they begin, and what is missing between."""
    told = [year for year in years if not year.is_empty]
    sentences = [sentence(year) for year in ([told[-1], told[0]] if len(told) > 1 else told)]
    missing = [str(year.fiscal_year) for year in years if None in year.amounts]
    if missing:
        listed = get_text_list(missing, _("and"))
        sentences.append(_("Not all figures are reported for %(years)s.") % {"years": listed})
    return " ".join(sentences)


def _bar_chart(
    years: list[Year],
    series: list[Series],
    sentence: Sentence,
    *,
    slug: str,
    title: str,
    caption: str,
) -> BarChart | None:
    known = [amount for year in years for amount in year.amounts if amount is not None]
    if not known:
        return None
    scale = scale_for(known)
    places = _places(years, series)
    return BarChart(
        slug=slug,
        title=title,
        lead=sentence(next(year for year in reversed(years) if not year.is_empty)),
        description=_description(years, sentence),
        height=em(scale.height),
        series=series,
        lines=scale.lines(),
        bars=[_bar(place, scale) for place in places if place.amount],
        gaps=[_gap(place, scale, len(years)) for place in places if place.amount is None],
        amounts=_amounts(
            places, scale, room=100 / len(years) if len(series) == 1 else places[0].width
        ),
        years=_year_names(years, scale),
        table=table_of(years, [one.name for one in series], caption),
    )


@dataclass(frozen=True)
class _Place:
    """Where a bar may stand, in percent of the width, and what it is to show."""

    left: float
    width: float
    amount: int | None
    series: Series

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


def _places(years: list[Year], series: list[Series]) -> list[_Place]:
    slot = 100 / len(years)
    filled = 0.58 if len(series) == 1 else 0.74
    width = min(slot * filled / len(series), WIDEST_BAR)
    places = []
    for number_of_year, year in enumerate(years):
        left = slot * (number_of_year + 0.5) - width * len(series) / 2
        for number_of_series, one in enumerate(series):
            places.append(
                _Place(left + width * number_of_series, width, year.amounts[number_of_series], one)
            )
    return places


def _bar(place: _Place, scale: Scale) -> Bar:
    zero = scale.y(0)
    height = max(abs(scale.y(place.amount) - zero), HAIR)
    between = place.width * 0.04
    return Bar(
        x=percent(place.left + between),
        y=em(zero - height if place.amount > 0 else zero),
        width=percent(place.width - 2 * between),
        height=em(height),
        series=place.series,
    )


def _gap(place: _Place, scale: Scale, number_of_years: int) -> Gap:
    radius = 0.38 if number_of_years <= 12 else 0.16
    return Gap(percent(place.middle), em(scale.y(0) - radius - 0.35), em(radius))


def _amounts(places: list[_Place], scale: Scale, *, room: float) -> list[Words]:
    """Return the digits at the bars' ends, where each has `room` percent; none in a crowd."""
    unit = scale.unit
    decimals = _decimals(places, scale)
    digits = []
    for place in places:
        # What would read as 0 and is not goes without digits; the table has it.
        if place.amount is None or 0 < abs(place.amount) * 2 * 10**decimals < unit.dollars:
            continue
        text = number(place.amount, unit, decimals, keeps_zeros=place.amount != 0)
        y = scale.y(place.amount) + (1.1 if place.amount < 0 else -0.4)
        digits.append((text, percent(place.middle), em(y)))
    needed = DIGIT_ROOM * max((len(text) for text, _x, _y in digits), default=0)
    if needed > room * WIDE / 100:
        return []
    return [Words(*one, is_wide=needed > room * NARROW / 100) for one in digits]


def _decimals(places: list[_Place], scale: Scale) -> int:
    """Return how many decimals tell bars apart that stand side by side, at most two."""
    unit = scale.unit
    fewest = 1 if unit.dollars > 1 and scale.highest < 100 * unit.dollars else 0
    if fewest == 0:
        return 0
    neighbours = [
        (one.amount, other.amount)
        for one, other in pairwise(places)
        if one.amount is not None and other.amount is not None and one.amount != other.amount
    ]
    alike = any(number(one, unit, 1) == number(other, unit, 1) for one, other in neighbours)
    return 2 if alike else 1


def _year_names(years: list[Year], scale: Scale) -> list[Words]:
    """Return as many years as have room, the latest always among them."""
    wide_step = -(-len(years) * YEAR_ROOM // WIDE)
    # A multiple, so that what is shown in little room is a part of what is shown in more.
    narrow_step = -(-len(years) * YEAR_ROOM // (NARROW * wide_step)) * wide_step
    names = []
    for before_latest, year in enumerate(reversed(years)):
        if before_latest % wide_step == 0:
            x = 100 * (len(years) - before_latest - 0.5) / len(years)
            is_wide = before_latest % narrow_step != 0
            names.append(Words(str(year.fiscal_year), percent(x), em(scale.height - 0.45), is_wide))
    return names
