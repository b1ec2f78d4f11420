"""`manage.py prepare`: what must be done before the site answers, in one process for speed."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from cmsc_site.one_at_a_time import turn_at
from library.renditions import incomplete, make_missing_renditions
from pages.generation import start_new_generation
from pages.local_mail import is_local


class Command(BaseCommand):
    """Brings the tables up to date and loads the first content; done already, it does nothing."""

    help = "Bring the database up to date and load the first content. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add what only a newcomer's machine wants."""
        parser.add_argument(
            "--first-admin", action="store_true", help="make an administrator where there is none"
        )

    def handle(self, *, first_admin: bool, **options: object) -> None:
        """Migrate where something is missing, load the content, make the administrator."""
        # A backup of the uploads wants the folder, even while there are none.
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        # Several web processes may start at once, on several machines.
        with turn_at("prepare", wait=True):
            self._prepare()
        start_new_generation()  # pages that were made by another version are made anew
        if first_admin:
            self._make_first_admin()

    def _prepare(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date (the first time, half a minute) …")
            self.stdout.flush()
            call_command("migrate", verbosity=0, interactive=False)
        call_command("load_site", stdout=self.stdout)
        if incomplete().exists():  # another version showed pictures in other sizes
            make_missing_renditions.enqueue()

    def _make_first_admin(self) -> None:
        call_command("first_admin", stdout=self.stdout)
        if settings.IS_LOCAL and is_local():
            address = f"{settings.SITE_URL}{reverse('local_mail')}"
            self.stdout.write(
                f"No mail is sent from here: it is kept in {settings.EMAIL_FILE_PATH}; "
                f"read it at {address}"
            )
