"""Finds entries by a name that is misspelt, half, or written in other letters.

Three questions to the database: which words are like those asked for, which entries have most of
them, and how the best are written in full. The words are judged in Python, in whole numbers, and
entries that are equally good stand in the order of their keys, so that each database gives the
same answer.
"""

from dataclasses import dataclass

from django.db import connection
from rapidfuzz.fuzz import ratio

from teachers.folding import fold
from teachers.models.directory_entry import DirectoryEntry
from teachers.models.name_words import EntryWord, NameWord
from teachers.names.likeness import NOT_ALIKE, likeness
from teachers.names.spelling import Form, grams_asked_for, name_of

READ_OF_QUERY = 100  # letters
MOST_WORDS = 6
MOST_LIKE = 250  # words of names that are like one word of the query
READ_IN_FULL = 100  # names
WORTH_SHOWING = 0.7  # of what the best name has
_INITIAL_FITS = 200
_INDEX = EntryWord._meta.indexes[0].name

_BEST = """
WITH alike (word_id, slot, points) AS (VALUES {alike})
SELECT entry_id, SUM(points) AS points, MIN(others) AS others
FROM (
    SELECT entry_word.entry_id, alike.slot,
           MAX(alike.points {initials}) AS points, MIN(LENGTH(entry_word.others)) AS others
    FROM alike JOIN {table} entry_word {by_index} ON entry_word.word_id = alike.word_id
    GROUP BY entry_word.entry_id, alike.slot
) AS by_slot
GROUP BY entry_id
ORDER BY points DESC, others, entry_id
LIMIT {most}
"""


@dataclass(frozen=True)
class _Question:
    """A query taken apart: forms of at least two letters, their weights, and initials."""

    text: str
    forms: list[Form]
    weights: list[int]
    initials: set[str]


def find_by_name(query: str, most: int = 500) -> list[int]:
    """Return the keys of the entries whose names are like the query, best first."""
    question = _question(query)
    if not question.forms:
        return []
    alike = _words_alike(question)
    if not alike:
        return []
    found = _best_entries(alike, question.initials, most)
    if not found:
        return []
    enough = found[0][1] * WORTH_SHOWING
    return _in_full_order(question.text, [row for row in found if row[1] >= enough])


def _question(query: str) -> _Question:
    text = query[:READ_OF_QUERY]
    name = name_of(text)
    words = name.words[:MOST_WORDS]
    forms = [form for form in name.forms if form.stop <= len(words)]
    forms += [
        Form("".join(words[start : start + length]), start, start + length)
        for length in (2, 3)
        for start in range(len(words) - length + 1)
        if any(len(word) > 1 for word in words[start : start + length])
    ]
    forms = [form for form in dict.fromkeys(forms) if len(form.word) > 1 or not form.word.isascii()]
    initials = {word for word in words if len(word) == 1 and word.isascii() and word.isalpha()}
    return _Question(fold(text), forms, [min(len(word), 4) - 1 or 1 for word in words], initials)


def _words_alike(question: _Question) -> list[tuple[int, int, int]]:
    """Return keys of words, the place in the query where each fits, and what that is worth."""
    asked = {gram for form in question.forms for gram in grams_asked_for(form.word, form.key)}
    words = NameWord.objects.filter(grams__gram__in=asked).distinct()
    known = list(words.values_list("pk", "word", "key"))
    points: dict[tuple[int, int], int] = {}
    for form in question.forms:
        asked_key = form.key
        alike = [
            (worth, word, pk)
            for pk, word, key in known
            if (worth := likeness(form.word, asked_key, word, key)) > NOT_ALIKE
        ]
        alike.sort(key=lambda row: (-row[0], row[1]))
        for worth, _word, pk in alike[:MOST_LIKE]:
            for slot in range(form.start, form.stop):
                value = worth * question.weights[slot]
                points[pk, slot] = max(value, points.get((pk, slot), 0))
    return [(pk, slot, value) for (pk, slot), value in sorted(points.items())]


def _best_entries(
    alike: list[tuple[int, int, int]], initials: set[str], most: int
) -> list[tuple[int, int, int]]:
    """Return keys of entries with their points and the number of words that nobody asked for."""
    fits = " ".join(
        f"+ CASE WHEN entry_word.others LIKE '%%{letter}%%' THEN {_INITIAL_FITS} ELSE 0 END"
        for letter in sorted(initials)
    )
    query = _BEST.format(
        alike=", ".join(["(%s, %s, %s)"] * len(alike)),
        initials=fits,
        table=EntryWord._meta.db_table,
        # SQLite would sometimes rather make an index of the whole table for this one search.
        by_index=f"INDEXED BY {_INDEX}" if connection.vendor == "sqlite" else "",
        most=int(most),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [value for row in alike for value in row])
        return [(pk, int(points), others) for pk, points, others in cursor.fetchall()]


def _in_full_order(text: str, found: list[tuple[int, int, int]]) -> list[int]:
    """Put those of equal points in the order in which their full names are like the query."""
    first = [pk for pk, _points, _others in found[:READ_IN_FULL]]
    entries = DirectoryEntry.objects.filter(pk__in=first)
    names = dict(entries.values_list("pk", "teacher__name"))
    found[:READ_IN_FULL] = sorted(
        found[:READ_IN_FULL],
        key=lambda row: (-row[1], -ratio(text, fold(names.get(row[0], ""))), row[0]),
    )
    return [pk for pk, _points, _others in found]
