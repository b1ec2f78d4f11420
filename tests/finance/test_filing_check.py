"""Uploading: the worker checks the file, and what was to be published waits for it."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from cmsc_site.worker import run_next_task
from finance.filing_check import check_file
from finance.models import FileText, Filing, FilingFile
from finance.unused_files import delete_unused_files
from tests.factories import FilingFactory, FilingFileFactory, pdf_bytes
from tests.finance.filing_form import filing_values
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db(transaction=False)

NOT_A_PDF = b"<!doctype html><title>Export</title>"


@pytest.fixture
def queue(settings):
    """Let tasks wait for the worker, as they do in production; return what has it work."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

    def work() -> int:
        count = 0
        while run_next_task("tests"):
            count += 1
        assert not DBTaskResult.objects.failed().exists()
        return count

    return work


def form(upload: bytes | None = None, name: str = "sample.pdf", **fields) -> dict:
    """Return what an editor fills in; `publish` presses that button."""
    values = filing_values(**fields)
    if upload is not None:
        values["upload"] = SimpleUploadedFile(name, upload, content_type="application/pdf")
    return values


ADD = "/admin/snippets/finance/filing/add/"


def edit(filing: Filing) -> str:
    return reverse("wagtailsnippets_finance_filing:edit", args=[filing.pk])


def text_of(response) -> str:
    return response.content.decode()


class TestANewFiling:
    def test_goes_live_once_the_check_is_passed(self, finance, client, queue):
        values = form(pdf_bytes(), **{"action-publish": "on"})
        response = finance.post(ADD, values, follow=True)
        assert "published as soon as the check is passed" in text_of(response)
        filing = Filing.objects.get(title="Sample upload")
        assert not filing.live
        assert client.get(f"/about/financials/{filing.path}").status_code == 404

        assert queue() > 0
        answer = client.get(f"/about/financials/{filing.path}")
        assert b"".join(answer) == pdf_bytes()
        assert "Sample upload" in text_of(client.get("/about/financials/"))

    def test_is_described(self, finance, queue):
        finance.post(ADD, form(pdf_bytes()))
        queue()
        file = FilingFile.objects.get()
        assert (file.pages, file.language, file.is_tagged) == (2, "en", True)
        assert file.size == len(pdf_bytes())
        assert file.thumbnail_width == 480
        assert "sample" in FileText.objects.get(file=file).words
        panel = text_of(finance.get(reverse("finance_file_status", args=[file.pk])))
        assert "2 pages" in panel
        assert file.sha256 in panel

    def test_saved_as_a_draft_stays_one(self, finance, queue):
        finance.post(ADD, form(pdf_bytes()))
        queue()
        assert not Filing.objects.get(title="Sample upload").live

    def test_a_schedule_is_kept(self, finance, queue):
        values = form(pdf_bytes(), go_live_at="01/01/2099 10:00", **{"action-publish": "on"})
        finance.post(ADD, values)
        queue()
        filing = Filing.objects.get(title="Sample upload")
        assert not filing.live
        assert filing.approved_schedule

    def test_goes_live_at_the_end_of_its_workflow(self, finance, client, queue):
        finance.post(ADD, form(pdf_bytes(), **{"action-submit": "on"}))
        filing = Filing.objects.get(title="Sample upload")
        task_state = filing.current_workflow_task_state
        task_state.approve(user=member("Finance"))
        assert not Filing.objects.get(pk=filing.pk).live
        queue()
        assert client.get(f"/about/financials/{filing.path}").status_code == 200


class TestARefusedFile:
    def test_says_what_was_found_and_keeps_the_form(self, finance, client, queue):
        values = form(NOT_A_PDF, summary="Sample words", **{"action-publish": "on"})
        finance.post(ADD, values)
        queue()
        filing = Filing.objects.get(title="Sample upload")
        assert not filing.live
        text = text_of(finance.get(edit(filing)))
        assert "cannot be published" in text
        assert "PDF" in text
        assert "Sample words" in text
        assert client.get(f"/about/financials/{filing.path}").status_code == 404

    def test_can_be_left_out_again_to_publish_a_change_of_words(self, finance, queue):
        filing = FilingFactory(title="Sample return")
        finance.post(edit(filing), form(NOT_A_PDF, replacement_reason="Sample"))
        queue()
        words = {"title": "Other words", "keep_published_file": "on", "action-publish": "on"}
        finance.post(edit(filing), form(**words))
        before = filing.file_id
        filing.refresh_from_db()
        assert (str(filing), filing.file_id) == ("Other words", before)

    def test_keeps_the_reason_that_was_given(self, finance, queue):
        filing = FilingFactory(title="Sample return")
        finance.post(edit(filing), form(NOT_A_PDF, replacement_reason="A page was missing"))
        queue()
        assert 'value="A page was missing"' in text_of(finance.get(edit(filing)))

    def test_an_empty_one_is_refused_like_any_other(self, finance, queue):
        finance.post(ADD, form(b""))
        queue()
        assert FilingFile.objects.get().is_refused

    def test_is_not_published_by_pressing_the_button_again(self, finance, queue):
        finance.post(ADD, form(NOT_A_PDF))
        queue()
        filing = Filing.objects.get(title="Sample upload")
        response = finance.post(edit(filing), form(**{"action-publish": "on"}))
        assert response.status_code == 200
        assert not Filing.objects.get(pk=filing.pk).live

    def test_is_not_published_by_its_schedule(self, queue, finance):
        finance.post(ADD, form(NOT_A_PDF))
        queue()
        filing = Filing.objects.get(title="Sample upload")
        revision = filing.latest_revision
        revision.approved_go_live_at = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
        revision.save()
        revision.publish()
        revision.refresh_from_db()
        assert not Filing.objects.get(pk=filing.pk).live
        assert revision.approved_go_live_at is None  # so that it is not tried every minute

    def test_leaves_the_published_file_where_it_is(self, finance, client, queue):
        filing = FilingFactory(title="Sample return")
        values = form(NOT_A_PDF, replacement_reason="Sample", **{"action-publish": "on"})
        finance.post(edit(filing), values)
        queue()
        assert b"".join(client.get(f"/about/financials/{filing.path}")) == pdf_bytes()
        assert filing.title in text_of(client.get("/about/financials/"))

    def test_cannot_be_opened_by_staff_either(self, finance, queue):
        finance.post(ADD, form(NOT_A_PDF))
        queue()
        file = FilingFile.objects.get()
        assert finance.get(reverse("finance_read_file", args=[file.pk])).status_code == 404

    def test_is_on_the_dashboard(self, finance, queue):
        finance.post(ADD, form(NOT_A_PDF))
        queue()
        assert "Refused files" in text_of(finance.get("/admin/"))


class TestAReplacement:
    def test_goes_live_with_the_former_beside_it(self, finance, client, queue):
        filing = FilingFactory(title="Sample return")
        second = pdf_bytes("Second")
        values = form(second, replacement_reason="A page was missing", **{"action-publish": "on"})
        finance.post(edit(filing), values)
        queue()
        assert b"".join(client.get(f"/about/financials/{filing.path}")) == second
        old = client.get(f"/about/financials/2019/{filing.slug}/version-1.pdf")
        assert b"".join(old) == pdf_bytes()

    def test_needs_a_reason_and_asks_for_the_file_only_once(self, finance, queue):
        filing = FilingFactory(title="Sample return")
        response = finance.post(edit(filing), form(pdf_bytes("Second"), **{"action-publish": "on"}))
        text = text_of(response)
        assert "Say why" in text
        assert "“sample.pdf” is being checked" in text
        kept = response.context["form"]["kept_file"].value()
        assert kept
        values = form(kept_file=kept, replacement_reason="Sample", **{"action-publish": "on"})
        finance.post(edit(filing), values)
        queue()
        filing.refresh_from_db()
        assert filing.file.original_name == "sample.pdf"
        assert filing.file.number == 2

    def test_nobody_takes_a_file_that_another_person_left(self, finance, queue):
        filing = FilingFactory(title="Sample return")
        response = finance.post(edit(filing), form(pdf_bytes("Second")))
        kept = response.context["form"]["kept_file"].value()
        other = signed_in(member("Finance"))
        other.post(edit(filing), form(kept_file=kept, replacement_reason="Sample"))
        assert not FilingFile.objects.exclude(filing=None).exclude(pk=filing.file_id).exists()

    @pytest.mark.parametrize("token", ["1", "1:2:3", "x" * 5000, "\x00"])
    def test_a_made_up_token_brings_no_file(self, finance, queue, token):
        finance.post(ADD, form(kept_file=token))
        assert not FilingFile.objects.exists()

    def test_a_later_one_wins_whichever_is_checked_last(self, finance, client, queue):
        filing = FilingFactory(title="Sample return")
        publish = {"replacement_reason": "Sample", "action-publish": "on"}
        finance.post(edit(filing), form(pdf_bytes("Second"), **publish))
        finance.post(edit(filing), form(pdf_bytes("Third"), **publish))
        second, third = FilingFile.objects.filter(filing=filing, number=None).order_by("pk")
        check_file.call(third.pk)
        check_file.call(second.pk)
        assert b"".join(client.get(f"/about/financials/{filing.path}")) == pdf_bytes("Third")


class TestOpeningABoardPaper:
    def test_is_asked_about(self, finance, client):
        paper = FilingFactory(board=True, title="Sample minutes")
        values = form(kind="policy", title="Sample minutes", **{"action-publish": "on"})
        assert "Tick this if you mean it" in text_of(finance.post(edit(paper), values))
        assert client.get(f"/about/financials/{paper.path}").status_code == 404
        finance.post(edit(paper), {**values, "opens_to_everyone": "on"})
        assert client.get(f"/about/financials/{paper.path}").status_code == 200


class TestUnusedFiles:
    def test_are_deleted_after_a_week_and_no_others(self):
        used, unused, fresh = FilingFactory().file, FilingFileFactory(), FilingFileFactory()
        FilingFile.objects.exclude(pk=fresh.pk).update(
            uploaded_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
        )
        assert delete_unused_files() == 1
        assert set(FilingFile.objects.all()) == {used, fresh}
        assert not unused.file.storage.exists(unused.file.name)
        assert used.file.storage.exists(used.file.name)


class TestTheQueue:
    def test_a_file_too_large_is_refused_at_once_and_not_stored(self, finance, queue, settings):
        settings.FILING_MAX_BYTES = 100
        response = finance.post(ADD, form(pdf_bytes()))
        assert "at most 100" in text_of(response)
        assert not FilingFile.objects.exists()

    def test_a_check_that_was_lost_can_be_asked_for_again(self, finance, queue):
        finance.post(ADD, form(pdf_bytes()))
        DBTaskResult.objects.all().delete()
        file = FilingFile.objects.get()
        FilingFile.objects.update(uploaded_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        status = reverse("finance_file_status", args=[file.pk])
        assert "longer than it should" in text_of(finance.get(status))
        finance.post(reverse("finance_check_again", args=[file.pk]))
        queue()
        file.refresh_from_db()
        assert file.is_accepted

    def test_checking_twice_does_it_once(self, finance, queue):
        finance.post(ADD, form(pdf_bytes()))
        queue()
        assert check_file.call(FilingFile.objects.get().pk) == "gone"

    def test_a_filing_removed_meanwhile_is_not_published(self, finance, client, queue):
        finance.post(ADD, form(pdf_bytes(), **{"action-publish": "on"}))
        filing = Filing.objects.get(title="Sample upload")
        filing.delete()
        queue()
        assert not Filing.objects.get(pk=filing.pk).live

    def test_it_can_be_read_by_staff_before_it_is_published(self, finance, queue):
        finance.post(ADD, form(pdf_bytes()))
        queue()
        response = finance.get(reverse("finance_read_file", args=[FilingFile.objects.get().pk]))
        assert b"".join(response) == pdf_bytes()
        assert "no-store" in response["Cache-Control"]
