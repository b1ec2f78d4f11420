"""Writes the public directory from the teachers that staff keep.

Whoever may not be seen has no row in it, so that no list, profile, map or search can show them.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task
from wagtail.search.backends import get_search_backends
from wagtail.search.models import IndexEntry

from pages.generation import start_new_generation
from teachers.models.directory_entry import DirectoryEntry
from teachers.models.name_words import EntryWord
from teachers.models.settings import first_listed_rank
from teachers.models.teacher import Teacher, TeacherQuerySet
from teachers.names import index_names
from teachers.portraits import hide_portraits, show_portraits

AT_ONCE = 1000


def listed_teachers() -> TeacherQuerySet:
    """Return the published teachers who belong into the directory today."""
    return Teacher.objects.listable().filter(level__rank__gte=first_listed_rank())


def refresh(pks: Iterable[int]) -> int:
    """Write the entries of these teachers anew, or remove them; return how many are listed."""
    counts = [_refresh(chunk) for chunk in _chunks(pks)]
    if len(counts) > 1:
        count_anew()
    return sum(counts)


def refresh_all() -> int:
    """Write the whole directory anew, part by part; return how many are in it."""
    known = DirectoryEntry.objects.values_list("pk", flat=True)
    gone = set(known) - set(listed_teachers().values_list("pk", flat=True))
    for chunk in _chunks(gone):
        _refresh(chunk)
    count = refresh(list(listed_teachers().order_by("pk").values_list("pk", flat=True)))
    start_new_generation()
    return count


def count_anew() -> None:
    """Let the database count its rows, by which it chooses how to search.

    PostgreSQL does so by itself after a while; SQLite never does, and then takes seconds to look
    for a word among 100,000 entries, rather than a few hundredths of one.
    """
    with connection.cursor() as cursor:
        for model in (DirectoryEntry, EntryWord, IndexEntry):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


@task()
def write_anew() -> int:
    """Write the whole directory anew, apart from the web; return how many are in it."""
    return refresh_all()


def hide_levels_before(rank: int) -> None:
    """Remove those whose level is before the first that is listed."""
    before = DirectoryEntry.objects.filter(level__rank__lt=rank)
    for chunk in _chunks(list(before.values_list("pk", flat=True))):
        hide_portraits(chunk)
    before.delete()


def forget_expired() -> int:
    """Remove those whose year is over; return how many they were."""
    over = DirectoryEntry.objects.filter(listed_until__lt=timezone.localdate())
    pks = list(over.values_list("pk", flat=True))
    refresh(pks)
    count_anew()
    if pks:
        start_new_generation()
    return len(pks)


@transaction.atomic
def _refresh(pks: list[int]) -> int:
    """Compare what is listed with what should be, and write the difference."""
    teachers = listed_teachers().filter(pk__in=pks)
    teachers = teachers.select_related("place").prefetch_related("programs")
    entries = [DirectoryEntry.of(teacher) for teacher in teachers]
    former = DirectoryEntry.objects.filter(pk__in=pks)
    were = set(former.values_list("pk", flat=True))
    former.delete()  # and with it what the search knows of them
    DirectoryEntry.objects.bulk_create(entries)
    index_names(entries)
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(DirectoryEntry, entries)
    are = {entry.pk for entry in entries}
    if gone := were - are:
        hide_portraits(gone)
    if come := are - were:
        show_portraits(come)
    return len(entries)


def _chunks(pks: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(pks)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
