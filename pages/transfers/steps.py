"""What staff decide of an import, from the upload to the end, and how it ends.

Each step asks how far the import is while it keeps others from it: a form that is sent twice, or
in two windows, changes nothing that runs.
"""

import secrets
from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from pages.csv_reading import BEGINNING
from pages.transfers.files import ReadableList, delete_file, delete_strays, import_models, read
from pages.transfers.models import ImportState, ListImport

KEPT = timedelta(days=1)
LONGEST_NAME = ListImport._meta.get_field("original_name").max_length
AnImport = TypeVar("AnImport", bound=ListImport)


def keep(model: type[AnImport], found: ReadableList, *, original_name: str, by) -> AnImport:
    """Store a list until staff have said what stands where.

    Its file gets a name of our own: what the uploaded one was called is shown and nothing else.
    """
    shown = "".join(sign for sign in original_name if sign.isprintable())[:LONGEST_NAME]
    with found.file:
        return model.objects.create(
            file=File(found.file, name=f"{secrets.token_hex(16)}.csv"),
            original_name=shown,
            reading={"delimiter": found.survey.delimiter, "rows": found.survey.rows},
            rows_total=found.survey.rows,
            by=by,
        )


@transaction.atomic
def set_columns(one: ListImport, columns: dict[str, int | None], *, has_heads: bool) -> bool:
    """Store which column holds what, and whether the first row only names them.

    Return False where the import runs or has ended already.
    """
    found = locked(one, ImportState.UPLOADED)
    if found is None:
        return False
    first = next(read(found), None) if has_heads else None
    place = first.end if first else BEGINNING
    found.reading |= {"columns": columns, "has_heads": has_heads, "place": list(place)}
    found.rows_total = found.reading["rows"] - has_heads
    found.save(update_fields=["reading", "rows_total"])
    return True


@transaction.atomic
def cancel(one: ListImport) -> bool:
    """End an import that has not ended; what was brought in stays. False where it has ended."""
    found = locked(one, ImportState.UPLOADED, ImportState.RUNNING)
    if found is None:
        return False
    end(found, ImportState.CANCELLED)
    return True


def forget_unfinished_imports() -> int:
    """Give up the lists that nobody confirmed for a day; return how many files were deleted.

    Files of a process that was killed before it could delete them go too.
    """
    long_ago, count = timezone.now() - KEPT, 0
    for model in import_models():
        ended = model.objects.exclude(state__in=(ImportState.UPLOADED, ImportState.RUNNING))
        for one in ended.exclude(file=""):
            delete_file(one)
            count += 1
        unconfirmed = model.objects.filter(state=ImportState.UPLOADED, created_at__lt=long_ago)
        count += sum(cancel(one) for one in unconfirmed)
    return count + delete_strays(older_than=long_ago)


def locked(one: AnImport, *states: ImportState) -> AnImport | None:
    """Return the import as stored now, kept from others until the transaction ends.

    None where it is in none of the states.
    """
    imports = type(one).objects.select_for_update()
    return imports.filter(pk=one.pk, state__in=states).first()


def end(one: ListImport, state: ImportState, failure: str = "") -> None:
    """End an import that is locked, and delete its file once that is committed."""
    one.state, one.ended_at, one.failure = state, timezone.now(), failure
    one.save(update_fields=["state", "ended_at", "failure"])
    transaction.on_commit(partial(delete_file, one))
