"""What staff decide of an import of subscribers (`pages/transfers/steps.py` has the rest)."""

from collections.abc import Iterable

from django.db import transaction

from newsletter.import_columns import Columns
from newsletter.models import SubscriberImport, Topic
from pages.transfers.steps import locked

State = SubscriberImport.State


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
