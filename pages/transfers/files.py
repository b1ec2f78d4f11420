"""Uploaded lists: what they must be to be kept, and reading and deleting what is kept."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.apps import apps
from django.core.files.storage import Storage

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
from pages.transfers.models import ListImport, import_storage


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


def read(one: ListImport, start: Place = BEGINNING) -> Iterator[Row]:
    """Yield the rows of a kept list from a place on; raises OSError where its file is gone."""
    with one.file.open("rb") as file:
        yield from rows(file, one.reading["delimiter"], start)


def delete_file(one: ListImport) -> None:
    """Delete the file of an import, and keep its counts."""
    one.file.delete(save=False)
    type(one).objects.filter(pk=one.pk).update(file="")


def import_models() -> list[type[ListImport]]:
    """Return the models of all apps that keep lists."""
    return [model for model in apps.get_models() if issubclass(model, ListImport)]


def delete_strays(older_than: datetime) -> int:
    """Delete older files that no import names; return how many.

    One is left where a process was killed between storing a file and noting it.
    """
    storage = import_storage()
    named = {
        name
        for model in import_models()
        for name in model.objects.exclude(file="").values_list("file", flat=True)
    }
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
