"""Which documents must be open to the public, and when returns are due."""

import datetime

import pytest

from finance.disclosure import Status, disclosure, due_date, years_to_show
from finance.kinds import Kind
from finance.staff_reports import link_to_fix
from tests.factories import FilingFactory

D = datetime.date


@pytest.mark.parametrize(
    ("year_end", "due", "extended"),
    [
        (D(2021, 12, 31), D(2022, 5, 16), D(2022, 11, 15)),  # May 15 was a Sunday
        (D(2022, 12, 31), D(2023, 5, 15), D(2023, 11, 15)),
        (D(2022, 6, 30), D(2022, 11, 15), D(2023, 5, 15)),
        (D(2024, 2, 29), D(2024, 7, 15), D(2025, 1, 15)),
        (D(2025, 9, 30), D(2026, 2, 16), D(2026, 8, 17)),  # Feb. 15 is a Sunday, Aug. 15 a Saturday
    ],
)
def test_a_return_is_due_in_the_middle_of_the_fifth_month_after(year_end, due, extended):
    assert due_date(year_end) == due
    assert due_date(year_end, extended=True) == extended


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (D(2026, 11, 22), [2025, 2024, 2023]),
        (D(2026, 11, 15), [2025, 2024, 2023, 2022]),
        (D(2026, 1, 1), [2025, 2024, 2023, 2022]),
        (D(2025, 12, 31), [2024, 2023, 2022]),
    ],
)
def test_a_return_stays_open_for_three_years(today, years):
    assert [year.year for year in years_to_show(12, today)] == years


def statuses(filings, *, month=12, files_990t=False) -> dict[str, Status]:
    found = disclosure(filings, today=D(2026, 11, 22), month=month, files_990t=files_990t)
    return {requirement.what: requirement.status for requirement in found}


@pytest.mark.django_db
class TestTheList:
    def test_says_what_is_missing_and_what_is_still_due(self):
        found = disclosure([], today=D(2026, 3, 1), month=12, files_990t=False)
        by_year = {r.fiscal_year_end.year: r for r in found if r.fiscal_year_end}
        assert by_year[2025].status is Status.DUE
        assert "May 15, 2026" in by_year[2025].note
        assert "Nov. 16, 2026" in by_year[2025].note
        assert by_year[2024].status is Status.MISSING
        assert [r.kind for r in found[-2:]] == [Kind.FORM_1023, Kind.DETERMINATION_LETTER]

    def test_a_return_is_present_when_its_schedules_were_looked_at(self):
        filing = FilingFactory(fiscal_year_end=D(2024, 12, 31))
        what = "Form 990 for the fiscal year that ended on Dec. 31, 2024"
        assert statuses([filing])[what] is Status.CHECK
        filing.has_all_schedules = True
        assert statuses([filing])[what] is Status.PRESENT

    def test_a_placeholder_and_an_empty_filing_are_missing(self):
        what = "Form 990 for the fiscal year that ended on Dec. 31, 2024"
        placeholder = FilingFactory(fiscal_year_end=D(2024, 12, 31), file__is_placeholder=True)
        empty = FilingFactory(fiscal_year_end=D(2024, 12, 31), file=None)
        assert statuses([placeholder])[what] is Status.MISSING
        assert statuses([empty])[what] is Status.MISSING

    def test_an_amended_return_does_not_stand_for_the_return(self):
        original = FilingFactory(fiscal_year_end=D(2023, 12, 31))
        amended = FilingFactory(fiscal_year_end=D(2024, 12, 31), amends=original, title="Sample")
        found = statuses([amended])
        assert found["Form 990 for the fiscal year that ended on Dec. 31, 2024"] is Status.MISSING
        assert found["Amended: Sample"] is Status.CHECK

    def test_a_990_t_is_asked_for_where_one_is_filed(self):
        assert not [what for what in statuses([]) if "990-T" in what]
        assert [what for what in statuses([], files_990t=True) if "990-T" in what]
        one = FilingFactory(kind=Kind.FORM_990_T, fiscal_year_end=D(2024, 12, 31))
        assert [status for what, status in statuses([one]).items() if "990-T" in what] == [
            Status.PRESENT
        ]

    def test_without_a_month_it_is_taken_from_the_last_return(self):
        filing = FilingFactory(fiscal_year_end=D(2024, 6, 30))
        assert any("June 30, 2025" in what for what in statuses([filing], month=None))

    def test_without_any_it_is_asked_for(self):
        found = disclosure([], today=D(2026, 11, 22), month=None, files_990t=False)
        assert "Say with which month" in found[0].note
        assert link_to_fix(found[0]).startswith("/admin/settings/finance/financesettings/")
