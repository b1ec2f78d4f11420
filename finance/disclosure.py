"""Which documents a tax-exempt organization must keep open to the public, and which are missing.

A help for staff and not legal advice. The rules are those of section 6104(d) of the Internal
Revenue Code and Treasury Regulation 301.6104(d)-1: each annual return for three years from the
day it was due or filed, with all schedules but the names of contributors; Form 990-T of a
501(c)(3) organization likewise; Form 1023 and the determination letter for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.fiscal_years import month_end
from finance.kinds import ANNUAL_RETURNS, Kind
from finance.models import Filing

MONTHS_UNTIL_DUE = 5  # the fifteenth day of the fifth month after the year's end
MONTHS_OF_EXTENSION = 6
YEARS_OPEN = 3


class Status(Enum):
    """How it stands with a document."""

    PRESENT = "present"
    CHECK = "check"
    MISSING = "missing"
    DUE = "due"

    @property
    def label(self) -> Promise:
        """What staff read."""
        return {
            Status.PRESENT: gettext_lazy("Present"),
            Status.CHECK: gettext_lazy("Please check"),
            Status.MISSING: gettext_lazy("Missing"),
            Status.DUE: gettext_lazy("Due"),
        }[self]


@dataclass(frozen=True)
class Requirement:
    """One document that must be open to the public, and how it stands with it."""

    what: str
    status: Status
    note: str
    kind: str
    fiscal_year_end: date | None = None
    filing: Filing | None = None


def due_date(fiscal_year_end: date, *, extended: bool = False) -> date:
    """Return when Form 990 is due: the 15th of the fifth month after, the eleventh if extended.

    A day that falls on a weekend moves to Monday (section 7503); legal holidays are not
    reckoned, and none falls on the 15th of May or November.
    """
    months = MONTHS_UNTIL_DUE + (MONTHS_OF_EXTENSION if extended else 0)
    index = fiscal_year_end.month - 1 + months
    due = date(fiscal_year_end.year + index // 12, index % 12 + 1, 15)
    return due + timedelta(days={5: 2, 6: 1}.get(due.weekday(), 0))


def years_to_show(month: int, today: date) -> list[date]:
    """Return the last days of the fiscal years whose returns are due soon or must be open now.

    The newest is the last year that has ended; a return leaves the list when three years have
    passed since its extended due date.
    """
    newest = month_end(today.year, month)
    if newest >= today:
        newest = month_end(today.year - 1, month)
    years = [month_end(newest.year - ago, month) for ago in range(YEARS_OPEN + 2)]
    return [year for year in years if today <= _three_years_after(due_date(year, extended=True))]


def disclosure(
    filings: Sequence[Filing], *, today: date, month: int | None, files_990t: bool
) -> list[Requirement]:
    """Return what must be open to the public, newest year first, then what holds for good.

    `filings` are those that are public now, with their files; `month` is the one with which the
    fiscal year ends, None where nobody said.
    """
    month = month or _month_of_last_return(filings)
    requirements: list[Requirement] = []
    if month is None:
        requirements.append(
            Requirement(
                what=_("Form 990 of the last three years"),
                status=Status.CHECK,
                note=_(
                    "Say with which month the fiscal year ends, so that this can be worked out."
                ),
                kind="",  # a setting is missing, not a document
            )
        )
    else:
        years = years_to_show(month, today)
        requirements += [_annual_return(filings, year, today) for year in years]
        requirements += _amended(filings, years)
        requirements += [
            _unrelated_business(filings, year, today)
            for year in years
            if files_990t or _of_year(filings, {Kind.FORM_990_T}, year)
        ]
    requirements.append(_standing(filings, Kind.FORM_1023, _("Form 1023 application")))
    requirements.append(
        _standing(filings, Kind.DETERMINATION_LETTER, _("IRS determination letter"))
    )
    return requirements


def _annual_return(filings: Sequence[Filing], year: date, today: date) -> Requirement:
    what = _("Form 990 for the fiscal year that ended on %(day)s") % {"day": _day(year)}
    found = [filing for filing in _of_year(filings, ANNUAL_RETURNS, year) if not filing.amends_id]
    if found:
        return _judged(what, found[0], year)
    return _absent(what, Kind.FORM_990, year, today)


def _unrelated_business(filings: Sequence[Filing], year: date, today: date) -> Requirement:
    what = _("Form 990-T for the fiscal year that ended on %(day)s") % {"day": _day(year)}
    found = _of_year(filings, {Kind.FORM_990_T}, year)
    if found:
        return _judged(what, found[0], year)
    return _absent(what, Kind.FORM_990_T, year, today)


def _amended(filings: Sequence[Filing], years: Sequence[date]) -> list[Requirement]:
    return [
        _judged(_("Amended: %(filing)s") % {"filing": filing}, filing, year)
        for year in years
        for filing in _of_year(filings, ANNUAL_RETURNS, year)
        if filing.amends_id
    ]


def _standing(filings: Sequence[Filing], kind: Kind, what: str) -> Requirement:
    found = [filing for filing in filings if filing.kind == kind]
    if not found:
        return Requirement(what, Status.MISSING, _("It must be open to the public."), kind)
    return _judged(what, found[0], None)


def _judged(what: str, filing: Filing, year: date | None) -> Requirement:
    """A filing that is there: whole, or with something that staff should look at."""
    if not filing.has_file:
        status, note = Status.MISSING, _("The filing has no file yet.")
    elif filing.file.is_placeholder:
        status, note = Status.MISSING, _("The file is a placeholder. Upload the real document.")
    elif filing.kind in ANNUAL_RETURNS and not filing.has_all_schedules:
        status, note = Status.CHECK, _("Look whether all schedules are in the file, and say so.")
    else:
        status, note = Status.PRESENT, ""
    return Requirement(what, status, note, filing.kind, year, filing)


def _absent(what: str, kind: Kind, year: date, today: date) -> Requirement:
    due, extended = due_date(year), due_date(year, extended=True)
    days = {"due": _day(due), "extended": _day(extended)}
    if today <= due:
        note = _("Due on %(due)s; with an extension on %(extended)s.") % days
        return Requirement(what, Status.DUE, note, kind, year)
    if today <= extended:
        note = _("It was due on %(due)s; with an extension it is due on %(extended)s.") % days
        return Requirement(what, Status.DUE, note, kind, year)
    note = _("It was due on %(due)s, with an extension on %(extended)s.") % days
    return Requirement(what, Status.MISSING, note, kind, year)


def _of_year(filings: Sequence[Filing], kinds, year: date) -> list[Filing]:
    """The filings of those kinds for the fiscal year that ended then.

    One whose last day nobody gave counts by its year.
    """
    return [
        filing
        for filing in filings
        if filing.kind in kinds
        and (
            filing.fiscal_year_end == year
            or (filing.fiscal_year_end is None and filing.fiscal_year == year.year)
        )
    ]


def _month_of_last_return(filings: Sequence[Filing]) -> int | None:
    ends = [
        filing.fiscal_year_end
        for filing in filings
        if filing.kind in ANNUAL_RETURNS and filing.fiscal_year_end
    ]
    return max(ends).month if ends else None


def _three_years_after(day: date) -> date:
    return day.replace(year=day.year + YEARS_OPEN)  # due in the middle of a month, never Feb 29


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
