"""Staff bring a list in step by step, see what would become of it, and are told what did."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from newsletter.importing import continue_import
from newsletter.models import (
    ImportedRow,
    Subscriber,
    SubscriberImport,
    Suppression,
    suppress,
)
from pages.transfers import forms as import_forms
from tests.factories import SubscriberFactory, TopicFactory, UserFactory
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db
State, Outcome = SubscriberImport.State, ImportedRow.Outcome
IMPORT = "/admin/newsletter/imports/"
LIST = (
    "Member,Email,First name\n"
    "1,new@example.org,Ana\n"
    "2,known@example.org,Ben\n"
    "3,never@example.org,Eva\n"
    "4,nobody,Nil\n"
)
COLUMNS = {"has_heads": "on", "address": "1", "name": "2", "surname": "", "language": ""}
TERMS = {"consent_source": "Sample fair, May 2026", "language": "en"}


def text_of(response) -> str:
    """Return what a person reads on the page."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return html.unescape(re.sub(r"\s+", " ", text))


def upload(browser: Client, content: bytes | str = LIST, name: str = "list.csv"):
    """Send a file with the first form."""
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return browser.post(IMPORT, {"list": file})


def started(browser: Client, content: str = LIST, **terms) -> SubscriberImport:
    """Go all three steps."""
    columns = upload(browser, content).url
    terms_page = browser.post(columns, COLUMNS).url
    browser.post(terms_page, {**TERMS, **terms})
    return SubscriberImport.objects.latest("pk")


def ended(browser: Client, committed, content: str = LIST, **terms) -> SubscriberImport:
    """Go all steps, and let the worker do its part."""
    one = started(browser, content, **terms)
    with committed():
        while continue_import():
            pass
    one.refresh_from_db()
    return one


@pytest.fixture
def known_and_never():
    """One who has left, and one who is never to be written to again."""
    SubscriberFactory(address="known@example.org", state="unsubscribed")
    suppress("never@example.org", Suppression.Reason.ERASED)


# --- The way through -----------------------------------------------------------------------------


def test_at_first_it_asks_for_a_list_and_complains_of_nothing(newsletter_staff):
    response = newsletter_staff.get("/admin/newsletter/imports/")
    assert response.status_code == 200
    assert "This field is required" not in response.content.decode()


def test_a_list_is_brought_in_by_file_columns_and_consent(
    newsletter_staff, known_and_never, committed
):
    topic = TopicFactory()
    one = ended(newsletter_staff, committed, topics=[topic.pk])
    assert (one.state, one.added, one.asks_to_confirm) == (State.DONE, 1, False)
    assert one.by is not None
    ana = Subscriber.objects.get(key="new@example.org")
    assert (ana.name, list(ana.topics.all())) == ("Ana", [topic])
    assert ana.events.get().note == "Sample fair, May 2026"
    assert Subscriber.objects.get(key="known@example.org").state == "unsubscribed"


def test_the_columns_are_proposed_and_what_would_become_of_the_first_rows_is_shown(
    newsletter_staff, known_and_never
):
    response = newsletter_staff.get(upload(newsletter_staff).url)
    form = response.context["form"]
    assert form.initial == {
        "has_heads": True,
        "address": 1,
        "name": 2,
        "surname": None,
        "language": None,
    }
    text = text_of(response)
    for words in (
        "2 would be added 1 new@example.org Ana",
        "3 Known already: nothing was changed 2 known@example.org",
        "4 Never to be written to again: skipped 3 never@example.org",
        "5 not an address: An address has an @ in it, as in name@example.org. 4 nobody",
    ):
        assert words in text
    assert not Subscriber.objects.filter(key="new@example.org").exists()


def test_other_columns_can_be_tried_before_going_on(newsletter_staff):
    address = upload(newsletter_staff).url
    other = {**COLUMNS, "address": "0", "name": "1"}
    response = newsletter_staff.post(address, {**other, "look": "yes"})
    assert response.status_code == 200
    assert "would be added" not in text_of(response)
    assert response.context["form"]["address"].value() == "0"
    assert "columns" not in SubscriberImport.objects.get().reading


def test_back_at_the_columns_stands_what_was_chosen(newsletter_staff):
    address = upload(newsletter_staff).url
    newsletter_staff.post(address, {**COLUMNS, "name": "0"})
    form = newsletter_staff.get(address).context["form"]
    assert (form["name"].value(), form["has_heads"].value()) == (0, True)


def test_each_person_is_asked_by_mail_where_that_is_ticked(newsletter_staff, committed):
    ended(newsletter_staff, committed, asks_to_confirm="on")
    new = Subscriber.objects.get(key="new@example.org")
    assert (new.state, new.mails.count()) == ("pending", 1)


def test_while_it_runs_the_page_says_how_far_it_is(newsletter_staff):
    one = started(newsletter_staff)
    response = newsletter_staff.get(reverse("newsletter_import_report", args=[one.pk]))
    assert '<progress class="import__bar" value="0" max="4" aria-label="Rows read">' in (
        response.content.decode()
    )
    text = text_of(response)
    assert "Running" in text
    assert "0 of 4 rows" in text
    assert "Look again" in text
    fragment = newsletter_staff.get(reverse("newsletter_import_progress", args=[one.pk]))
    assert "data-running" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


def test_the_report_counts_and_names_each_row_and_never_an_address(
    newsletter_staff, known_and_never, committed
):
    one = ended(newsletter_staff, committed, LIST + "5,NEW@example.org,Ana\n")
    response = newsletter_staff.get(reverse("newsletter_import_report", args=[one.pk]))
    text = text_of(response)
    assert "5 of 5 rows" in text
    for words in (
        "Added 1",
        "Known already 1",
        "Twice in the file 1",
        "Never to be written to again 1",
        "Not an address 1",
        "3 Known already: nothing was changed",
        "5 Not an address An address has an @ in it",
        "6 Twice in the file",
        "Sample fair, May 2026",
    ):
        assert words in text
    for address in ("new@", "known@", "never@", "nobody"):
        assert address not in text.lower()
    assert "data-running" not in response.content.decode()


def test_the_report_can_be_downloaded_whole(newsletter_staff, known_and_never, committed):
    one = ended(newsletter_staff, committed)
    response = newsletter_staff.get(reverse("newsletter_import_rows", args=[one.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="import-{one.pk}.csv"'
    assert response.getvalue().decode("utf-8-sig").splitlines() == [
        "Row,What became of it,Why",
        "3,Known already: nothing was changed,",
        "4,Never to be written to again: skipped,",
        '5,Not an address,"An address has an @ in it, as in name@example.org."',
    ]


def test_the_row_that_names_the_columns_is_never_counted(newsletter_staff):
    address = upload(newsletter_staff).url
    assert SubscriberImport.objects.get().rows_total == 4
    newsletter_staff.post(address, COLUMNS)
    assert SubscriberImport.objects.get().rows_total == 4


def test_a_list_without_a_row_of_names_is_counted_whole(newsletter_staff):
    upload(newsletter_staff, "new@example.org,Ana\nother@example.org,Ben\n")
    assert SubscriberImport.objects.get().rows_total == 2


def test_canceling_asks_first(newsletter_staff):
    columns = upload(newsletter_staff).url
    one = SubscriberImport.objects.get()
    address = reverse("newsletter_import_cancel", args=[one.pk])
    terms = newsletter_staff.post(columns, COLUMNS).url
    report = reverse("newsletter_import_report", args=[one.pk])
    for page in (columns, terms, report):
        assert f'href="{address}"' in newsletter_staff.get(page).content.decode()
    page = text_of(newsletter_staff.get(address))
    assert "Nothing was brought in yet." in page
    assert "Yes, cancel the import" in page
    one.refresh_from_db()
    assert one.state == State.UPLOADED
    assert "The import was canceled." in text_of(newsletter_staff.post(address, follow=True))
    assert newsletter_staff.get(address).url == report


def test_who_cancels_a_running_import_is_told_first_how_far_it_is(newsletter_staff):
    one = started(newsletter_staff)
    page = text_of(newsletter_staff.get(reverse("newsletter_import_cancel", args=[one.pk])))
    assert "0 of 4 rows are read." in page
    assert "what was brought in already stays" in page


def test_columns_that_are_not_read_are_named(newsletter_staff):
    assert "Not read: 1: Member" in text_of(newsletter_staff.get(upload(newsletter_staff).url))


def test_a_running_import_can_be_stopped(newsletter_staff):
    one = started(newsletter_staff)
    address = reverse("newsletter_import_cancel", args=[one.pk])
    text = text_of(newsletter_staff.post(address, follow=True))
    assert "The import was canceled" in text
    assert "had ended already" in text_of(newsletter_staff.post(address, follow=True))
    one.refresh_from_db()
    assert (one.state, continue_import()) == (State.CANCELLED, 0)


def test_former_imports_are_listed_and_the_menu_leads_there(newsletter_staff, committed):
    one = ended(newsletter_staff, committed)
    text = text_of(newsletter_staff.get(IMPORT))
    assert f"Import {one.pk} list.csv" in text
    assert IMPORT in newsletter_staff.get("/admin/").content.decode()


# --- What is wrong with it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04" + b"\x00" * 500, "This is a workbook, not a CSV file."),
        (b"a@b.example\x00", "This is not a text file."),
        (b'a@b.example,"' + b"x" * 15_000_000 + b'"', "Row 1 is longer than a row"),
        (b"a@b.example " * 1_000_000, "Row 1 is longer than a row"),
        (b"a@b.example" + b"," * 9_999, "10,000 columns; at most 100"),
        (b"+AEA-,+AD0-1+1\n", "There is no email address in this file."),
        (b"\xff\xfe\x00", "The letters in this file cannot be read."),
        (b'a@b.example,"x"y"\n', "its quotation marks do not come in pairs."),
        (b"", "The submitted file is empty."),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_an_attackers_file_gets_a_sentence_and_is_not_kept(newsletter_staff, content, sentence):
    response = upload(newsletter_staff, content)
    assert response.status_code == 400
    assert sentence in text_of(response)
    assert not SubscriberImport.objects.exists()


def test_a_file_that_is_too_large_gets_a_sentence(newsletter_staff, monkeypatch):
    monkeypatch.setattr(import_forms, "MOST_BYTES", 20)
    response = upload(newsletter_staff)
    assert response.status_code == 400
    assert "at most 20 bytes can be read" in text_of(response)


def test_without_a_file_one_is_asked_for(newsletter_staff):
    response = newsletter_staff.post(IMPORT)
    assert response.status_code == 400
    assert "This field is required." in text_of(response)


@pytest.mark.parametrize(
    "name",
    ["../../../etc/cron.d/evil", "..\\..\\evil.exe", "<script>.csv", "x" * 300, "\u202evsc."],
)
def test_the_name_of_a_file_is_shown_and_used_for_nothing_else(newsletter_staff, name):
    response = newsletter_staff.get(upload(newsletter_staff, name=name).url)
    one = SubscriberImport.objects.get()
    assert re.fullmatch(r"\d{4}/\d{2}/[0-9a-f]{32}\.csv", one.file.name)
    assert len(one.original_name) <= 200
    assert not {"/", "\\", "\u202e"} & set(one.original_name)
    assert "<script>.csv" not in response.content.decode()


def test_what_a_list_holds_is_shown_and_never_run(newsletter_staff):
    evil = "<script>alert(1)</script>,=HYPERLINK(1)\na@b.example,x\n"
    page_of_columns = newsletter_staff.get(upload(newsletter_staff, evil).url).content.decode()
    assert "<script>alert" not in page_of_columns
    assert "&lt;script&gt;alert" in page_of_columns


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "1"}, "This column is chosen above already."),
        ({"address": ""}, "This field is required."),
        ({"address": "7"}, "Select a valid choice."),
        ({"surname": "../x"}, "Select a valid choice."),
    ],
)
def test_wrong_columns_are_told_and_what_was_chosen_stays(newsletter_staff, changes, sentence):
    address = upload(newsletter_staff).url
    response = newsletter_staff.post(address, {**COLUMNS, **changes, "language": "0"})
    assert response.status_code == 400
    assert sentence in text_of(response)
    assert response.context["form"]["language"].value() == "0"
    assert "columns" not in SubscriberImport.objects.get().reading


def test_heads_without_rows_are_no_list(newsletter_staff):
    address = upload(newsletter_staff, "a@b.example,x\n").url
    response = newsletter_staff.post(address, {"has_heads": "on", "address": "0"})
    assert response.status_code == 400
    assert "There is no other row in this file." in text_of(response)


def test_without_consent_nothing_runs_and_what_was_chosen_stays(newsletter_staff):
    topic = TopicFactory()
    terms = newsletter_staff.post(upload(newsletter_staff).url, COLUMNS).url
    chosen = {"language": "en", "topics": [topic.pk], "asks_to_confirm": "on"}
    response = newsletter_staff.post(terms, {**chosen, "consent_source": "  "})
    assert response.status_code == 400
    assert "This field is required." in text_of(response)
    form = response.context["form"]
    assert (form["topics"].value(), form["asks_to_confirm"].value()) == ([str(topic.pk)], True)
    assert SubscriberImport.objects.get().state == State.UPLOADED


def test_the_steps_are_taken_in_their_order_and_once(newsletter_staff, committed):
    columns = upload(newsletter_staff).url
    terms = columns.replace("columns", "terms")
    assert newsletter_staff.post(terms, TERMS).url == columns
    one = ended(newsletter_staff, committed)
    report = reverse("newsletter_import_report", args=[one.pk])
    for step in ("columns", "terms"):
        again = newsletter_staff.post(f"{report}{step}/", {**COLUMNS, **TERMS})
        assert again.url == report
    assert continue_import() == 0
    assert SubscriberImport.objects.get(pk=one.pk).state == State.DONE


# --- Who may -------------------------------------------------------------------------------------

STEPS = ["", "1/", "1/columns/", "1/terms/", "1/cancel/", "1/progress/", "1/rows.csv"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("group", ["Editors", "Finance"])
def test_staff_of_other_parts_are_kept_out(group, step):
    assert signed_in(member(group)).get(f"{IMPORT}{step}").status_code == 302


@pytest.mark.parametrize("step", STEPS)
def test_without_signing_in_nothing_is_told(client, step):
    assert "/login/" in client.get(f"{IMPORT}{step}").url


def test_who_may_only_look_at_subscribers_imports_nobody():
    from django.contrib.auth.models import Permission

    user = UserFactory()
    codenames = ["access_admin", "view_subscriber"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    browser = signed_in(user)
    for step in STEPS:
        response = browser.get(f"{IMPORT}{step}", follow=True)
        assert "you do not have permission" in text_of(response)


def test_who_may_only_look_at_imports_reads_the_report_and_decides_nothing(newsletter_staff):
    from django.contrib.auth.models import Permission

    user = UserFactory()
    codenames = ["access_admin", "view_subscriber", "view_subscriberimport"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    browser, one = signed_in(user), started(newsletter_staff)
    report = f"{IMPORT}{one.pk}/"
    text = text_of(browser.get(report))
    assert "0 of 4 rows" in text
    assert "Cancel this import" not in text
    for step in ("columns/", "terms/", "cancel/"):
        browser.post(f"{report}{step}", {**COLUMNS, **TERMS})
    one.refresh_from_db()
    assert one.state == State.RUNNING


def test_looking_changes_nothing(newsletter_staff):
    one = started(newsletter_staff)
    before = SubscriberImport.objects.filter(pk=one.pk).values().get()
    for step in ("", "columns/", "terms/", "cancel/", "progress/", "rows.csv"):
        newsletter_staff.get(f"{IMPORT}{one.pk}/{step}")
        newsletter_staff.head(f"{IMPORT}{one.pk}/{step}")
    assert SubscriberImport.objects.filter(pk=one.pk).values().get() == before


def test_an_import_that_is_not_there_is_not_found(newsletter_staff):
    for step in ("", "columns/", "terms/", "cancel/", "progress/", "rows.csv"):
        assert newsletter_staff.get(f"{IMPORT}999/{step}").status_code == 404


def test_the_questions_to_the_database_do_not_grow_with_what_is_listed(
    newsletter_staff, committed, count_queries
):
    def pages() -> int:
        return count_queries(
            lambda: [newsletter_staff.get(IMPORT), newsletter_staff.get(f"{IMPORT}{one.pk}/")]
        )

    one = ended(newsletter_staff, committed)
    pages()
    few = pages()
    for number in range(10):
        by = UserFactory()
        SubscriberImport.objects.create(original_name="another.csv", by=by, rows_total=1)
        one.rows.create(number=number + 10, outcome=Outcome.REFUSED, reason="Sample")
    assert pages() == few
