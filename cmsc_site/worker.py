"""The work that is done apart from the web: tasks, mail, scheduled publishing, tidying up.

One process does it all, one job after the other. A job that fails is logged and tried again a
little later; it does not keep the others from their turn. One process is enough; a second one, on
whatever machine, does nothing twice.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from queue import Empty, SimpleQueue

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction
from post_office.utils import cleanup_expired_mails

from cmsc_site.cdn import Telling
from cmsc_site.mail_queue import send_mails
from cmsc_site.one_at_a_time import alone
from finance.unused_files import delete_unused_files
from newsletter.importing import continue_import
from newsletter.retention import forget_unconfirmed
from pages.generation import start_new_generation
from pages.local_mail import forget_mails_before
from pages.transfers.steps import forget_unfinished_imports
from people.search import reindex_changed_seats
from teachers.importing import continue_import as continue_teacher_import
from teachers.importing import forget_refused_cells
from teachers.listing import forget_expired
from teachers.names import forget_unused_words
from teachers.own_entry import forget_leftovers
from teachers.renewal import remind_teachers

logger = logging.getLogger("cmsc_site.worker")

LOOK_EVERY = timedelta(seconds=1)
AFTER_FAILURE = timedelta(seconds=10)
KEEP_FINISHED = timedelta(days=30)
# A task that runs this long belongs to a worker that was killed.
LONGEST_TASK = timedelta(hours=1)
# Cloudflare takes five such requests a minute of those who do not pay.
TELL_CDN_EVERY = timedelta(seconds=15)
MOST_ATTEMPTS = 3
BACKEND_NAME = "default"


class Stop:
    """Tells the worker to end, from a signal's handler, and wakes it where it waits.

    A queue rather than a threading.Event: its `put` may interrupt its own `get`.
    """

    def __init__(self) -> None:
        self.asked = False
        self._bell: SimpleQueue[None] = SimpleQueue()

    def ask(self, *_signal: object) -> None:
        """Ask the worker to end after the job in hand."""
        self.asked = True
        self._bell.put(None)

    def wait(self, period: timedelta) -> None:
        """Return after `period`, or at once when the worker is asked to end."""
        with suppress(Empty):
            self._bell.get(timeout=period.total_seconds())


@dataclass(frozen=True)
class Job:
    """Something done again and again.

    `work` returns how many things it did: more than none, and it is asked again at once.
    `next_time` returns when it is due again, given when it began.
    """

    name: str
    work: Callable[[], int]
    next_time: Callable[[datetime], datetime]


def run(jobs: list[Job], stop: Stop) -> None:
    """Do each job whenever it is due, all of them at the start, until asked to stop."""
    due: dict[str, datetime] = {}
    while not stop.asked:
        if not run_due_jobs(jobs, due, stop):
            stop.wait(LOOK_EVERY)


def run_due_jobs(jobs: list[Job], due: dict[str, datetime], stop: Stop) -> int:
    """Do the jobs that are due, write into `due` when they are again; return how much was done.

    A job that `due` does not name is due now. Nothing is begun once `stop` was asked.
    """
    done = 0
    for job in jobs:
        now = timezone.now()
        if stop.asked or now < due.get(job.name, now):
            continue
        due[job.name] = job.next_time(now)
        try:
            count = job.work()
        except Exception:
            logger.exception("job failed", extra={"job": job.name})
            due[job.name] = max(due[job.name], now + AFTER_FAILURE)
            # A database that went away is met again on a new connection.
            close_old_connections()
        else:
            done += count
            if count:
                due[job.name] = now
    return done


def every(period: timedelta) -> Callable[[datetime], datetime]:
    """Return the `next_time` of a job that is done once in `period`."""
    return lambda began: began + period


def next_midnight(began: datetime) -> datetime:
    """Return the first midnight after `began` in the site's time zone."""
    zone = timezone.get_default_timezone()
    tomorrow = began.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=zone)


def site_jobs(worker_id: str) -> list[Job]:
    """Return all jobs of the site; `worker_id` names the process in the tasks it runs."""
    jobs = [
        Job("tasks", lambda: run_next_task(worker_id), every(LOOK_EVERY)),
        Job("mail", send_mails, every(LOOK_EVERY)),
        Job("imports", continue_import, every(LOOK_EVERY)),
        Job("imports of teachers", continue_teacher_import, every(LOOK_EVERY)),
        Job("heartbeat", leave_a_sign_of_life, every(timedelta(seconds=30))),
        Job(
            "publishing",
            alone("publishing", publish_what_is_scheduled),
            every(timedelta(minutes=1)),
        ),
        Job("abandoned tasks", retake_abandoned_tasks, every(timedelta(minutes=5))),
        Job("unfinished imports", forget_unfinished_imports, every(timedelta(hours=1))),
        Job("new day", alone("new day", begin_a_new_day), next_midnight),
        Job("renewals", alone("renewals", remind_teachers), next_midnight),
        Job("tidying", alone("tidying", forget_what_is_old), every(timedelta(days=1))),
    ]
    if settings.CDN:
        jobs.append(Job("CDN", alone("CDN", Telling()), every(TELL_CDN_EVERY)))
    return jobs


def run_next_task(worker_id: str) -> int:
    """Run the task whose turn it is; return 1, or 0 when none is waiting."""
    ready = DBTaskResult.objects.ready().filter(backend_name=BACKEND_NAME)
    # Looking first keeps the idle worker from locking the database every second.
    if not ready.exists():
        return 0
    with exclusive_transaction(ready.db):
        task = ready.get_locked()
        if task is None:
            return 0
        task.claim(worker_id)
    runner = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=BACKEND_NAME,
        startup_delay=False,
        max_tasks=1,
        worker_id=worker_id,
        excluded_queue_names=[],
    )
    runner.run_task(task)
    return 1


def leave_a_sign_of_life() -> int:
    """Touch the file whose age tells whether the worker still runs."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    (settings.VAR_DIR / "worker-alive").touch()
    return 0


def publish_what_is_scheduled() -> int:
    """Publish and take down what editors have scheduled until now."""
    call_command("publish_scheduled", verbosity=0)
    return 0


def retake_abandoned_tasks() -> int:
    """Queue again the tasks of killed workers; return how many were given up or queued.

    One that was begun several times and never ended is given up: it may be what kills them.
    """
    abandoned = DBTaskResult.objects.running().filter(
        backend_name=BACKEND_NAME, started_at__lt=timezone.now() - LONGEST_TASK
    )
    count = 0
    for task in abandoned:
        logger.warning("abandoned task", extra={"task": task.task_path, "task_id": str(task.id)})
        if len(task.worker_ids) >= MOST_ATTEMPTS:
            task.set_failed(TimeoutError(f"begun {MOST_ATTEMPTS} times, never ended"))
        else:
            abandoned.filter(pk=task.pk).update(status=TaskResultStatus.READY)
        count += 1
    return count


def begin_a_new_day() -> int:
    """Have pages and the search learn who holds a seat today, and whose year is over."""
    reindex_changed_seats(timezone.localdate())
    forget_expired()
    start_new_generation()
    return 0


def forget_what_is_old() -> int:
    """Delete ended tasks and mails older than 30 days, ended sessions, files never used.

    And sign-ups that nobody confirmed; where these are very many, the rest goes at once after.
    """
    delete_unused_files()
    days = KEEP_FINISHED.days
    call_command("prune_db_task_results", queue_name="*", min_age_days=days, verbosity=0)
    cleanup_expired_mails(timezone.now() - KEEP_FINISHED)
    forget_mails_before(timezone.now() - KEEP_FINISHED)
    call_command("clearsessions", verbosity=0)
    forget_leftovers()
    forget_refused_cells()
    forget_unused_words()
    return forget_unconfirmed()
