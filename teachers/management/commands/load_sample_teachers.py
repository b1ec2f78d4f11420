"""`manage.py load_sample_teachers`: fills the directory with teachers who are samples."""

from django.core.management.base import BaseCommand, CommandError

from teachers.sample import (
    SampleError,
    has_places,
    load_sample_teachers,
    remove_sample_teachers,
)


class Command(BaseCommand):
    """Makes up teachers until there are as many as asked for, or removes them all."""

    help = "Fill the directory with made-up teachers, marked as samples; never on a public site."

    def add_arguments(self, parser) -> None:
        """Take how many samples there shall be, the seed, or the wish to be rid of them."""
        parser.add_argument("--count", type=int, default=200, help="how many samples in all")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other teachers")
        parser.add_argument("--remove", action="store_true", help="remove all samples")

    def handle(self, *args, count: int, seed: int, remove: bool, **options) -> None:
        """Make or remove samples, and say how many; end with the reason where it may not be."""
        if remove:
            self.stdout.write(f"{remove_sample_teachers(self._tell):,} sample teachers removed.")
            return
        if count < 0:
            raise CommandError("--count is 0 or more.")
        if not has_places():
            self.stdout.write(
                "There are no places yet, so that the samples have no town. "
                "For towns: python manage.py load_places, then --remove and load them again."
            )
        try:
            made = load_sample_teachers(count, seed, self._tell)
        except SampleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made:,} sample teachers added." if made else "Nothing to do.")

    def _tell(self, done: int, of: int) -> None:
        self.stdout.write(f"\r{done:,} of {of:,} …", ending="" if done < of else "\n")
        self.stdout.flush()
