"""Reads what a visitor typed: a position, a postcode, or a town with what is said beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from teachers.folding import place_key, place_words
from teachers.gazetteer.labels import country_label, near_label, region_label

MOST_LETTERS = 200  # of what was typed; no label is longer
MOST_WORDS = 6  # between two commas, that may be told apart without one
MOST_KEYS = 80

_SEPARATORS = re.compile(r"[,;،、，；|\n]+")
_BRACKETS = re.compile(r"[()（）\[\]/]+")
_NUMBER = r"([+-]?\d{1,3}(?:\.\d{1,10})?)\s*°?"
_POSITION = re.compile(rf"\s*{_NUMBER}\s*[,;\s]\s*{_NUMBER}\s*", re.ASCII)
# Scripts that write without gaps, so that a country and a town may stand in one word.
_NO_GAPS = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]{2,8}")


@dataclass(frozen=True)
class Position:
    """A point without a name, in degrees, rounded to 0.1 so that it is nobody's home.

    It has what a place has as far as a search asks for it.
    """

    latitude: float
    longitude: float
    pk: None = field(default=None, init=False)
    kind: str = field(default="position", init=False)
    is_area: bool = field(default=False, init=False)
    country: str = field(default="", init=False)
    region: str = field(default="", init=False)

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude}"


class Beside(NamedTuple):
    """What was said beside a name: the key of an area or a town nearby, or a position."""

    key: str
    position: Position | None = None
    is_near: bool = False  # a town nearby, and no area of its name


class Reading(NamedTuple):
    """One way to understand a text: the key of a place, and what tells it from others."""

    key: str
    beside: tuple[Beside, ...] = ()
    kind: str = ""
    is_guess: bool = False  # no comma told the name from what is beside it


def position_in(text: str) -> Position | None:
    """Return the position that the text is, as "45.8, 4.8"; None where it is none on earth."""
    found = _POSITION.fullmatch(text)
    if not found or not ({",", ";", "."} & set(text)):
        return None
    latitude, longitude = (float(number) for number in found.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    # Adding 0.0 turns a rounded -0.0 into 0.0.
    return Position(round(latitude, 1) + 0.0, round(longitude, 1) + 0.0)


def looks_like_position(text: str) -> bool:
    """Tell whether the text is two numbers, on earth or not."""
    return bool(_POSITION.fullmatch(text)) and bool({",", ";", "."} & set(text))


def readings(text: str) -> list[Reading]:
    """Return the ways to understand a text, the likeliest first, with at most MOST_KEYS keys."""
    kept: dict[Reading, None] = {}
    keys: set[str] = set()
    for reading in _readings(text):
        needed = {reading.key, *(beside.key for beside in reading.beside)} - {""}
        if reading.key and len(keys | needed) <= MOST_KEYS:
            keys |= needed
            kept[reading] = None
    return list(kept)


def _readings(text: str) -> Iterator[Reading]:
    if looks_like_position(text):
        return
    segments = _segments(text)
    if not segments:
        return
    whole = place_key(text)
    if len(segments) == 1:
        yield from _whole(segments[0])
    # "Portland, Oregon"; names with a comma of their own ("Washington, D.C.") as well
    for count in range(1, len(segments)):
        yield from _with(" ".join(segments[:count]), segments[count:])
    if len(segments) > 1:
        yield Reading(whole)
        yield from _with(segments[-1], segments[:-1])  # "Россия, Москва"
    yield from _without_commas(segments[0], segments[1:])
    if _BRACKETS.search(text):
        inner = [part.strip() for part in _BRACKETS.split(segments[0]) if place_key(part)]
        if len(inner) > 1:
            yield from _with(inner[0], [*inner[1:], *segments[1:]])
            yield from (Reading(place_key(part)) for part in inner)


def _segments(text: str) -> list[str]:
    parts = [part.strip() for part in _SEPARATORS.split(text)]
    return [part for part in parts if place_key(part)][:6]


def _whole(segment: str) -> Iterator[Reading]:
    name, kind = _told_kind(segment)
    if kind:
        yield Reading(place_key(name), (), kind)
    yield Reading(place_key(segment))


def _with(name: str, segments: list[str]) -> Iterator[Reading]:
    """Read the first as the name, and all others as what is said beside it."""
    beside = tuple(_beside(segments))
    bare, kind = _told_kind(name)
    if kind:
        yield Reading(place_key(bare), beside, kind)
    yield Reading(place_key(name), beside)


def _beside(segments: list[str]) -> Iterator[Beside]:
    before, after = near_label("\0").split("\0")
    for segment in segments:
        said = segment
        is_near = said.startswith(before) and said.endswith(after)
        if is_near:
            said = said[len(before) : len(said) - len(after)]
        where = _point_beside(said)
        yield Beside("" if where else place_key(said), position=where, is_near=is_near)


def _point_beside(text: str) -> Position | None:
    """Return the position of a label that no town nearby could tell from others."""
    numbers = text.split()
    if len(numbers) != 2:
        return None
    try:
        latitude, longitude = map(float, numbers)
    except ValueError:
        return None
    is_on_earth = abs(latitude) <= 90 and abs(longitude) <= 180  # which NaN is not
    return Position(latitude, longitude) if is_on_earth else None


def _told_kind(segment: str) -> tuple[str, str]:
    """Take off the words with which a label says that it means a region or a country."""
    for kind, label in (("state", region_label), ("country", country_label)):
        before, after = label("\0").split("\0")
        if segment.startswith(before) and segment.endswith(after):
            return segment[len(before) : len(segment) - len(after)], kind
    return segment, ""


def _without_commas(segment: str, others: list[str]) -> Iterator[Reading]:
    """Read the last words as what is said beside the first: "Portland Maine", "Lyon France"."""
    words = place_words(segment)
    beside = tuple(_beside(others))
    if len(words) == 1 and _NO_GAPS.fullmatch(words[0]):
        word = words[0]
        # The town of "東京都" first, then the one of "日本東京".
        for cut in range(len(word) - 1, 0, -1):
            yield Reading(word[:cut], (Beside(word[cut:]), *beside), is_guess=True)
            yield Reading(word[cut:], (Beside(word[:cut]), *beside), is_guess=True)
        return
    words = words[:MOST_WORDS]
    for cut in range(len(words) - 1, 0, -1):
        name, rest = "".join(words[:cut]), words[cut:]
        yield Reading(name, (Beside("".join(rest)), *beside), is_guess=True)
        for middle in range(1, len(rest)):
            parts = ("".join(rest[:middle]), "".join(rest[middle:]))
            yield Reading(name, (*map(Beside, parts), *beside), is_guess=True)
    for cut in range(1, len(words)):
        yield Reading("".join(words[cut:]), (Beside("".join(words[:cut])), *beside), is_guess=True)
