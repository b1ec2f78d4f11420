"""The worker does each job in its turn, whatever becomes of the others, and ends when asked."""

import signal
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus, default_task_backend, task
from django_tasks_db.models import DBTaskResult
from post_office.mail import send as queue_mail
from post_office.models import Email
from wagtail.models import Page

from cmsc_site import worker
from cmsc_site.worker import Job, Stop, every, next_midnight, run, run_due_jobs, site_jobs
from pages.generation import current_generation

NOW = datetime(2031, 3, 5, 12, 0, tzinfo=UTC)
done_with = []


@task()
def note(word: str) -> str:
    """Remember the word."""
    done_with.append(word)
    return word


@task()
def stumble() -> None:
    """Fail, as a task may."""
    raise ValueError("on purpose")


@pytest.fixture
def queue(settings):
    """Queue tasks in the database, as the site does, rather than run them at once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    done_with.clear()


@pytest.fixture
def mail_arrives(settings):
    """Let the queue's mail arrive in `mail.outbox`."""
    settings.POST_OFFICE = {
        **settings.POST_OFFICE,
        "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"},
    }
    return mail.outbox


def job(name: str, *, period: int = 60, does=lambda: 0) -> Job:
    return Job(name, does, every(timedelta(seconds=period)))


def fail() -> int:
    raise RuntimeError("on purpose")


# --- Whose turn it is --------------------------------------------------------------------------


def test_a_job_is_done_at_once_and_again_when_it_is_due():
    calls = []
    jobs, due = [job("one", does=lambda: calls.append("one") or 0)], {}
    with time_machine.travel(NOW, tick=False) as clock:
        run_due_jobs(jobs, due, Stop())
        run_due_jobs(jobs, due, Stop())
        assert calls == ["one"]
        clock.shift(60)
        run_due_jobs(jobs, due, Stop())
    assert calls == ["one", "one"]


def test_a_job_that_found_work_is_asked_again_at_once():
    left = [1, 1, 0]
    jobs, due = [job("queue", does=lambda: left.pop(0))], {}
    with time_machine.travel(NOW, tick=False):
        while run_due_jobs(jobs, due, Stop()):
            pass
    assert left == []


@pytest.mark.django_db
def test_a_failing_job_is_logged_and_does_not_keep_the_others_from_their_turn(caplog):
    calls = []
    jobs = [job("broken", does=fail), job("whole", does=lambda: calls.append("whole") or 0)]
    run_due_jobs(jobs, {}, Stop())
    assert calls == ["whole"]
    assert [(r.message, r.job) for r in caplog.records] == [("job failed", "broken")]


@pytest.mark.django_db
def test_a_failing_job_is_not_tried_again_in_the_next_second(caplog):
    jobs, due = [job("broken", period=1, does=fail)], {}
    with time_machine.travel(NOW, tick=False) as clock:
        run_due_jobs(jobs, due, Stop())
        clock.shift(9)
        run_due_jobs(jobs, due, Stop())
        assert len(caplog.records) == 1
        clock.shift(1)
        run_due_jobs(jobs, due, Stop())
    assert len(caplog.records) == 2


def test_asked_to_stop_the_job_in_hand_is_finished_and_no_other_begun():
    stop, calls = Stop(), []

    def first() -> int:
        stop.ask()
        calls.append("first")
        return 1

    run([job("first", does=first), job("second", does=lambda: calls.append("second") or 0)], stop)
    assert calls == ["first"]


def test_asked_to_stop_while_idle_the_worker_does_not_wait_to_the_end():
    stop = Stop()
    stop.ask()
    began = timezone.now()
    stop.wait(timedelta(minutes=5))
    assert timezone.now() - began < timedelta(minutes=1)


def test_a_day_begins_at_midnight_in_the_sites_own_zone(settings):
    settings.TIME_ZONE = "America/New_York"
    evening = datetime(2031, 3, 8, 4, 59, tzinfo=UTC)
    assert next_midnight(evening).astimezone(UTC) == datetime(2031, 3, 8, 5, 0, tzinfo=UTC)
    # The clocks go forward in the night of the ninth: that day has 23 hours.
    assert next_midnight(next_midnight(evening)).astimezone(UTC) == datetime(
        2031, 3, 9, 5, 0, tzinfo=UTC
    )
    assert next_midnight(next_midnight(next_midnight(evening))).astimezone(UTC) == datetime(
        2031, 3, 10, 4, 0, tzinfo=UTC
    )


# --- What it does ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_queued_tasks_are_run_in_order(queue):
    for word in ["first", "second"]:
        note.enqueue(word)
    assert done_with == []
    assert [worker.run_next_task("w") for _ in range(3)] == [1, 1, 0]
    assert done_with == ["first", "second"]
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {
        TaskResultStatus.SUCCESSFUL
    }


@pytest.mark.django_db
def test_a_task_that_fails_is_kept_with_its_reason_and_the_next_one_runs(queue):
    failed = stumble.enqueue()
    note.enqueue("after")
    assert [worker.run_next_task("w") for _ in range(2)] == [1, 1]
    assert done_with == ["after"]
    result = default_task_backend.get_result(failed.id)
    assert result.status == TaskResultStatus.FAILED
    assert "on purpose" in result.errors[0].traceback


@pytest.mark.django_db
def test_the_task_of_a_killed_worker_is_taken_up_again_but_not_for_ever(queue):
    note.enqueue("lost")
    lost = DBTaskResult.objects.get()
    for attempt in ["one", "two"]:
        lost.claim(attempt)
        DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=2))
        assert worker.retake_abandoned_tasks() == 1
        lost.refresh_from_db()
        assert lost.status == TaskResultStatus.READY
    lost.claim("three")
    assert worker.retake_abandoned_tasks() == 0, "it may still be at work"
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=2))
    worker.retake_abandoned_tasks()
    lost.refresh_from_db()
    assert lost.status == TaskResultStatus.FAILED


@pytest.mark.django_db
def test_a_page_goes_live_when_it_is_due(client):
    page = Page.objects.get(slug="privacy").specific
    page.unpublish()
    revision = page.save_revision(approved_go_live_at=NOW)
    with time_machine.travel(NOW - timedelta(minutes=1), tick=False):
        worker.publish_what_is_scheduled()
        page.refresh_from_db()
        assert not page.live
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        worker.publish_what_is_scheduled()
        page.refresh_from_db()
    assert page.live
    assert page.live_revision == revision


@pytest.mark.django_db
def test_a_page_is_taken_down_when_it_expires():
    page = Page.objects.get(slug="privacy").specific
    page.expire_at = NOW
    page.save_revision().publish()
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        worker.publish_what_is_scheduled()
    page.refresh_from_db()
    assert not page.live
    assert page.expired


@pytest.mark.django_db
def test_a_new_day_has_pages_made_anew(committed):
    before = current_generation()
    with committed():
        worker.begin_a_new_day()
    assert current_generation() != before


@pytest.mark.django_db
def test_old_mails_and_ended_tasks_are_forgotten_and_newer_ones_kept(queue):
    for word in ["old", "new"]:
        queue_mail(f"{word}@example.org", "cmsc@example.org", subject=word, message=word)
        note.enqueue(word)
        worker.run_next_task("w")
    long_ago = timezone.now() - timedelta(days=31)
    Email.objects.filter(subject="old").update(created=long_ago)
    DBTaskResult.objects.filter(args_kwargs__args=["old"]).update(finished_at=long_ago)
    worker.forget_what_is_old()
    assert [email.subject for email in Email.objects.all()] == ["new"]
    assert [result.args_kwargs["args"] for result in DBTaskResult.objects.all()] == [["new"]]


@pytest.mark.django_db
def test_the_worker_leaves_a_sign_of_life(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    worker.leave_a_sign_of_life()
    assert (tmp_path / "var" / "worker-alive").exists()


@pytest.mark.django_db
def test_once_does_all_that_there_is_to_do(queue, mail_arrives):
    for word in ["first", "second"]:
        note.enqueue(word)
    queue_mail("reader@example.org", "cmsc@example.org", subject="Welcome", message="Hello")
    call_command("run_worker", "--once")
    assert done_with == ["first", "second"]
    assert len(mail_arrives) == 1


@pytest.mark.django_db
def test_an_idle_look_asks_the_database_four_times(queue, count_queries):
    due = {}
    with time_machine.travel(NOW, tick=False) as clock:
        jobs = site_jobs("w")
        while run_due_jobs(jobs, due, Stop()):
            pass
        clock.shift(1)
        assert count_queries(lambda: run_due_jobs(jobs, due, Stop())) == 4


def test_a_signal_ends_the_worker_between_two_jobs(db, monkeypatch):
    handlers = {}
    monkeypatch.setattr("signal.signal", handlers.__setitem__)
    asked = Job("ends itself", lambda: handlers[signal.SIGTERM]() or 0, every(timedelta(seconds=1)))
    never = Job("never begun", lambda: pytest.fail("begun after the signal"), asked.next_time)
    monkeypatch.setattr(
        "cmsc_site.management.commands.run_worker.site_jobs", lambda worker_id: [asked, never]
    )
    call_command("run_worker")
    assert set(handlers) == {signal.SIGTERM, signal.SIGINT}
