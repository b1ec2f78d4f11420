"""Load the first content."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.content.loader import SITE_FILE, ContentError, load_site


class Command(BaseCommand):
    """Loads what was never loaded before, and leaves everything else as staff have made it."""

    help = "Load the first content of the site; what was loaded before is left as it is."

    def add_arguments(self, parser) -> None:
        """Take another file than the site's own, and the wish for sample figures."""
        parser.add_argument("--file", type=Path, default=SITE_FILE, help="a TOML file")
        parser.add_argument(
            "--sample", action="store_true", help="also load sample figures, marked as samples"
        )

    def handle(self, *args, file: Path, sample: bool, **options) -> None:
        """Load, and say what was loaded; end with the reason when nothing could be."""
        if sample and not settings.SAMPLE_CONTENT:
            raise CommandError("Sample figures need SAMPLE_CONTENT=on, which no public site has.")
        try:
            done = load_site(file, sample=sample)
        except ContentError as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        if done:
            self.stdout.write(f"Loaded {len(done)} items: {', '.join(done)}.")
        else:
            self.stdout.write("The content is loaded already: nothing to do.")
