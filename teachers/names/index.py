"""Keeps the words of listed names."""

from collections.abc import Iterable
from itertools import chain, islice

from django.db import connection, models

from teachers.models.directory_entry import DirectoryEntry
from teachers.models.name_words import EntryWord, NameWord, WordGram
from teachers.models.teacher import Teacher
from teachers.names.spelling import Name, grams, name_of, sound
from teachers.sample_names import MARK

AT_ONCE = 300  # rows in one statement, below what any SQLite takes


def index_names(entries: Iterable[DirectoryEntry]) -> None:
    """Keep the words of the names of entries that were just written, in the same transaction."""
    names = {entry.pk: name_of(_without_mark(entry.teacher)) for entry in entries}
    wanted = sorted({form.word for name in names.values() for form in name.forms})
    if not wanted:
        return
    keys = _kept(wanted)
    missing = [word for word in wanted if word not in keys]
    if missing:
        # In one order for all, so that two who write at once wait for each other in turn.
        words = [NameWord(word=word, key=sound(word)) for word in missing]
        NameWord.objects.bulk_create(words, ignore_conflicts=True)
        keys |= _kept(missing)
        _insert(
            WordGram,
            ("gram", "word_id"),
            (
                (gram, keys[word.word])
                for word in words
                for gram in sorted(grams(word.word, word.key))
            ),
        )
    _insert(
        EntryWord,
        ("word_id", "entry_id", "others"),
        (
            (keys[word], pk, others)
            for pk, name in names.items()
            for word, others in _words_of(name).items()
        ),
    )


def forget_unused_words() -> int:
    """Remove words that no listed name has any more; return how many they were."""
    unused = NameWord.objects.filter(entries=None).values_list("pk", flat=True)
    gone = 0
    for pk in range(0, len(pks := list(unused)), AT_ONCE):
        # Asked again, as a name may have come that has one of them.
        words = NameWord.objects.filter(pk__in=pks[pk : pk + AT_ONCE], entries=None)
        gone += words.delete()[1].get(NameWord._meta.label, 0)
    return gone


def _without_mark(teacher: Teacher) -> str:
    """Return the name; of a sample without what every sample is called."""
    return teacher.name.removesuffix(MARK) if teacher.is_sample else teacher.name


def _kept(words: list[str]) -> dict[str, int]:
    """Return the keys of those words that are kept, and keep them from being swept meanwhile."""
    found: dict[str, int] = {}
    lock = "FOR KEY SHARE" if connection.features.has_select_for_update else ""
    for start in range(0, len(words), AT_ONCE):
        part = words[start : start + AT_ONCE]
        marks = ", ".join(["%s"] * len(part))
        query = f"SELECT word, id FROM {NameWord._meta.db_table} WHERE word IN ({marks}) {lock}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(query, part)
            found |= dict(cursor.fetchall())
    return found


def _insert(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """Write rows that are not there yet; without objects, as a name has some thirty of them."""
    start = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES "  # noqa: S608
    marks = f"({', '.join(['%s'] * len(columns))})"
    rest = iter(rows)
    with connection.cursor() as cursor:
        while part := list(islice(rest, AT_ONCE)):
            values = ", ".join([marks] * len(part))
            cursor.execute(f"{start}{values} ON CONFLICT DO NOTHING", list(chain(*part)))


def _words_of(name: Name) -> dict[str, str]:
    """Return each form of a name once, with the first letters of the name's other words."""
    words: dict[str, str] = {}
    for form in name.forms:
        others = [*name.words[: form.start], *name.words[form.stop :]]
        words.setdefault(form.word, "".join(word[0] for word in others)[:8])
    return words
