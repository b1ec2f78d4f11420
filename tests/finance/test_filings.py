"""What a filing is called, where it lives, which file is current, and how it is removed."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from finance.fiscal_years import period_text, usual_start
from finance.kinds import Kind, Visibility
from finance.models import Filing, FilingFile
from tests.factories import FilingFactory, FilingFileFactory
from tests.finance.conftest import read

pytestmark = pytest.mark.django_db

JUNE = datetime.date(2022, 6, 30)
DECEMBER = datetime.date(2021, 12, 31)


def filing(**fields) -> Filing:
    made = Filing(**{"kind": Kind.FORM_990, "fiscal_year_end": JUNE, **fields})
    made.full_clean()
    return made


class TestWhatItIsCalled:
    def test_a_return_says_the_tax_year_and_the_fiscal_year(self):
        assert str(filing()) == "Form 990 for tax year 2021"
        assert filing().period == "July 2021 to June 2022"
        assert filing().fiscal_year == 2022

    def test_a_calendar_year_is_tax_year_and_fiscal_year_at_once(self):
        made = filing(fiscal_year_end=DECEMBER)
        assert str(made) == "Form 990 for tax year 2021"
        assert made.period == "January 2021 to December 2021"
        assert made.fiscal_year == 2021

    def test_statements_are_called_by_the_fiscal_year(self):
        made = filing(kind=Kind.AUDITED_STATEMENTS)
        assert str(made) == "Financial statements, audited, fiscal year 2022"

    def test_an_amended_return_says_so(self):
        original = FilingFactory(fiscal_year_end=JUNE)
        made = filing(amends=original)
        assert str(made) == "Form 990 (amended) for tax year 2021"
        assert made.slug == "form-990-amended"

    def test_a_title_that_was_given_stays(self):
        assert str(filing(title="Our return")) == "Our return"

    def test_a_title_that_was_made_follows_what_is_corrected(self):
        made = filing()
        made.fiscal_year_end = datetime.date(2023, 6, 30)
        assert str(made) == "Form 990 for tax year 2022"

    def test_a_year_without_its_days_is_not_given_any(self):
        made = filing(fiscal_year_end=None, fiscal_year=2021)
        assert str(made) == "Form 990 2021"
        assert made.period == ""
        assert made.tax_year is None

    def test_a_letter_of_the_irs_has_no_period(self):
        made = filing(kind=Kind.DETERMINATION_LETTER)
        assert str(made) == "IRS determination letter"
        assert made.period == ""

    def test_a_short_year_says_its_days(self):
        made = filing(fiscal_year_start=datetime.date(2022, 1, 1))
        assert made.period == "January 2022 to June 2022"
        assert made.tax_year == 2022

    def test_a_year_of_weeks_is_written_with_its_days(self):
        start, end = datetime.date(2021, 1, 4), datetime.date(2022, 1, 2)
        assert period_text(start, end) == "Jan. 4, 2021 to Jan. 2, 2022"

    @pytest.mark.parametrize(
        ("end", "start"),
        [
            (datetime.date(2024, 2, 29), datetime.date(2023, 3, 1)),
            (datetime.date(2023, 2, 28), datetime.date(2022, 3, 1)),
            (datetime.date(2024, 2, 28), datetime.date(2023, 2, 28)),
            (datetime.date(2022, 12, 31), datetime.date(2022, 1, 1)),
        ],
    )
    def test_twelve_months_begin_after_the_same_day_of_the_year_before(self, end, start):
        assert usual_start(end) == start


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"fiscal_year_end": None}, "fiscal_year_end"),
            ({"fiscal_year_end": None, "fiscal_year": 21}, "fiscal_year"),
            ({"fiscal_year_start": datetime.date(2022, 7, 1)}, "fiscal_year_start"),
            ({"fiscal_year_start": datetime.date(2020, 1, 1)}, "fiscal_year_start"),
            ({"kind": Kind.BOARD_PAPER, "visibility": Visibility.PUBLIC}, "visibility"),
            ({"kind": "poem"}, "kind"),
        ],
    )
    def test_with_a_sentence_at_the_field(self, fields, where):
        with pytest.raises(ValidationError) as refused:
            filing(**fields)
        assert where in refused.value.message_dict

    def test_an_address_that_another_filing_of_the_year_has(self):
        FilingFactory(slug="taken", fiscal_year=2022)
        with pytest.raises(ValidationError) as refused:
            filing(slug="taken")
        assert "slug" in refused.value.message_dict

    def test_an_address_that_a_removed_filing_had_since_it_may_come_back(self):
        FilingFactory(slug="taken", fiscal_year=2022).delete()
        with pytest.raises(ValidationError):
            filing(slug="taken")


class TestItsAddress:
    def test_two_of_a_kind_in_a_year_get_two_addresses(self):
        slugs = [FilingFactory(fiscal_year=2020).slug for _number in range(3)]
        assert slugs == ["form-990", "form-990-2", "form-990-3"]

    def test_a_board_paper_is_addressed_by_its_title(self):
        assert FilingFactory(board=True, title="Minutes of May").slug == "minutes-of-may"

    def test_it_follows_the_year_until_the_filing_is_published(self):
        draft = FilingFactory(live=False, first_published_at=None, fiscal_year=2015)
        draft.fiscal_year = 2016
        draft.save()
        assert draft.path == "2016/form-990.pdf"

    def test_a_made_one_gives_way_when_the_other_year_has_it(self):
        FilingFactory(fiscal_year=2016)
        draft = FilingFactory(live=False, first_published_at=None, fiscal_year=2015)
        draft.fiscal_year = 2016
        draft.save()
        assert draft.path == "2016/form-990-2.pdf"

    def test_it_never_changes_after_that(self, client):
        made = FilingFactory(fiscal_year=2020)
        made.fiscal_year_end = datetime.date(2021, 12, 31)
        made.title = "Another title"
        made.save()
        assert made.fiscal_year == 2021
        assert client.get("/about/financials/2020/form-990.pdf").status_code == 200

    def test_it_stays_when_the_file_is_replaced(self, client, committed):
        made = FilingFactory()
        before = b"".join(client.get(f"/about/financials/{made.path}"))
        with committed():
            made.file = FilingFileFactory(content=b"%PDF-1.7 another")
            made.save()
        after = b"".join(client.get(f"/about/financials/{made.path}"))
        assert (before != after, after) == (True, b"%PDF-1.7 another")


class TestItsVersions:
    @pytest.fixture
    def replaced(self) -> tuple[Filing, FilingFile]:
        made = FilingFactory(title="Sample return")
        former = made.file
        made.file = FilingFileFactory(content=b"%PDF-1.7 second", reason="Page 4 was missing")
        made.save()
        former.refresh_from_db()
        return made, former

    def test_the_former_stays_readable_under_its_number(self, client, replaced):
        made, former = replaced
        assert (former.number, made.file.number) == (1, 2)
        response = client.get(f"/about/financials/{made.address_year}/{made.slug}/version-1.pdf")
        assert b"".join(response) == former.file.read()
        assert "version 1" in response["Content-Disposition"]

    def test_the_page_names_it_with_date_and_reason(self, client, replaced):
        text = client.get("/about/financials/").content.decode()
        assert "1 earlier version" in text
        assert "version-1.pdf" in text
        assert "Page 4 was missing" in text

    def test_a_withheld_one_is_gone(self, client, replaced):
        made, former = replaced
        former.is_withheld = True
        former.save()
        assert client.get(f"/about/financials/2019/{made.slug}/version-1.pdf").status_code == 404
        assert "earlier version" not in client.get("/about/financials/").content.decode()

    def test_going_back_to_the_former_makes_it_current_again(self, client, replaced):
        made, former = replaced
        made.file = former
        made.save()
        former.refresh_from_db()
        assert former.superseded_at is None
        response = client.get(f"/about/financials/{made.path}")
        assert former.sha256 in response["ETag"]
        read(response)

    def test_a_placeholder_that_is_replaced_is_shown_no_more(self, client):
        made = FilingFactory(file__is_placeholder=True)
        made.file = FilingFileFactory(content=b"%PDF-1.7 real")
        made.save()
        assert client.get(f"/about/financials/2019/{made.slug}/version-1.pdf").status_code == 404

    def test_a_draft_with_another_file_changes_nothing_for_visitors(self, client):
        made = FilingFactory()
        made.file = FilingFileFactory(content=b"%PDF-1.7 draft")
        made.save_revision()
        response = client.get(f"/about/financials/{made.path}")
        assert b"draft" not in b"".join(response)


class TestRemoval:
    def test_everything_is_kept_and_comes_back(self, client, committed):
        made = FilingFactory(title="Sample return")
        path = f"/about/financials/{made.path}"
        with committed():
            made.delete()
        assert client.get(path).status_code == 404
        assert "Sample return" not in client.get("/about/financials/").content.decode()
        with committed():
            Filing.objects.get(pk=made.pk).restore()
        assert client.get(path).status_code == 200
        assert "Sample return" in client.get("/about/financials/").content.decode()

    def test_a_whole_list_is_removed_in_the_same_way(self):
        made = FilingFactory()
        Filing.objects.filter(pk=made.pk).delete()
        assert not Filing.kept.filter(pk=made.pk).exists()
        assert Filing.objects.filter(pk=made.pk).exists()
        assert made.file.file.storage.exists(made.file.file.name)

    def test_a_removed_filing_is_not_published_by_its_schedule(self, committed):
        from django.core.management import call_command

        made = FilingFactory(live=False)
        made.go_live_at = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
        revision = made.save_revision()
        revision.publish()
        made.delete()
        revision.refresh_from_db()
        assert revision.approved_go_live_at is None
        call_command("publish_scheduled", verbosity=0)
        assert not Filing.objects.get(pk=made.pk).live
