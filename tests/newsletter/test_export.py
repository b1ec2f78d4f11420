"""Files of the list: what is in them, who may take them, and what is noted of it."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from newsletter.export import rows
from newsletter.models import Subscriber, SubscriberExport
from newsletter.models.subscriber import State
from pages.spreadsheets import plain_cell
from tests.factories import SubscriberFactory, TopicFactory
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db

EXPORT = "/admin/newsletter/exports/take/"


def taken(client, form: str = "csv", **values) -> bytes:
    response = client.post(EXPORT, {"file": form, **values})
    return b"".join(response)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[list]:
    sheet = load_workbook(io.BytesIO(content)).active
    return [[cell.value or "" for cell in row] for row in sheet.iter_rows()]


READERS = {"csv": read_csv, "xlsx": read_xlsx}


@pytest.mark.parametrize("form", READERS)
def test_holds_what_a_mailer_needs(newsletter_staff, client, form):
    subscriber = SubscriberFactory(
        address="Rosa@example.org",
        name="Rosa Sämple",
        source="/sample/",
        created_at=datetime(2026, 5, 1, 10, tzinfo=UTC),
        confirmed_at=datetime(2026, 5, 2, 10, tzinfo=UTC),
    )
    subscriber.topics.set([TopicFactory(name="Sample A"), TopicFactory(name="Sample B")])
    head, row = READERS[form](taken(newsletter_staff, form))
    assert head[0] == "Address"
    assert row[:9] == [
        "Rosa@example.org",
        "Rosa Sämple",
        "Subscribed",
        "en",
        "Sample A; Sample B",
        "/sample/",
        "2026-05-01T10:00:00+00:00",
        "2026-05-02T10:00:00+00:00",
        "",
    ]
    for link in row[9:]:
        assert client.get(link).status_code == 200


def test_csv_begins_with_the_mark_that_tells_excel_of_utf8(newsletter_staff):
    SubscriberFactory()
    assert taken(newsletter_staff).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("form", READERS)
def test_holds_whom_the_filters_choose_and_nobody_else(newsletter_staff, form):
    SubscriberFactory(address="wanted@example.org", state=State.PENDING)
    SubscriberFactory(address="wanted-too@example.org")
    SubscriberFactory(address="other@example.com", state=State.PENDING)
    found = READERS[form](taken(newsletter_staff, form, state="pending", q="wanted"))
    assert [row[0] for row in found[1:]] == ["wanted@example.org"]


def test_a_filter_that_makes_no_sense_chooses_nobody(newsletter_staff):
    SubscriberFactory()
    assert len(read_csv(taken(newsletter_staff, state="nonsense"))) == 1


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20a",
        " \uff1d1",
        "\u22121",
    ],
)
def test_runs_as_no_formula_in_a_spreadsheet(newsletter_staff, name, form):
    SubscriberFactory(name=name)
    cell = READERS[form](taken(newsletter_staff, form))[1][1]
    assert cell.startswith("'")


def test_excel_takes_every_cell_for_text(newsletter_staff):
    SubscriberFactory(name="=1+1")
    sheet = load_workbook(io.BytesIO(taken(newsletter_staff, "xlsx"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@given(st.text())
def test_no_text_whatever_begins_a_formula(text):
    cell = plain_cell(text)
    assert not cell.strip().startswith(("=", "+", "-", "@"))
    assert plain_cell("Rosa = me") == "Rosa = me"


def test_is_noted_with_who_took_it_and_without_the_words_of_a_search(newsletter_staff):
    SubscriberFactory(address="secret@example.org", state=State.PENDING, source="/sample/")
    taken(
        newsletter_staff, q="secret@example.org", state="pending", source="/sample/", language="en"
    )
    export = SubscriberExport.objects.get()
    assert export.by is not None
    assert export.who == export.by.email
    assert (export.count, export.format) == (1, "csv")
    assert export.chosen == "State: Not confirmed yet; Language: en; Signed up at; a search"
    text = newsletter_staff.get("/admin/newsletter/exports/").content.decode()
    assert export.who in text
    assert "a search" in text
    assert "secret@example.org" not in text


def test_the_list_offers_a_file_of_what_it_shows(newsletter_staff):
    SubscriberFactory(address="wanted@example.org", state=State.PENDING)
    for path in ("newsletter_subscribers", "newsletter_subscribers_results"):
        text = newsletter_staff.get(f"{reverse(path)}?state=pending&q=wanted").content.decode()
        assert '<input type="hidden" name="state" value="pending">' in text
        assert '<input type="hidden" name="q" value="wanted">' in text


def test_a_link_takes_nothing(newsletter_staff):
    assert newsletter_staff.get(f"{EXPORT}?file=csv").status_code == 405
    assert not SubscriberExport.objects.exists()


def test_a_format_that_nobody_knows_is_asked_about(newsletter_staff):
    response = newsletter_staff.post(EXPORT, {"file": "exe"}, follow=True)
    assert "choose CSV or Excel" in response.content.decode()
    assert not SubscriberExport.objects.exists()


def test_who_looks_after_the_list_may_take_it_out_only_with_that_permission():
    staff = member("Newsletter")
    group = staff.groups.get()
    group.permissions.remove(group.permissions.get(codename="export_subscriber"))
    SubscriberFactory(address="kept@example.org")
    client = signed_in(staff)
    assert "Take" not in client.get("/admin/newsletter/subscribers/").content.decode()
    response = client.post(EXPORT, {"file": "csv"})
    assert response.status_code == 302
    assert not SubscriberExport.objects.exists()


def test_asks_once_for_the_topics_of_many(count_queries):
    topic = TopicFactory()
    for _number in range(30):
        SubscriberFactory().topics.add(topic)
    everyone = Subscriber.objects.all()
    assert count_queries(lambda: list(rows(everyone))) == 2


@pytest.mark.parametrize("form", READERS)
def test_no_cache_keeps_it(newsletter_staff, form):
    response = newsletter_staff.post(EXPORT, {"file": form})
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].endswith(f'.{form}"')
    b"".join(response)
