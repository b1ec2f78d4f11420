"""What staff decide of an import, from the upload to the end, and how it ends.

Each step asks how far the import is while it keeps others from it: a form that is sent twice, or
in two windows, changes nothing that runs.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from newsletter.import_columns import Columns
from newsletter.import_files import ReadableList, delete_file, delete_strays, read
from newsletter.models import SubscriberImport, Topic
from pages.csv_reading import BEGINNING

State = SubscriberImport.State
KEPT = timedelta(days=1)
LONGEST_NAME = SubscriberImport._meta.get_field("original_name").max_length


def keep(found: ReadableList, *, original_name: str, by) -> SubscriberImport:
    """Store a list until staff have said what stands where.

    Its file gets a name of our own: what the uploaded one was called is shown and nothing else.
    """
    shown = "".join(sign for sign in original_name if sign.isprintable())[:LONGEST_NAME]
    with found.file:
        return SubscriberImport.objects.create(
            file=File(found.file, name=f"{secrets.token_hex(16)}.csv"),
            original_name=shown,
            reading={"delimiter": found.survey.delimiter, "rows": found.survey.rows},
            rows_total=found.survey.rows,
            by=by,
        )


@transaction.atomic
def set_columns(one: SubscriberImport, columns: Columns, *, has_heads: bool) -> bool:
    """Store which column holds what, and whether the first row only names them.

    Return False where the import runs or has ended already.
    """
    found = locked(one.pk, State.UPLOADED)
    if found is None:
        return False
    first = next(read(found), None) if has_heads else None
    place = first.end if first else BEGINNING
    found.reading |= {"columns": vars(columns), "has_heads": has_heads, "place": list(place)}
    found.rows_total = found.reading["rows"] - has_heads
    found.save(update_fields=["reading", "rows_total"])
    return True


def columns_of(one: SubscriberImport) -> Columns | None:
    """Return which column holds what; None while nobody has said so."""
    return Columns(**one.reading["columns"]) if "columns" in one.reading else None


@transaction.atomic
def start(
    one: SubscriberImport,
    *,
    consent_source: str,
    language: str,
    topics: Iterable[Topic] = (),
    asks_to_confirm: bool = False,
) -> bool:
    """Let the worker read the list; return False where it runs or has ended already."""
    found = locked(one.pk, State.UPLOADED)
    if found is None:
        return False
    found.consent_source, found.language = consent_source, language
    found.asks_to_confirm, found.state = asks_to_confirm, State.RUNNING
    found.save(update_fields=["consent_source", "language", "asks_to_confirm", "state"])
    found.topics.set(topics)
    return True


@transaction.atomic
def cancel(one: SubscriberImport) -> bool:
    """End an import that has not ended; who was added stays. Return False where it has ended."""
    found = locked(one.pk, State.UPLOADED, State.RUNNING)
    if found is None:
        return False
    end(found, State.CANCELLED)
    return True


def forget_unfinished_imports() -> int:
    """Give up the lists that nobody confirmed for a day; return how many files were deleted.

    Files of a process that was killed before it could delete them go too.
    """
    long_ago, count = timezone.now() - KEPT, 0
    ended = SubscriberImport.objects.exclude(state__in=(State.UPLOADED, State.RUNNING))
    for one in ended.exclude(file=""):
        delete_file(one)
        count += 1
    unconfirmed = SubscriberImport.objects.filter(state=State.UPLOADED, created_at__lt=long_ago)
    count += sum(cancel(one) for one in unconfirmed)
    return count + delete_strays(older_than=long_ago)


def locked(pk: int, *states: State) -> SubscriberImport | None:
    """Return the import as stored now, kept from others until the transaction ends.

    None where it is in none of the states.
    """
    return SubscriberImport.objects.select_for_update().filter(pk=pk, state__in=states).first()


def end(one: SubscriberImport, state: State, failure: str = "") -> None:
    """End an import that is locked, and delete its file once that is committed."""
    one.state, one.ended_at, one.failure = state, timezone.now(), failure
    one.save(update_fields=["state", "ended_at", "failure"])
    transaction.on_commit(partial(delete_file, one))
