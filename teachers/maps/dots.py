"""Dots that stand for teachers: as large as they are many, and none on top of another.

A dot keeps its size in em of the map's letters, whatever the map's width, so that it can be read
and pressed on a phone too. How many dots fit therefore depends on the width, and a map is prepared
for a few widths, of which the stylesheet shows one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import hypot, sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

GRID = 1000  # units across a map and down it: positions are rounded to these
EM = 12  # px that 1 em of a map's letters is
TARGET = 1.0  # em: what can be pressed reaches so far from a dot's middle, 24 px across
SMALLEST, LARGEST = 0.5, 2.6  # em from the middle of a dot to its edge
FIRST_WITH_NUMBER = 0.75  # em: what is smaller has no room for its number
NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Mark:
    """Teachers at one place of a map, in units of its grid; `url` leads to them."""

    label: str
    count: int
    x: float
    y: float
    url: str


@dataclass(frozen=True, eq=False)
class Cluster:
    """Marks that share a dot, because each of its own would lie upon another's."""

    marks: tuple[Mark, ...]

    @cached_property
    def count(self) -> int:
        """How many teachers there are."""
        return sum(mark.count for mark in self.marks)

    @cached_property
    def x(self) -> int:
        """The middle of all teachers, in whole units of the grid."""
        return round(sum(mark.x * mark.count for mark in self.marks) / self.count)

    @cached_property
    def y(self) -> int:
        """The middle of all teachers, in whole units of the grid."""
        return round(sum(mark.y * mark.count for mark in self.marks) / self.count)


@dataclass(frozen=True)
class Choice:
    """One of the places that share a dot."""

    words: str
    url: str


@dataclass(frozen=True)
class Dot:
    """A dot as the template draws it. Lengths are values of SVG attributes.

    `words` say what it stands for. One that stands for several places leads to `choices`, which
    stand below the map under the identifier `choices_id`.
    """

    x: str
    y: str
    radius: str
    target: str
    number: str
    words: str
    url: str
    choices_id: str
    choices: list[Choice]


def share(units: float) -> str:
    """Return units as a share of the map's width or height: "52.3%"."""
    return f"{units * 100 / GRID:.1f}%"


def em(length: float) -> str:
    """Return a length as SVG reads it: "1.50em"."""
    return f"{length:.2f}em"


def radius_for(total: int) -> Callable[[int], float]:
    """Return what gives a dot's radius in em, so that its area grows with its teachers.

    All `total` teachers of the map in one dot would make the largest.
    """
    return lambda count: max(SMALLEST, LARGEST * sqrt(count / max(total, 1)))


def clusters(
    marks: Iterable[Mark], width: int, radius: Callable[[int], float], tall: float = 1.0
) -> list[Cluster]:
    """Return dots of which none lies on another on a map so many px wide, the largest first.

    `tall` is the height of the map as a share of its width.
    """
    unit = width / GRID / EM  # em

    def touched_by(dot: Cluster, reach: float) -> Cluster | None:
        x, y = dot.x, dot.y
        for other, its_reach in apart.items():
            if hypot(x - other.x, (y - other.y) * tall) * unit < reach + its_reach:
                return other
        return None

    apart: dict[Cluster, float] = {}  # with how far in em each reaches
    for mark in sorted(marks, key=lambda mark: (-mark.count, mark.label)):
        dot = Cluster((mark,))
        reach = max(radius(dot.count), TARGET)
        while touched := touched_by(dot, reach):
            del apart[touched]
            dot = Cluster(tuple(chain(touched.marks, dot.marks)))
            reach = max(radius(dot.count), TARGET)
        apart[dot] = reach
    return sorted(apart, key=lambda dot: -dot.count)


def dot_of(cluster: Cluster, radius: float, choices_id: str) -> Dot:
    """Return what the template draws for a cluster whose dot has a radius in em."""
    marks = sorted(cluster.marks, key=lambda mark: (-mark.count, mark.label))
    choices = [Choice(_words(mark.label, mark.count), mark.url) for mark in marks]
    is_alone = len(marks) == 1
    return Dot(
        x=share(cluster.x),
        y=share(cluster.y),
        radius=em(radius),
        target=em(max(radius, TARGET)),
        number=str(cluster.count) if radius >= _room_for(cluster.count) else "",
        words=_words(names([mark.label for mark in marks]), cluster.count),
        url=marks[0].url if is_alone else f"#{choices_id}",
        choices_id="" if is_alone else choices_id,
        choices=[] if is_alone else choices,
    )


def names(labels: list[str], most: int = NAMED_AT_MOST) -> str:
    """Return "France", "France, Belgium" or, of more than `most`, "France and 7 more"."""
    if len(labels) <= most:
        return _(", ").join(labels)
    shown = max(most - 1, 1)
    first = _(", ").join(labels[:shown])
    return _("%(names)s and %(number)s more") % {"names": first, "number": len(labels) - shown}


def _words(label: str, count: int) -> str:
    """Return "France: 12 teachers", which asks for no article in any language."""
    words = ngettext("%(place)s: %(count)s teacher", "%(place)s: %(count)s teachers", count)
    return words % {"place": label, "count": count}


def _room_for(count: int) -> float:
    """Return the radius in em from which on a dot has room for its number."""
    return max(FIRST_WITH_NUMBER, 0.28 * len(str(count)) + 0.25)
