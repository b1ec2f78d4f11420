"""Two machines are one site: what is done on the one is true on the other at once.

They share a database, Redis and a bucket, and nothing of each other's disks.
"""

import hashlib
import io
from collections import Counter
from contextlib import ExitStack

import pytest
from django.db import connection
from PIL import Image as PillowImage

from tests.bucket import NAME, s3_client, served_bucket
from tests.cmsc_site.smtp_server import SmtpServer
from tests.factories import pdf_bytes
from tests.faults import several_machines
from tests.faults.machine import killed_at_the_end
from tests.faults.several_machines import (
    SIGN_UPS_PER_NETWORK,
    Visitor,
    copy_of_the_tests_database,
    own_redis,
    two_machines,
    wait_until,
)
from tests.finance.filing_form import filing_values

pytestmark = [pytest.mark.several_machines, pytest.mark.django_db]

MAILS, PAGES = 300, 40
PASSWORD = "a long sample password"
# What is there before the workers run: an editor, pages whose hour has come, mails in the queue.
BEFORE = f"""
from datetime import timedelta
from django.utils import timezone
from post_office.models import Email
from accounts.models import User
from wagtail.models import Page
from pages.models import StandardPage
User.objects.create_superuser(email="editor@example.org", password={PASSWORD!r})
about = Page.objects.get(slug="about")
pages = [StandardPage.objects.get(slug="privacy")]
for number in range({PAGES}):
    pages.append(about.add_child(instance=StandardPage(title=f"Sample {{number}}", live=False)))
for page in pages:
    page.title = f"{{page.title}} of later"
    page.go_live_at = timezone.now() + timedelta(seconds=1)
    page.save_revision().publish()
Email.objects.bulk_create(
    Email(from_email="a@example.org", to=[f"reader{{n}}@example.org"], subject="S", message="M",
          status=2, priority=1)
    for n in range({MAILS})
)
"""


@pytest.fixture(scope="module")
def mail_server():
    with SmtpServer() as server:
        yield server


@pytest.fixture(scope="module")
def endpoint():
    with served_bucket() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def machines(tmp_path_factory, django_db_setup, django_db_blocker, mail_server, endpoint):
    """Two machines with a web server and a worker each, both workers started at once."""
    if connection.vendor != "postgresql":
        pytest.skip("several machines need PostgreSQL: TEST_DATABASE_URL=postgres:///postgres")
    if several_machines.REDIS is None:
        pytest.skip("several machines need Redis or Valkey: apt-get install redis-server")
    folder = tmp_path_factory.mktemp("machines")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        database_url = stack.enter_context(copy_of_the_tests_database())
        processes = stack.enter_context(killed_at_the_end())
        machines = stack.enter_context(
            two_machines(
                folder,
                database_url=database_url,
                redis_url=stack.enter_context(own_redis(folder)),
                endpoint=endpoint,
                mail_port=mail_server.port,
            )
        )
        processes += machines.start_web()
        machines.run(BEFORE)
        processes += machines.start_workers()
        for machine in (machines.first, machines.second):
            machine.wait_until_it_answers()
        # What a worker publishes at its start would hide that its machine hears of nothing else.
        wait_until(lambda: len(publications(machines)) == PAGES + 1, "the pages' hour has come")
        yield machines


def publications(machines) -> list[tuple[int, int]]:
    """Return the pages that were published by schedule, each with how often that was."""
    return machines.rows(
        "SELECT page_id, COUNT(*) FROM wagtailcore_pagelogentry "
        "WHERE action = 'wagtail.publish.scheduled' GROUP BY page_id"
    )


def uploads_on_disks(machines) -> list[str]:
    """Return the folders in which a machine keeps uploads for itself."""
    return [
        folder
        for folder in ("media", "filings", "imports")
        for machine in (machines.first, machines.second)
        if (machine.var / folder).exists()
    ]


@pytest.fixture
def visitor(machines) -> Visitor:
    return Visitor(machines)


@pytest.fixture(scope="module")
def editor(machines) -> Visitor:
    """Someone who signed in on the first machine."""
    editor = Visitor(machines)
    values = {"login": "editor@example.org", "password": PASSWORD}
    answer = editor.post(machines.first, "/account/login/", values)
    assert answer.status_code == 302, answer.text
    return editor


def test_who_signed_in_on_the_one_is_signed_in_on_the_other(machines, visitor, editor):
    assert editor.get(machines.second, "/admin/").status_code == 200
    assert visitor.get(machines.second, "/admin/").status_code == 302


def test_what_is_published_on_the_one_is_on_the_other_at_the_next_request(
    machines, visitor, editor
):
    path = "/about/mission/"
    for machine in (machines.first, machines.second) * 2:  # both have it ready to send
        assert "Sample announcement" not in visitor.get(machine, path).text
    values = {
        "text": "Sample announcement",
        "link_text": "",
        "link_address": "",
        "starts_at": "01/01/2020 10:00",
        "ends_at": "",
    }
    answer = editor.post(machines.first, "/admin/snippets/pages/announcement/add/", values)
    assert answer.status_code == 302, answer.text
    assert "Sample announcement" in visitor.get(machines.second, path).text
    assert "Sample announcement" in visitor.get(machines.first, path).text


def test_a_picture_that_is_uploaded_to_the_one_is_given_out_by_the_other(
    machines, visitor, editor, endpoint
):
    file = io.BytesIO()
    PillowImage.new("RGB", (160, 120), "teal").save(file, "JPEG")
    answer = editor.post(
        machines.first,
        "/admin/images/add/",
        {"title": "Sample picture", "collection": ""},
        files={"file": ("bench.jpg", file.getvalue(), "image/jpeg")},
    )
    assert answer.status_code == 302, answer.text
    question = "SELECT file FROM library_rendition WHERE filter_spec LIKE %s ORDER BY width"
    wait_until(lambda: machines.rows(question, "%avif%"), "the worker made the picture's sizes")
    name = machines.rows(question, "%avif%")[0][0]
    answers = [
        visitor.get(machine, f"/media/{name}") for machine in (machines.second, machines.first)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["Content-Type"] == "image/avif"
    stored = s3_client(endpoint).get_object(Bucket=NAME, Key=f"media/{name}")["Body"].read()
    assert answers[0].content == stored
    assert uploads_on_disks(machines) == []


def test_a_filing_that_is_uploaded_to_the_one_is_given_out_by_the_other(
    machines, visitor, editor, endpoint
):
    values = filing_values(**{"action-publish": "on"})
    answer = editor.post(
        machines.first,
        "/admin/snippets/finance/filing/add/",
        values,
        files={"upload": ("sample.pdf", pdf_bytes(), "application/pdf")},
    )
    assert answer.status_code == 302, answer.text
    question = "SELECT address_year, slug FROM finance_filing WHERE title = %s AND live"
    wait_until(lambda: machines.rows(question, "Sample upload"), "the file was checked")
    ((year, slug),) = machines.rows(question, "Sample upload")
    path = f"/about/financials/{year}/{slug}.pdf"
    for machine in (machines.second, machines.first):
        whole = visitor.get(machine, path)
        assert (whole.status_code, whole.content) == (200, pdf_bytes())
        assert whole.headers["ETag"] == f'"{hashlib.sha256(pdf_bytes()).hexdigest()}"'
        part = visitor.get(machine, path, Range="bytes=5-14")
        assert (part.status_code, part.content) == (206, pdf_bytes()[5:15])
        same = visitor.get(machine, path, **{"If-None-Match": whole.headers["ETag"]})
        assert same.status_code == 304
    assert uploads_on_disks(machines) == []


def test_both_count_sign_ups_of_a_network_together(machines, visitor):
    def sign_up(machine, number: int) -> int:
        values = {"email": f"ana{number}@example.org", "name": "", "homepage": "", "page": "/"}
        answer = visitor.post(machine, "/newsletter/subscribe/", values, form="/")
        return answer.status_code

    for number in range(SIGN_UPS_PER_NETWORK):
        machine = (machines.first, machines.second)[number % 2]
        assert sign_up(machine, number) == 303
    assert machines.rows("SELECT COUNT(*) FROM newsletter_heldsignup") == [(0,)]
    sign_up(machines.first, 100)
    sign_up(machines.second, 101)
    assert machines.rows("SELECT COUNT(*) FROM newsletter_heldsignup") == [(2,)]


def test_what_is_scheduled_is_published_once_and_seen_on_both(machines, visitor):
    assert {times for _page, times in publications(machines)} == {1}
    for machine in (machines.first, machines.second):
        assert "Privacy of later" in visitor.get(machine, "/privacy/").text
        assert visitor.get(machine, "/about/sample-7/").status_code == 200


def test_no_mail_is_sent_twice_by_two_workers(machines, mail_server):
    wanted = {f"reader{number}@example.org" for number in range(MAILS)}
    wait_until(lambda: wanted <= set(mail_server.recipients), "all mails were sent")
    counts = Counter(mail_server.recipients)
    assert {address for address in counts if counts[address] > 1} == set()
    for machine in (machines.first, machines.second):  # both were at work
        assert (machine.var / "worker-alive").exists()
