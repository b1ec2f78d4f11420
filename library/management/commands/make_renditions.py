"""`manage.py make_renditions`: makes pictures in all sizes now, instead of by the worker."""

from django.core.management.base import BaseCommand

from library.renditions import incomplete, make_all


class Command(BaseCommand):
    """Makes what is missing of all pictures; safe to stop and to run again."""

    help = "Make what is missing of all pictures, in every size and format that a page shows."

    def handle(self, **options: object) -> None:
        """Make one picture after the other, and say how far it is."""
        images = incomplete()
        number, failed = images.count(), []
        for at, image in enumerate(images.iterator(chunk_size=100), start=1):
            self.stdout.write(f"Picture {at} of {number}: {image.title}")
            if not make_all(image):
                failed.append(image)
        for image in failed:
            self.stderr.write(f"Picture {image.pk} could not be read: {image.title}")
        self.stdout.write(f"{number - len(failed)} pictures made whole.")
