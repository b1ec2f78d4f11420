"""`manage.py run_worker`: does the work that is done apart from the web."""

import signal
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils.autoreload import run_with_reloader
from django.utils.crypto import get_random_string

from cmsc_site.worker import Stop, logger, run, run_due_jobs, site_jobs


class Command(BaseCommand):
    """Runs tasks, sends mail, publishes what is scheduled, until SIGTERM or SIGINT."""

    help = "Run tasks, send queued mail, publish what is scheduled and tidy up, until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the ways to run it otherwise than in production."""
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--once", action="store_true", help="do all that there is to do, then end")
        way.add_argument("--reload", action="store_true", help="start anew when the code changes")

    def handle(self, *, once: bool, reload: bool, **options: object) -> None:
        """Do the jobs; one that is running when the signal comes is finished first."""
        jobs = site_jobs(f"worker-{get_random_string(12)}")
        stop = Stop()
        if reload:
            run_with_reloader(run, jobs, stop)
        elif once:
            while run_due_jobs(jobs, {}, stop):
                pass
        else:
            signal.signal(signal.SIGTERM, stop.ask)
            signal.signal(signal.SIGINT, stop.ask)
            logger.info("worker started")
            run(jobs, stop)
            logger.info("worker stopped")
