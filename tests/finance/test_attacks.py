"""Ways in that an attacker found once; each stays shut."""

import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from finance.examination import Examination
from finance.filing_check import check_file
from finance.models import AnnualFigures, BoardAccess, Filing, FilingFile
from pages.generation import current_generation
from pages.models import OrganisationSettings
from tests.factories import AnnualFiguresFactory, FilingFactory, pdf_bytes
from tests.finance.conftest import read
from tests.finance.returns import sample_return
from tests.finance.test_filing_check import edit, form, queue  # noqa: F401
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db

REPORTS = "/about/financials/"
FILINGS = "/admin/snippets/finance/filing/"
CHOOSER = "/admin/snippets/choose/finance/filing/"
IMPORT = "/admin/finance/import/"


@pytest.fixture(params=["Editors", "Moderators"])
def outsider(request):
    """A browser of someone who uses the admin and has no permission in finance."""
    return signed_in(member(request.param))


# --- 1. What nobody else may learn ----------------------------------------------------------


class TestTheAdminTellsOutsidersNothing:
    @pytest.mark.parametrize(
        "path", ["", "results/", "chosen/{pk}/", "chosen-multiple/?id={pk}", "results/?q=secret"]
    )
    def test_the_chooser_lists_no_filing_to_outsiders(self, outsider, paper, path):
        response = outsider.get(f"{CHOOSER}{path}".format(pk=paper.pk))
        assert "Sample secret paper" not in response.content.decode()

    def test_the_chooser_of_figures_lists_no_draft_to_outsiders(self, outsider):
        AnnualFiguresFactory(fiscal_year=1987, live=False)
        response = outsider.get("/admin/snippets/choose/finance/annualfigures/")
        assert "1987" not in response.content.decode()

    def test_the_bulk_page_names_no_filing_that_one_may_not_remove(self, outsider, paper):
        address = f"/admin/bulk/finance/filing/delete/?id={paper.pk}"
        assert "Sample secret paper" not in outsider.get(address).content.decode()

    def test_the_workflow_address_names_no_filing(self, outsider, paper):
        other = FilingFactory(live=False)
        other.save_revision()
        state = other.get_workflow().start(other, member("Finance"))
        task = state.current_task_state_id
        response = outsider.get(f"{FILINGS}workflow/action/{paper.pk}/approve/{task}/")
        told = [str(message) for message in get_messages(response.wsgi_request)]
        assert not any("Sample secret paper" in message for message in told)

    @pytest.mark.parametrize(
        "path",
        [
            "edit/{}/",
            "delete/{}/",
            "history/{}/",
            "usage/{}/",
            "preview/{}/",
            "unpublish/{}/",
            "lock/{}/",
            "workflow/confirm_cancellation/{}/",
        ],
    )
    def test_a_number_tells_no_outsider_whether_there_is_a_filing(self, outsider, paper, path):
        there = outsider.get(FILINGS + path.format(paper.pk))
        absent = outsider.get(FILINGS + path.format(paper.pk + 1000))
        assert there.status_code == absent.status_code

    def test_the_chooser_offers_no_removed_filing(self, finance, form_990):
        form_990.delete()
        assert "Sample return" not in finance.get(f"{CHOOSER}results/").content.decode()


class TestTheBoardsLog:
    @pytest.mark.parametrize("asked", ["bytes=1-", "bytes=-100000"])
    def test_a_range_that_leaves_out_the_first_byte_is_a_download_too(self, board, paper, asked):
        if asked.startswith("bytes=-"):
            asked = f"bytes=-{paper.file.size - 1}"
        response = board.get(f"/board/{paper.path}", headers={"Range": asked})
        assert response.status_code == 206
        assert BoardAccess.objects.filter(act="download").exists()

    def test_reading_in_the_library_does_not_empty_the_sites_cache(self, board, paper, committed):
        before = current_generation()
        with committed():
            board.get("/board/")
            read(board.get(f"/board/{paper.path}"))
        assert current_generation() == before


# --- 2. What nobody may write ---------------------------------------------------------------


class TestRevisions:
    def go_back(self, browser, filing, revision, **fields):
        """Press "Publish" on the page that shows an earlier revision."""
        address = f"{FILINGS}history/{filing.pk}/revisions/{revision.pk}/revert/"
        assert browser.get(address).status_code == 200
        browser.post(address, form(revision=revision.pk, **{"action-publish": "on"}, **fields))
        filing.refresh_from_db()

    def test_going_back_does_not_change_the_address(self, finance, client, queue):  # noqa: F811
        finance.post(f"{FILINGS}add/", form(pdf_bytes(), slug="first"))
        queue()
        filing = Filing.objects.get(title="Sample upload")
        draft = filing.latest_revision
        values = form(slug="second", fiscal_year_end="06/30/2020", **{"action-publish": "on"})
        finance.post(edit(filing), values)
        assert client.get(f"{REPORTS}2020/second.pdf").status_code == 200
        self.go_back(finance, filing, draft)
        assert filing.live
        assert client.get(f"{REPORTS}2020/second.pdf").status_code == 200
        assert filing.path == "2020/second.pdf"

    def test_going_back_to_a_withheld_file_does_not_publish_it(
        self,
        finance,
        client,
        queue,  # noqa: F811
        form_990,
    ):
        former, old = form_990.file, form_990.save_revision()
        old.publish()
        values = form(pdf_bytes("Second"), replacement_reason="x", **{"action-publish": "on"})
        finance.post(edit(form_990), values)
        queue()
        finance.post(reverse("finance_withhold", args=[former.pk]))
        form_990.refresh_from_db()
        assert form_990.file != former
        self.go_back(finance, form_990, old)
        given = b"".join(client.get(f"{REPORTS}{form_990.path}"))
        assert given == pdf_bytes("Second")

    def test_nobody_is_asked_to_approve_a_removed_filing(self, finance):
        filing = FilingFactory(live=False, first_published_at=None, title="Sample removed filing")
        filing.save_revision()
        filing.get_workflow().start(filing, member(admin=True))
        filing.delete()
        assert "Sample removed filing" not in finance.get("/admin/").content.decode()

    def test_what_was_approved_is_not_changed_before_its_file_is_checked(
        self,
        finance,
        queue,  # noqa: F811
    ):
        submitter = member()
        permissions = ["access_admin", "add_filing", "change_filing"]
        submitter.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        browser = signed_in(submitter)
        browser.post(f"{FILINGS}add/", form(pdf_bytes(), **{"action-submit": "on"}))
        filing = Filing.objects.get(title="Sample upload")
        revision, task = filing.latest_revision, filing.current_workflow_task_state
        finance.post(f"{FILINGS}workflow/action/{filing.pk}/approve/{task.pk}/")
        changed = form(title="Never approved", overwrite_revision_id=revision.pk)
        browser.post(edit(filing), changed)
        queue()
        filing = Filing.objects.get(pk=filing.pk)
        assert filing.title == "Sample upload"


class TestWhatWaitsForTheCheck:
    def test_a_filing_taken_down_meanwhile_stays_down(self, finance, queue, form_990):  # noqa: F811
        values = form(pdf_bytes("Second"), replacement_reason="x", **{"action-publish": "on"})
        finance.post(edit(form_990), values)
        finance.post(f"{FILINGS}unpublish/{form_990.pk}/")
        form_990.refresh_from_db()
        assert not form_990.live
        queue()
        form_990.refresh_from_db()
        assert not form_990.live

    def test_a_schedule_set_meanwhile_is_kept(self, finance, queue):  # noqa: F811
        finance.post(f"{FILINGS}add/", form(pdf_bytes(), **{"action-publish": "on"}))
        filing = Filing.objects.get(title="Sample upload")
        later = (timezone.now() + datetime.timedelta(days=30)).strftime("%m/%d/%Y %H:%M")
        finance.post(edit(filing), form(go_live_at=later, **{"action-publish": "on"}))
        queue()
        filing.refresh_from_db()
        assert not filing.live


class TestThePreview:
    def test_it_does_not_lose_the_file_that_was_kept(self, finance, queue, form_990):  # noqa: F811
        response = finance.post(
            edit(form_990), form(pdf_bytes("Second"), **{"action-publish": "1"})
        )
        kept = response.context["form"]["kept_file"].value()
        preview = f"{FILINGS}preview/{form_990.pk}/"
        finance.post(preview, form(kept_file=kept, replacement_reason="A reason"))
        finance.get(f"{preview}?mode=")
        values = form(kept_file=kept, replacement_reason="A reason", **{"action-publish": "1"})
        finance.post(edit(form_990), values)
        queue()
        form_990.refresh_from_db()
        assert form_990.file.number == 2


class TestTheImport:
    @pytest.fixture(autouse=True)
    def _ein(self):
        site = Site.objects.get(is_default_site=True)
        OrganisationSettings.objects.update_or_create(site=site, defaults={"ein": "00-0000000"})

    def run(self, client, **returned):
        xml = SimpleUploadedFile("return.xml", sample_return(**returned))
        payload = client.post(IMPORT, {"xml": xml}).context["payload"]
        return client.post(IMPORT, {"payload": payload, "confirm": "yes"}, follow=True)

    def test_it_does_not_publish_a_drafts_words(self, finance):
        figures = AnnualFiguresFactory(fiscal_year=2022, explanation="Published words.")
        figures.save_revision().publish()
        figures.explanation = "A draft that nobody approved."
        figures.save_revision()
        self.run(finance, start="2022-01-01", end="2022-12-31")
        assert AnnualFigures.objects.get(fiscal_year=2022).explanation == "Published words."

    def test_it_does_not_change_locked_figures(self, finance):
        figures = AnnualFiguresFactory(fiscal_year=2022, total_revenue=77)
        figures.locked, figures.locked_by = True, member("Finance")
        figures.locked_at = timezone.now()
        figures.save()
        self.run(finance, start="2022-01-01", end="2022-12-31")
        assert AnnualFigures.objects.get(fiscal_year=2022).total_revenue == 77


# --- 3, 4 and 5. What breaks the site -------------------------------------------------------


class TestOddWords:
    @pytest.mark.parametrize("odd", ["\x0b", "\x01", "\ufffe"])
    def test_the_feed_stays_well_formed(self, finance, client, queue, odd):  # noqa: F811
        values = form(pdf_bytes(), summary=f"Sample{odd}summary", **{"action-publish": "on"})
        finance.post(f"{FILINGS}add/", values)
        queue()
        response = client.get(f"{REPORTS}feed.atom")
        assert response.status_code == 200
        ElementTree.fromstring(response.content)

    @pytest.mark.parametrize("day", ["12/31/9999", "06/30/0001"])
    def test_a_day_at_the_end_of_time_is_refused_with_a_sentence(self, finance, form_990, day):
        response = finance.post(edit(form_990), form(fiscal_year_end=day, title=""))
        assert response.status_code == 200


class TestAddresses:
    def test_a_file_has_one_address(self, client, form_990):
        odd = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
        path = f"{REPORTS}{'2019'.translate(odd)}/{form_990.slug}.pdf"
        assert client.get(path).status_code == 404

    def test_what_is_remembered_does_not_multiply_with_the_host(self, client, form_990, settings):
        settings.ALLOWED_HOSTS = ["localhost"]
        for host in ("localhost", "LOCALHOST", "localhost:1", "localhost:2"):
            read(client.get(f"{REPORTS}{form_990.path}", headers={"Host": host}))
        keys = [key for key in cache._cache if ":file:" in key]
        assert len(keys) == 1


class TestMail:
    def test_mails_are_written_below_the_folder_that_was_set(self, settings):
        assert Path(settings.EMAIL_FILE_PATH).is_absolute()


class TestLongDocuments:
    def test_a_long_document_in_another_script_is_checked_to_the_end(
        self,
        finance,
        queue,  # noqa: F811
        monkeypatch,
    ):
        words = " ".join(
            chr(0x4E00 + n // 400) + chr(0x4E00 + n % 400) + chr(0x5000 + n % 97) * 6
            for n in range(50_000)
        )
        found = Examination(pages=1, sha256="0" * 64, text=words)
        monkeypatch.setattr("finance.filing_check.examine", lambda path: found)
        finance.post(f"{FILINGS}add/", form(pdf_bytes()))
        file = FilingFile.objects.get()
        check_file.call(file.pk)
        file.refresh_from_db()
        assert file.is_accepted
