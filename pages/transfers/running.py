"""Reads a list some hundred rows at a time, between the worker's other jobs.

Each part is one transaction that also moves the place from which the next one goes on, so a
killed worker neither loses a row nor reads one twice.
"""

from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from pages.csv_reading import Place, Row
from pages.transfers.files import read
from pages.transfers.models import ImportState, ListImport
from pages.transfers.steps import end, locked

MOST_FAILURES = 3
AnImport = TypeVar("AnImport", bound=ListImport)


def read_on(
    model: type[AnImport],
    bring_in: Callable[[AnImport, list[Row]], None],
    rows_at_once: Callable[[AnImport], int],
) -> int:
    """Give `bring_in` the next rows of the import that runs; return how many were read.

    `bring_in` counts on the import what became of them, and need not save it. What goes wrong is
    raised; after the third time in a row the import ends with it.
    """
    one = model.objects.filter(state=ImportState.RUNNING).order_by("created_at", "pk").first()
    if one is None:
        return 0
    try:
        return _read_next_rows(one, bring_in, rows_at_once)
    except Exception:
        _note_failure(one)
        raise


@transaction.atomic
def _read_next_rows(one: AnImport, bring_in: Callable, rows_at_once: Callable) -> int:
    one = locked(one, ImportState.RUNNING)
    if one is None:  # canceled meanwhile
        return 0
    at_once = rows_at_once(one)
    found = list(islice(read(one, Place(*one.reading["place"])), at_once))
    if found:
        bring_in(one, found)
        one.reading |= {"place": list(found[-1].end), "failures": 0}
        one.rows_done += len(found)
    one.save()
    if len(found) < at_once:
        end(one, ImportState.DONE)
    return len(found)


@transaction.atomic
def _note_failure(one: ListImport) -> None:
    one = locked(one, ImportState.RUNNING)
    if one is None:
        return
    one.reading["failures"] = one.reading.get("failures", 0) + 1
    one.save(update_fields=["reading"])
    if one.reading["failures"] >= MOST_FAILURES:
        told = _(
            "The rest of the list could not be read. Please upload it again: who was brought in "
            "already is known then, and nobody is brought in twice."
        )
        end(one, ImportState.FAILED, failure=told)
