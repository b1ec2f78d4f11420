"""Deletes files that were uploaded and never became part of a filing."""

from datetime import timedelta

from django.utils import timezone

from finance.models import FilingFile

KEPT = timedelta(days=7)


def delete_unused_files() -> int:
    """Delete the files that belong to no filing for a week; return how many there were."""
    unused = FilingFile.objects.filter(filing=None, uploaded_at__lt=timezone.now() - KEPT)
    count = 0
    for file in unused:
        file.delete()
        for stored in filter(None, (file.file, file.thumbnail)):
            stored.storage.delete(stored.name)
        count += 1
    return count
