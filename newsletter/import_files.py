"""Uploaded lists: what they must be to be kept, and reading and deleting what is kept."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.core.files.storage import Storage

from newsletter.models import SubscriberImport
from newsletter.models.transfers import import_storage
from pages.csv_reading import (
    BEGINNING,
    Place,
    Row,
    Survey,
    UnreadableListError,
    rewrite,
    rows,
    survey,
)


@dataclass(frozen=True)
class ReadableList:
    """A list that can be read: rewritten, with how it is written."""

    file: BinaryIO
    survey: Survey


def examine(upload: BinaryIO) -> ReadableList:
    """Return the list in an uploaded file; raises UnreadableListError.

    Whoever gets it closes its file.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - see above
    try:
        rewrite(upload, file)
        return ReadableList(file, survey(file))
    except UnreadableListError:
        file.close()
        raise


def read(one: SubscriberImport, start: Place = BEGINNING) -> Iterator[Row]:
    """Yield the rows of a kept list from a place on; raises OSError where its file is gone."""
    with one.file.open("rb") as file:
        yield from rows(file, one.reading["delimiter"], start)


def delete_file(one: SubscriberImport) -> None:
    """Delete the file of an import, and keep its counts."""
    one.file.delete(save=False)
    SubscriberImport.objects.filter(pk=one.pk).update(file="")


def delete_strays(older_than: datetime) -> int:
    """Delete older files that no import names; return how many.

    One is left where a process was killed between storing a file and noting it.
    """
    storage = import_storage()
    named = set(SubscriberImport.objects.exclude(file="").values_list("file", flat=True))
    strays = [
        name
        for name in _stored(storage)
        if name not in named and storage.get_modified_time(name) < older_than
    ]
    for name in strays:
        storage.delete(name)
    return len(strays)


def _stored(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return
    begins = f"{folder}/" if folder else ""
    yield from (f"{begins}{name}" for name in files)
    for inner in folders:
        yield from _stored(storage, f"{begins}{inner}")
