"""Brings the people of a list in, some hundred rows at a time, between the worker's other jobs."""

from django.utils import timezone
from post_office.models import PRIORITY

from newsletter.import_columns import Columns, Entry, entry_of
from newsletter.import_steps import columns_of
from newsletter.mailing import queue_mail
from newsletter.models import (
    ConsentEvent,
    HeldSignUp,
    ImportedRow,
    MailKind,
    Subscriber,
    SubscriberImport,
    suppressed_among,
)
from newsletter.models.subscriber import Act
from pages.csv_reading import Row
from pages.transfers.running import read_on

Outcome = ImportedRow.Outcome
ROWS_AT_ONCE = 500
# A mail takes longer than a row, and on SQLite nobody else can write meanwhile.
MAILS_AT_ONCE = 50


def continue_import() -> int:
    """Read the next rows of the import that runs; return how many were read.

    What goes wrong is raised, after the third time in a row the import ends with it.
    """
    return read_on(SubscriberImport, _bring_in, _rows_at_once)


def _rows_at_once(one: SubscriberImport) -> int:
    return MAILS_AT_ONCE if one.asks_to_confirm else ROWS_AT_ONCE


def outcomes(entries: list[Entry], source: str) -> list[Outcome | None]:
    """Return what becomes of each entry in an import; None for one that is to be added.

    `source` is the import's own, which tells whom it has added itself.
    """
    keys = [entry.address.key for entry in entries if entry.address]
    suppressed = suppressed_among(keys)
    sources = dict(Subscriber.objects.filter(key__in=keys).values_list("key", "source"))
    found: list[Outcome | None] = []
    for entry in entries:
        key = entry.address.key if entry.address else ""
        if not entry.address:
            outcome = Outcome.REFUSED
        elif key in suppressed:
            outcome = Outcome.SUPPRESSED
        elif key in sources:
            outcome = Outcome.REPEATED if sources[key] == source else Outcome.KNOWN
        else:
            outcome, sources[key] = None, source
        found.append(outcome)
    return found


def preview(
    one: SubscriberImport, columns: Columns, beginning: list[Row]
) -> list[tuple[Row, Outcome | None, str]]:
    """Return each row with what would become of it, and why where it would be refused."""
    entries = [entry_of(row, columns, language=one.language) for row in beginning]
    would = outcomes(entries, source_of(one))
    return [
        (row, outcome, entry.refusal)
        for row, entry, outcome in zip(beginning, entries, would, strict=True)
    ]


def source_of(one: SubscriberImport) -> str:
    """Return what stands as the source of those whom an import added; it names no file."""
    return f"import {one.pk}"


def _bring_in(one: SubscriberImport, found: list[Row]) -> None:
    """Add the people of some rows, and note and count what became of each row."""
    columns = columns_of(one)
    entries = [entry_of(row, columns, language=one.language) for row in found]
    would = outcomes(entries, source_of(one))
    fresh = [entry for entry, outcome in zip(entries, would, strict=True) if outcome is None]
    added = _add(one, fresh)
    notes = []
    for entry, outcome in zip(entries, would, strict=True):
        if outcome is None and entry.address.key in added:
            continue
        # Someone who signed up by the form in this moment is known too.
        became = outcome or Outcome.KNOWN
        notes.append(
            ImportedRow(
                subscriber_import=one, number=entry.number, outcome=became, reason=entry.refusal
            )
        )
    ImportedRow.objects.bulk_create(notes)
    one.added += len(added)
    one.known += sum(note.outcome == Outcome.KNOWN for note in notes)
    one.suppressed += sum(note.outcome == Outcome.SUPPRESSED for note in notes)
    one.refused += sum(note.outcome == Outcome.REFUSED for note in notes)


def _add(one: SubscriberImport, entries: list[Entry]) -> set[str]:
    """Add the people, each with their consent and topics; return the keys of those who were new.

    Anyone may sign up between the question who is known and the answer. Such a row is left as it
    is, and which rows are ours is told by their handles.
    """
    keys = [entry.address.key for entry in entries]
    # Before the subscribers, as whoever releases one does: else each could wait for the other.
    HeldSignUp.objects.filter(key__in=keys).delete()
    asked = [_subscriber(one, entry) for entry in entries]
    Subscriber.objects.bulk_create(asked, ignore_conflicts=True)
    ours = Subscriber.objects.filter(handle__in=[new.handle for new in asked])
    numbers = dict(ours.values_list("handle", "pk"))
    added = [new for new in asked if new.handle in numbers]
    for new in added:
        new.pk = numbers[new.handle]
    chosen = list(one.topics.values_list("pk", flat=True))
    through = Subscriber.topics.through
    through.objects.bulk_create(
        through(subscriber_id=new.pk, topic_id=topic) for new in added for topic in chosen
    )
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            subscriber=new,
            act=Act.IMPORTED,
            source=source_of(one),
            note=one.consent_source,
            by_id=one.by_id,
        )
        for new in added
    )
    if one.asks_to_confirm:
        for new in added:
            # Behind the mails that visitors wait for.
            queue_mail(new, MailKind.CONFIRM, priority=PRIORITY.low)
    return {new.key for new in added}


def _subscriber(one: SubscriberImport, entry: Entry) -> Subscriber:
    asks = one.asks_to_confirm
    return Subscriber(
        address=entry.address.typed,
        key=entry.address.key,
        name=entry.name,
        language=entry.language,
        state=Subscriber.State.PENDING if asks else Subscriber.State.CONFIRMED,
        confirmed_at=None if asks else timezone.now(),
        source=source_of(one),
    )
