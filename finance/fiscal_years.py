"""Fiscal years: when they begin and end, and how they are written.

A fiscal year is named for the calendar year in which it ends; the IRS names a tax year for the
one in which it begins (Form 990, heading, and its instructions).
"""

from calendar import monthrange
from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import date_format
from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 1900, 2199
YEAR_VALIDATORS = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
DAY_VALIDATORS = [
    MinValueValidator(date(FIRST_YEAR, 1, 1)),
    MaxValueValidator(date(LAST_YEAR, 12, 31)),
]


def is_plausible(day: date | None) -> bool:
    """Tell whether a day is given, and one of a year that an organization may have lived in."""
    return day is not None and FIRST_YEAR <= day.year <= LAST_YEAR


def usual_start(end: date) -> date:
    """Return the first day of the twelve months that end on `end`."""
    after = end + timedelta(days=1)
    # The day after a year's end is never February 29, but for a year that ends on the 28th.
    return date(after.year - 1, after.month, min(after.day, 28) if after.month == 2 else after.day)


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def period_text(start: date, end: date) -> str:
    """Return the period as people write it: "July 2021 to June 2022", else with the days."""
    whole_months = start.day == 1 and end == month_end(end.year, end.month)
    form = "F Y" if whole_months else "DATE_FORMAT"
    return _("%(start)s to %(end)s") % {
        "start": date_format(start, form),
        "end": date_format(end, form),
    }
