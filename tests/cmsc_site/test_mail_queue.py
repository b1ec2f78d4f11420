"""Queued mails go out once each, whatever the mail server does and whenever the worker dies."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.transaction import atomic
from django.utils import timezone
from post_office.mail import get_queued
from post_office.mail import send as queue
from post_office.models import STATUS, Email, Log

from cmsc_site import mail_queue
from cmsc_site.mail_queue import send_mails
from tests.cmsc_site.smtp_server import Mode, SmtpServer

SENDER = "cmsc@example.org"


@pytest.fixture
def absent_server(settings, monkeypatch):
    """The mail server that the site is told of, which does not listen yet."""
    server = SmtpServer()
    settings.POST_OFFICE = {
        **settings.POST_OFFICE,
        "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
    }
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    monkeypatch.setattr(mail_queue, "outage", mail_queue.Outage())
    yield server
    server.stop()


@pytest.fixture
def server(absent_server):
    """The same, and it listens."""
    absent_server.start()
    return absent_server


class Clock:
    """Moves the time of day and the time by which the queue waits."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds

    def shift(self, period: timedelta) -> None:
        self.traveller.shift(period)
        self.seconds += period.total_seconds()


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved on."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        clock = Clock(traveller)
        monkeypatch.setattr(mail_queue, "time", clock)
        yield clock


def queue_for(*names: str, **more) -> list[Email]:
    return [
        queue(f"{name}@example.org", SENDER, subject="Welcome", message="Hello", **more)
        for name in names
    ]


def states() -> dict[str, int]:
    return {mail.to[0].partition("@")[0]: mail.status for mail in Email.objects.order_by("pk")}


def names(server: SmtpServer) -> list[str]:
    return [recipient.partition("@")[0] for recipient in server.recipients]


# --- While all is well -------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_queued_mail_arrives_once_and_whole(server):
    queue_for("reader", html_message="<p>Hello</p>", headers={"List-Id": "<news.example.org>"})
    assert send_mails() == 1
    assert send_mails() == 0
    [mail] = server.received
    assert mail.recipients == ["reader@example.org"]
    assert (mail.message["Subject"], mail.message["From"]) == ("Welcome", SENDER)
    assert mail.message["List-Id"] == "<news.example.org>"
    assert mail.message.get_body(("plain",)).get_content().strip() == "Hello"
    assert mail.message.get_body(("html",)).get_content().strip() == "<p>Hello</p>"
    assert states() == {"reader": STATUS.sent}


@pytest.mark.django_db
def test_all_that_wait_go_over_one_connection_the_urgent_ones_first(server):
    queue_for("one", "two")
    queue_for("urgent", priority="high")
    assert send_mails() == 3
    assert names(server) == ["urgent", "one", "two"]
    assert server.connections == 1


@pytest.mark.django_db
def test_a_long_queue_leaves_the_other_jobs_their_turn(server, monkeypatch):
    monkeypatch.setattr(mail_queue, "TURN", -1)
    queue_for("one")
    assert send_mails() == 0
    assert states() == {"one": STATUS.queued}


@pytest.mark.django_db
def test_a_mail_for_another_day_waits_for_it(server, clock):
    queue_for("patient", scheduled_time=timezone.now() + timedelta(days=1))
    assert send_mails() == 0
    clock.shift(timedelta(days=1, seconds=1))
    assert send_mails() == 1


# --- The server is away ------------------------------------------------------------------------


@pytest.mark.django_db
def test_while_the_server_is_away_nothing_is_lost_and_no_mail_is_blamed(
    absent_server, clock, caplog
):
    queue_for("one", "two")
    for _ in range(12):
        assert send_mails() == 0
        clock.shift(timedelta(hours=12))
    assert states() == {"one": STATUS.queued, "two": STATUS.queued}
    assert not Email.objects.filter(number_of_retries__gt=0).exists()
    absent_server.start()
    assert send_mails() == 2
    assert names(absent_server) == ["one", "two"]
    assert [record.message for record in caplog.records if record.name == "cmsc_site.mail"] == [
        "mail server away",
        "mail server back",
    ]


@pytest.mark.django_db
def test_a_server_that_is_away_is_asked_more_and_more_rarely_but_once_a_minute(
    absent_server, clock
):
    queue_for("one")
    asked_after = []
    for second in range(200):
        before = mail_queue.outage.tries
        send_mails()
        if mail_queue.outage.tries > before:
            asked_after.append(second)
        clock.shift(timedelta(seconds=1))
    gaps = [later - earlier for earlier, later in pairwise(asked_after)]
    assert gaps == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [Mode.SENDER_NEVER, Mode.CLOSING])
def test_a_server_that_takes_nobodys_mail_is_waited_for(server, clock, mode):
    queue_for("one", "two", "three")
    server.mode = mode
    for _ in range(30):
        send_mails()
        clock.shift(timedelta(seconds=30))
    assert STATUS.failed not in states().values()
    server.mode = Mode.ACCEPT
    for _ in range(2):
        clock.shift(mail_queue.LONGEST_WAIT)
        send_mails()
    assert sorted(names(server)) == ["one", "three", "two"], "within two minutes"


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [Mode.SENDER_NEVER, Mode.CLOSING, Mode.DROP])
def test_a_server_that_answers_and_takes_no_mail_for_days_loses_none(server, clock, mode):
    queue_for("one", "two")
    server.mode = mode
    for _ in range(24 * 8):
        send_mails()
        clock.shift(timedelta(hours=1))
    assert states() == {"one": STATUS.requeued, "two": STATUS.requeued}
    server.modes = {"one@example.org": Mode.RECIPIENT_LATER}
    server.mode = Mode.ACCEPT
    assert send_mails() == 2
    server.modes = {}
    clock.shift(mail_queue.PAUSES[1])
    assert send_mails() == 1, "the days in which nothing was taken do not make its pause longer"
    assert sorted(names(server)) == ["one", "two"]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [Mode.DROP, Mode.HANG])
def test_a_mail_at_which_the_connection_breaks_lets_the_others_go_first(
    server, clock, mode, settings
):
    settings.EMAIL_TIMEOUT = 0.3
    queue_for("bad", "one", "two")
    server.modes = {"bad@example.org": mode}
    assert send_mails() == 1
    settings.EMAIL_TIMEOUT = 5
    clock.shift(timedelta(seconds=1))
    assert send_mails() == 2
    assert names(server) == ["one", "two"]
    server.modes = {}
    assert send_mails() == 0, "it is not tried again at once"
    clock.shift(mail_queue.PAUSES[0])
    assert send_mails() == 1
    assert names(server) == ["one", "two", "bad"]


# --- The server refuses a mail -----------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [Mode.RECIPIENT_LATER, Mode.DATA_LATER])
def test_a_mail_refused_for_now_is_tried_again_while_the_others_go_on(server, clock, mode):
    queue_for("busy", "free")
    server.modes = {"busy@example.org": mode}
    assert send_mails() == 2
    assert states() == {"busy": STATUS.requeued, "free": STATUS.sent}
    server.modes = {}
    assert send_mails() == 0
    clock.shift(mail_queue.PAUSES[0])
    assert send_mails() == 1
    assert names(server) == ["free", "busy"]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [Mode.RECIPIENT_NEVER, Mode.DATA_NEVER])
def test_a_mail_refused_for_good_is_not_tried_again_and_nobody_is_named(
    server, clock, mode, caplog
):
    queue_for("gone", "free")
    server.modes = {"gone@example.org": mode}
    send_mails()
    clock.shift(timedelta(days=1))
    assert send_mails() == 0
    assert states() == {"gone": STATUS.failed, "free": STATUS.sent}
    log = Log.objects.get()
    assert str(mode.value[:3]) in log.message
    assert "gone" not in log.message
    assert "gone" not in caplog.text
    assert "mail given up" in caplog.text


@pytest.mark.django_db
def test_after_three_days_of_refusals_a_mail_is_given_up(server, clock, caplog):
    queue_for("busy")
    server.mode = Mode.RECIPIENT_LATER
    tries, began = 0, timezone.now()
    while states()["busy"] != STATUS.failed:
        assert timezone.now() - began < timedelta(days=4)
        tries += send_mails()
        clock.shift(timedelta(minutes=30))
    assert timezone.now() - began > timedelta(days=3)
    assert 15 < tries < 40
    assert caplog.text.count("mail given up") == 1
    assert Log.objects.count() == 1


@pytest.mark.django_db
def test_a_mail_that_waited_out_a_long_absence_is_not_given_up_at_its_first_refusal(server, clock):
    queue_for("busy")
    clock.shift(timedelta(days=5))
    server.mode = Mode.RECIPIENT_LATER
    assert send_mails() == 1
    assert states() == {"busy": STATUS.requeued}


@pytest.mark.django_db
def test_a_mail_that_cannot_be_built_does_not_keep_the_others(server, caplog):
    [broken, _whole] = queue_for("broken", "whole")
    Email.objects.filter(pk=broken.pk).update(subject="two\nlines")
    assert send_mails() == 2
    assert states() == {"broken": STATUS.failed, "whole": STATUS.sent}


# --- The site's own faults ---------------------------------------------------------------------


@pytest.mark.django_db
def test_nothing_is_sent_where_it_could_not_be_written_that_it_was(server):
    def full_disk(execute, sql, *rest):
        if sql.startswith("UPDATE"):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    queue_for("one")
    with connection.execute_wrapper(full_disk), pytest.raises(OperationalError), atomic():
        send_mails()
    assert server.received == []
    assert send_mails() == 1


@pytest.mark.django_db
def test_a_mail_erased_since_it_was_looked_up_is_not_sent(server, monkeypatch):
    [erased, _kept] = queue_for("erased", "kept")
    looked_up = list(get_queued())
    erased.delete()
    monkeypatch.setattr(mail_queue, "get_queued", lambda: looked_up)
    assert send_mails() == 1
    assert names(server) == ["kept"]


@pytest.mark.django_db
def test_a_mail_that_another_worker_has_taken_is_left_to_it(server, monkeypatch):
    queue_for("one")
    looked_up = list(get_queued())
    monkeypatch.setattr(mail_queue, "get_queued", lambda: looked_up)
    assert send_mails() == 1
    assert send_mails() == 0
    assert names(server) == ["one"]
