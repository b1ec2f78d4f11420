"""What staff do in the admin beside uploading: remove, undo, withhold, import, see what is due."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from finance.models import AnnualFigures, Filing
from pages.models import OrganisationSettings
from tests.factories import AnnualFiguresFactory, FilingFactory, FilingFileFactory
from tests.finance.returns import SAMPLE_FIGURES, sample_return
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db

FILINGS = "/admin/snippets/finance/filing/"
IMPORT = "/admin/finance/import/"


def text_of(response) -> str:
    return response.content.decode()


def exists(filing: Filing) -> bool:
    return Filing.kept.filter(pk=filing.pk).exists()


class TestRemoving:
    def test_a_filing_that_was_public_is_asked_about_twice(self, finance, form_990):
        address = f"{FILINGS}delete/{form_990.pk}/"
        assert "Remove “Sample return” from the site?" in text_of(finance.get(address))
        assert "Really?" in text_of(finance.post(address, {"step": "first"}))
        assert exists(form_990)
        response = finance.post(address, {"step": "second"}, follow=True)
        assert not exists(form_990)
        assert "Undo" in text_of(response)

    def test_a_post_that_skips_the_first_question_is_asked_too(self, finance, form_990):
        finance.post(f"{FILINGS}delete/{form_990.pk}/")
        assert exists(form_990)

    def test_a_filing_that_never_was_public_is_asked_about_once(self, finance):
        draft = FilingFactory(live=False, first_published_at=None)
        finance.post(f"{FILINGS}delete/{draft.pk}/", {"step": "first"})
        assert not exists(draft)

    def test_it_is_undone(self, finance, form_990):
        form_990.delete()
        assert "Sample return" in text_of(finance.get("/admin/finance/removed/"))
        address = reverse("finance_restore_filing", args=[form_990.pk])
        assert "will be published again" in text_of(finance.get(address))
        assert not exists(form_990)  # asking changed nothing
        finance.post(address)
        assert exists(form_990)
        assert "No filing was removed" in text_of(finance.get("/admin/finance/removed/"))

    def test_many_at_once_are_not_removed(self, finance, form_990):
        bulk = "/admin/bulk/finance/filing/delete/"
        response = finance.post(f"{bulk}?id={form_990.pk}", follow=True)
        assert exists(form_990)
        assert "removed one at a time" in text_of(response)

    def test_its_history_tells_who_did_what(self, finance, form_990):
        form_990.delete()
        finance.post(reverse("finance_restore_filing", args=[form_990.pk]))
        assert "Restored" in text_of(finance.get(f"{FILINGS}history/{form_990.pk}/"))


class TestWithholding:
    def test_is_not_for_the_file_that_everyone_reads(self, finance, form_990):
        address = reverse("finance_withhold", args=[form_990.file_id])
        assert finance.post(address).status_code == 404

    def test_hides_an_earlier_version_and_shows_it_again(
        self, finance, client, form_990, committed
    ):
        former = form_990.file
        form_990.file = FilingFileFactory(content=b"%PDF-1.7 second")
        form_990.save()
        address = reverse("finance_withhold", args=[former.pk])
        public = f"/about/financials/2019/{form_990.slug}/version-1.pdf"
        edit = text_of(finance.get(f"{FILINGS}edit/{form_990.pk}/"))
        assert address in edit
        finance.get(address)
        assert client.get(public).status_code == 200
        with committed():
            finance.post(address)
        assert client.get(public).status_code == 404
        with committed():
            finance.post(address)
        assert client.get(public).status_code == 200


class TestTheAdmin:
    def test_lists_filings_with_kind_year_and_file(self, finance, form_990, paper):
        text = text_of(finance.get(FILINGS))
        for words in ("Sample return", "Sample secret paper", "The board alone", "Checked"):
            assert words in text

    @pytest.mark.parametrize("query", ["return", "990"])
    def test_is_searched_by_title_and_kind(self, finance, form_990, paper, query):
        text = text_of(finance.get(f"{FILINGS}?q={query}"))
        assert "Sample return" in text
        assert "Sample secret paper" not in text

    def test_asks_as_often_for_many_filings_as_for_few(self, finance, count_queries):
        FilingFactory.create_batch(3)
        finance.get(FILINGS)
        few = count_queries(lambda: finance.get(FILINGS))
        for index in range(30):
            FilingFactory(slug=f"s-{index}")
        assert count_queries(lambda: finance.get(FILINGS)) <= few + 1

    def test_previews_a_filing_as_visitors_will_see_it(self, finance, form_990):
        address = f"{FILINGS}preview/{form_990.pk}/"
        values = {
            "kind": "form-990",
            "fiscal_year_end": "06/30/2019",
            "visibility": "public",
            "title": "Sample title in a preview",
        }
        assert finance.post(address, values).json()["is_valid"]
        assert "Sample title in a preview" in text_of(finance.get(f"{address}?mode="))

    def test_editors_see_nothing_of_finance(self, paper):
        editor = signed_in(member("Editors"))
        for path in ("/admin/", "/admin/reports/site-history/", "/admin/pages/search/?q=secret"):
            text = text_of(editor.get(path, follow=True))
            assert "Sample secret paper" not in text
            assert "Finance" not in text

    def test_the_menu_leads_to_everything(self, finance):
        text = text_of(finance.get("/admin/"))
        for words in ("Filings", "Figures by year", "Import figures", "Disclosure"):
            assert words in text


class TestDisclosureOnTheDashboard:
    def test_leads_to_what_is_missing(self, finance):
        text = text_of(finance.get("/admin/"))
        assert "Form 1023 application" in text
        assert f"{FILINGS}add/?kind=form-1023" in text
        assert "not legal advice" in text

    def test_the_link_fills_in_the_form(self, finance):
        text = text_of(finance.get(f"{FILINGS}add/?kind=form-990&fiscal_year_end=2022-06-30"))
        assert '<option value="form-990" selected>' in text
        assert 'value="2022-06-30"' in text

    def test_names_placeholders(self, finance):
        FilingFactory(title="Sample placeholder", file__is_placeholder=True)
        assert "Sample placeholder" in text_of(finance.get("/admin/"))


@pytest.fixture
def ein():
    from wagtail.models import Site

    site = Site.objects.get(is_default_site=True)
    OrganisationSettings.objects.update_or_create(site=site, defaults={"ein": "00-0000000"})


def upload(client, xml: bytes):
    return client.post(IMPORT, {"xml": SimpleUploadedFile("return.xml", xml)})


@pytest.mark.usefixtures("ein")
class TestImporting:
    def confirm(self, client, response):
        values = {"payload": response.context["payload"], "confirm": "yes"}
        return client.post(IMPORT, values, follow=True)

    def test_shows_what_was_read_and_changes_nothing_yet(self, finance):
        AnnualFiguresFactory(fiscal_year=2022, total_revenue=77)
        text = text_of(upload(finance, sample_return(start="2022-01-01", end="2022-12-31")))
        assert "Sample Organization" in text
        assert "$77" in text
        assert AnnualFigures.objects.get(fiscal_year=2022).total_revenue == 77

    def test_stores_and_publishes_when_confirmed(self, finance, client):
        response = upload(finance, sample_return(start="2021-07-01", end="2022-06-30"))
        self.confirm(finance, response)
        figures = AnnualFigures.objects.get(fiscal_year=2022)
        assert figures.live
        assert figures.period == "July 2021 to June 2022"
        expected = {name: SAMPLE_FIGURES.get(name) for name in figures.as_mapping()}
        assert figures.as_mapping() == expected
        assert 'id="figures"' in text_of(client.get("/about/financials/"))

    def test_names_the_return_that_is_filed_here_as_source(self, finance):
        import datetime

        filing = FilingFactory(fiscal_year_end=datetime.date(2022, 6, 30))
        self.confirm(finance, upload(finance, sample_return(start="2021-07-01", end="2022-06-30")))
        assert AnnualFigures.objects.get(fiscal_year=2022).source == filing

    def test_a_gap_of_the_return_is_a_gap_whatever_another_one_said(self, finance):
        AnnualFiguresFactory(fiscal_year=2022, program_expenses=5, explanation="Kept words.")
        without = {
            **SAMPLE_FIGURES,
            "program_expenses": None,
            "management_expenses": None,
            "fundraising_expenses": None,
        }
        xml = sample_return(start="2022-01-01", end="2022-12-31", figures=without)
        self.confirm(finance, upload(finance, xml))
        figures = AnnualFigures.objects.get(fiscal_year=2022)
        assert (figures.program_expenses, figures.management_expenses) == (None, None)
        assert figures.total_revenue == SAMPLE_FIGURES["total_revenue"]
        assert figures.explanation == "Kept words."

    def test_warns_with_both_numbers_where_it_does_not_add_up(self, finance):
        xml = sample_return(figures={**SAMPLE_FIGURES, "net_assets": 123_456})
        text = text_of(upload(finance, xml))
        assert "should be the same" in text
        assert "$123,456" in text

    def test_refuses_another_organizations_return_clearly(self, finance):
        response = upload(finance, sample_return(ein="111111111"))
        assert response.status_code == 400
        assert "11-1111111" in text_of(response)
        assert not AnnualFigures.objects.exists()

    @pytest.mark.parametrize("xml", [b"", b"<html></html>", b"%PDF-1.7", b"\xff\xfe<\x00"])
    def test_refuses_what_is_no_return_with_a_sentence(self, finance, xml):
        response = upload(finance, xml)
        assert response.status_code == 400
        assert "error" in text_of(response)

    def test_a_changed_payload_is_refused(self, finance):
        response = upload(finance, sample_return())
        payload = response.context["payload"]
        for made_up in (payload[:-1], payload + "x", "", "a:b:c"):
            finance.post(IMPORT, {"payload": made_up, "confirm": "yes"})
        assert not AnnualFigures.objects.exists()

    def test_a_payload_of_someone_else_is_refused(self, finance):
        response = upload(finance, sample_return())
        self.confirm(signed_in(member("Finance")), response)
        assert not AnnualFigures.objects.exists()

    def test_an_import_of_a_year_with_sample_figures_makes_it_real(self, finance):
        AnnualFiguresFactory(fiscal_year=2022, is_sample=True)
        self.confirm(finance, upload(finance, sample_return(start="2022-01-01", end="2022-12-31")))
        assert not AnnualFigures.objects.get(fiscal_year=2022).is_sample


def test_without_an_ein_it_is_said_where_to_set_it(finance):
    response = upload(finance, sample_return())
    assert response.status_code == 400
    assert "Settings" in text_of(response)


class TestFiguresByHand:
    ADD = "/admin/snippets/finance/annualfigures/add/"

    def test_are_published_with_gaps(self, finance):
        values = {"fiscal_year": "2018", "total_revenue": "10", "action-publish": "on"}
        finance.post(self.ADD, values)
        figures = AnnualFigures.objects.get(fiscal_year=2018)
        assert (figures.live, figures.total_revenue, figures.total_expenses) == (True, 10, None)

    def test_are_told_where_they_do_not_add_up(self, finance):
        figures = AnnualFiguresFactory(net_assets=123)
        text = text_of(finance.get(f"/admin/snippets/finance/annualfigures/edit/{figures.pk}/"))
        assert "These numbers should be the same:" in text
        assert "$500 / $123" in text

    def test_a_year_has_figures_once(self, finance):
        AnnualFiguresFactory(fiscal_year=2018)
        response = finance.post(self.ADD, {"fiscal_year": "2018", "action-publish": "on"})
        assert "There are figures for this year already." in text_of(response)
