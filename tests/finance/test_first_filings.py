"""The filings of the first content, and the placeholders and samples of a machine of one's own."""

import pytest
from django.core.management import CommandError, call_command

from finance.models import AnnualFigures, Filing, FilingFile
from pages.content.loader import load_site

pytestmark = pytest.mark.django_db

STATEMENT = (
    "Financial Statement including Accountant’s Compilation Report and Statement of Financial "
    "Position, Activities, Functional Expenses, and Cash Flow"
)
RETURN = "2022 Form 990 (Return of Organization Exempt From Income Tax)"


def test_has_the_two_filings_without_files():
    filings = Filing.objects.public().newest_first()
    assert [str(filing) for filing in filings] == [STATEMENT, RETURN]
    assert {filing.fiscal_year for filing in filings} == {2021}
    assert not any(filing.file for filing in filings)


def test_production_has_neither_placeholders_nor_sample_figures(client):
    load_site()
    assert not FilingFile.objects.exists()
    assert not AnnualFigures.objects.exists()
    with pytest.raises(CommandError, match="SAMPLE_CONTENT=on"):
        call_command("load_site", "--sample")


class TestASampleSite:
    @pytest.fixture(autouse=True)
    def _sample_content(self, settings):
        settings.SAMPLE_CONTENT = True

    def test_gives_each_filing_a_placeholder_that_says_so_on_each_page(self, client):
        assert "placeholder:filing:form-990:2021" in load_site()
        file = Filing.objects.public().get(title=RETURN).file
        assert file.is_accepted
        assert file.is_placeholder
        assert file.text.words.count("This is a placeholder.") == file.pages
        assert file.text.words.count("Finance and then Filings") == file.pages
        assert (
            "the real document is not here yet" in client.get("/about/financials/").content.decode()
        )

    def test_never_puts_one_over_a_file_of_staff(self):
        from tests.factories import FilingFileFactory

        filing = Filing.objects.public().get(title=RETURN)
        filing.file = FilingFileFactory()
        filing.save()
        load_site()
        filing.refresh_from_db()
        assert not filing.file.is_placeholder

    def test_loads_sample_figures_only_when_asked(self, client):
        load_site()
        assert not AnnualFigures.objects.exists()
        call_command("load_site", "--sample", verbosity=0)
        assert all(figures.is_sample for figures in AnnualFigures.objects.all())
        assert not any(figures.differences() for figures in AnnualFigures.objects.all())
        assert "Sample figures." in client.get("/about/financials/").content.decode()
