"""What staff decide of an import of subscribers (`pages/transfers/steps.py` has the rest)."""

from collections.abc import Iterable

from django.db import transaction

from newsletter.import_columns import Columns
from newsletter.models import SubscriberImport, Topic
from pages.transfers import steps
from pages.transfers.files import ReadableList
from pages.transfers.steps import cancel, forget_unfinished_imports, locked

__all__ = [
    "cancel",
    "columns_of",
    "forget_unfinished_imports",
    "keep",
    "set_columns",
    "start",
]

State = SubscriberImport.State


def keep(found: ReadableList, *, original_name: str, by) -> SubscriberImport:
    """Store a list until staff have said what stands where."""
    return steps.keep(SubscriberImport, found, original_name=original_name, by=by)


def set_columns(one: SubscriberImport, columns: Columns, *, has_heads: bool) -> bool:
    """Store which column holds what, and whether the first row only names them.

    Return False where the import runs or has ended already.
    """
    return steps.set_columns(one, vars(columns), has_heads=has_heads)


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
    found = locked(one, State.UPLOADED)
    if found is None:
        return False
    found.consent_source, found.language = consent_source, language
    found.asks_to_confirm, found.state = asks_to_confirm, State.RUNNING
    found.save(update_fields=["consent_source", "language", "asks_to_confirm", "state"])
    found.topics.set(topics)
    return True
