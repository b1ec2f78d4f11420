"""Staff see how many mails wait, which wait for too long, and what came of the others."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from post_office.mail import send as queue_mail
from post_office.models import STATUS, Email

from pages.mail_state import QueueState, queue_state, stuck_mails

pytestmark = pytest.mark.django_db
NOW = datetime(2031, 3, 5, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    """Let it be noon."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def mail(*, minutes_ago: float = 0, status: int = STATUS.queued, **fields: object) -> Email:
    """Return a mail that was queued then and is as told."""
    queued = queue_mail("ana@example.org", "cmsc@example.org", subject="Hello", message="Hello")
    at = NOW - timedelta(minutes=minutes_ago)
    Email.objects.filter(pk=queued.pk).update(created=at, last_updated=at, status=status, **fields)
    queued.refresh_from_db()
    return queued


def test_with_no_mail_there_is_nothing_to_tell():
    assert queue_state() == QueueState(
        waiting=0, stuck=0, failed=0, oldest_waiting=None, last_success=None
    )


def test_a_mail_is_stuck_once_it_has_waited_for_more_than_a_quarter_of_an_hour(clock):
    waiting = mail(minutes_ago=15)
    assert not stuck_mails().exists()
    clock.shift(1)
    assert list(stuck_mails()) == [waiting]
    assert queue_state().stuck == 1


def test_a_mail_that_is_tried_again_is_stuck_as_much_as_one_that_was_never_tried():
    mail(minutes_ago=20, status=STATUS.requeued, scheduled_time=NOW + timedelta(hours=4))
    assert stuck_mails().count() == queue_state().stuck == 1


@pytest.mark.parametrize("status", [STATUS.sent, STATUS.failed])
def test_a_mail_that_is_done_with_is_not_stuck(status):
    mail(minutes_ago=20, status=status)
    assert not stuck_mails().exists()
    assert queue_state().stuck == queue_state().waiting == 0


def test_all_is_counted_and_the_oldest_and_the_latest_are_named():
    oldest = mail(minutes_ago=40, status=STATUS.requeued)
    mail(minutes_ago=5)
    mail(minutes_ago=90, status=STATUS.sent)
    latest = mail(minutes_ago=60, status=STATUS.sent)
    mail(minutes_ago=10, status=STATUS.failed)
    assert queue_state() == QueueState(
        waiting=2,
        stuck=1,
        failed=1,
        oldest_waiting=oldest.created,
        last_success=latest.last_updated,
    )


def test_what_failed_long_ago_is_told_no_more():
    mail(minutes_ago=60 * 24 * 31, status=STATUS.failed)
    assert queue_state().failed == 0


def test_the_state_of_a_thousand_mails_is_one_query_as_is_that_of_none(count_queries):
    assert count_queries(queue_state) == 1
    Email.objects.bulk_create(
        Email(from_email="cmsc@example.org", to=["ana@example.org"], status=STATUS.queued)
        for _ in range(1000)
    )
    assert count_queries(queue_state) == 1
    assert queue_state().waiting == 1000
