"""The surroundings of a place: who is how far away, and in which direction.

Distances from the middle and directions are right (the azimuthal equidistant projection). There
is nothing else to see, neither roads nor borders, and the page says that it is a sketch.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import cos, floor, log10, radians, sin

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teachers.directory.distances import (
    KILOMETRES_IN_A_MILE,
    Unit,
    choice_in_words,
    chosen_number,
)
from teachers.geometry import FARTHEST, Point, bearing, distance
from teachers.maps.dots import (
    EM,
    GRID,
    Cluster,
    Dot,
    Mark,
    clusters,
    dot_of,
    em,
    names,
    radius_for,
    share,
)

# px that the map has at least: in a window of 320 px, and where the stylesheet shows the wide one.
NARROW, WIDE = 270, 460
MIDDLE = GRID / 2
REACH = 440  # units from the middle to the outermost ring
STEPS = (1, 2, 2.5, 5, 10)  # what distances rise by, times a power of ten
NEAR_THE_EDGE = 0.85  # a ring so close to the outermost one is left out

LETTER, WIDE_LETTER, LINE = 0.56, 1.05, 1.3  # em that letters take, and a line of them
GAP = 0.35  # em between a dot and its name
NEAR_POLE = 89.9  # degrees, where every direction is south

Box = tuple[float, float, float, float]  # left, top, right, bottom, in em


@dataclass(frozen=True)
class Town:
    """A town with teachers; `url` leads to the first of them in the list."""

    label: str
    count: int
    point: Point
    url: str


@dataclass(frozen=True)
class Ring:
    """A circle around the middle: `radius` and `label_y` are values of SVG attributes."""

    radius: str
    label: str
    label_y: str
    is_edge: bool


@dataclass(frozen=True)
class Label:
    """The name of a town beside its dot; `anchor` is which end of it is at the dot."""

    text: str
    x: str
    y: str
    dx: str
    dy: str
    anchor: str


@dataclass(frozen=True)
class View:
    """Dots and names for one width of the map; `name` is "narrow" or "wide"."""

    name: str
    dots: list[Dot]
    labels: list[Label]


@dataclass(frozen=True)
class AroundMap:
    """What the template draws. At a pole no direction is north, so that none is marked."""

    rings: list[Ring]
    views: list[View]
    has_north: bool


def around_map(center: Point, kilometres: int, towns: list[Town], unit: Unit) -> AroundMap:
    """Return the map of the towns within a distance, with rings in the unit.

    The outermost is called as the search is, in miles a round number near the distance; those
    within are where they say. A distance below 1 km counts as 1; towns that are farther away are
    not on the map.
    """
    reach = min(max(kilometres, 1), FARTHEST)
    near = [town for town in towns if town.count > 0 and distance(center, town.point) <= reach]
    marks = [_mark(center, reach, town) for town in near]
    rings = _rings(reach, unit)
    return AroundMap(
        rings=rings,
        views=[_view("narrow", marks, rings, NARROW), _view("wide", marks, rings, WIDE)],
        has_north=abs(center.latitude) < NEAR_POLE,
    )


def _mark(center: Point, reach: float, town: Town) -> Mark:
    away = distance(center, town.point) / reach * REACH
    direction = radians(bearing(center, town.point))
    x, y = MIDDLE + away * sin(direction), MIDDLE - away * cos(direction)
    return Mark(town.label, town.count, x, y, town.url)


# --- Rings ----------------------------------------------------------------------------------


def _rings(reach: int, unit: Unit) -> list[Ring]:
    """Return the ring at the edge, which is the ground of the others, and those within it."""
    length = KILOMETRES_IN_A_MILE if unit is Unit.MILES else 1.0
    told = chosen_number(reach, unit)
    step = _step(told)
    count = floor(min(told, reach / length) * NEAR_THE_EDGE / step)
    inner = [step * number for number in range(1, count + 1)]
    edge = _ring(1, choice_in_words(reach, unit), is_edge=True)
    return [edge, *(_ring(far * length / reach, _in_words(far, unit)) for far in inner)]


def _step(outermost: float) -> float:
    """Return the round distance that divides the whole into two to four, evenly if there is one."""
    power = 10.0 ** floor(log10(outermost) - 1)
    steps = [factor * scale for scale in (power, power * 10) for factor in STEPS]
    fitting = [step for step in steps if 2 <= outermost / step <= 4]
    even = [step for step in fitting if (outermost / step).is_integer()]
    return max(even or fitting)


def _in_words(far: float, unit: Unit) -> str:
    number = number_format(round(far, 1) if far % 1 else int(far), force_grouping=True)
    if unit is Unit.KILOMETRES:
        return _("%(number)s km") % {"number": number}
    # Parts of a mile are several, as far as grammar goes.
    grammatical = 1 if far == 1 else max(2, round(far))
    return ngettext("%(count)s mile", "%(count)s miles", grammatical) % {"count": number}


def _ring(part: float, label: str, *, is_edge: bool = False) -> Ring:
    radius = round(part * REACH)
    return Ring(share(radius), label, share(MIDDLE + radius), is_edge)


# --- Dots and names -------------------------------------------------------------------------


def _view(name: str, marks: list[Mark], rings: list[Ring], width: int) -> View:
    radius = _small(radius_for(sum(mark.count for mark in marks)))
    found = clusters(marks, width, radius)
    return View(
        name,
        dots=[dot_of(one, radius(one.count), f"map-{name}-{n}") for n, one in enumerate(found)],
        labels=list(_labels(found, rings, radius, width)),
    )


def _small(radius: Callable[[int], float]) -> Callable[[int], float]:
    """Return a radius that leaves room for names: few dots are to share this map."""
    return lambda count: min(radius(count), 1.4)


def _labels(
    found: list[Cluster], rings: list[Ring], radius: Callable[[int], float], width: int
) -> Iterable[Label]:
    """Yield the names for which there is room, those of most teachers first."""
    whole = width / EM
    unit = whole / GRID
    taken = [_around(dot.x * unit, dot.y * unit, radius(dot.count)) for dot in found]
    taken += [_ring_label(ring, whole) for ring in rings]
    for dot in found:
        for text, box, dx, dy, anchor in _places(dot, radius(dot.count), unit):
            if _is_inside(box, whole) and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                yield Label(text, share(dot.x), share(dot.y), em(dx), em(dy), anchor)
                break


def _places(
    dot: Cluster, radius: float, unit: float
) -> Iterable[tuple[str, Box, float, float, str]]:
    """Yield where a name may be: right of the dot, left, above, below; the best first."""
    x, y, away, half = dot.x * unit, dot.y * unit, radius + GAP, LINE / 2
    above, below = y - away - half, y + away + half
    labels = [mark.label for mark in dot.marks]
    for text in dict.fromkeys((names(labels), names(labels, 1))):
        length = _length(text)
        yield text, (x + away, y - half, x + away + length, y + half), away, 0.35, "start"
        yield text, (x - away - length, y - half, x - away, y + half), -away, 0.35, "end"
        yield text, _line(x, above, length), 0, 0.35 - away - half, "middle"
        yield text, _line(x, below, length), 0, 0.35 + away + half, "middle"


def _length(text: str) -> float:
    """Return about how many em a text takes."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return wide * WIDE_LETTER + (len(text) - wide) * LETTER


def _line(x: float, y: float, length: float) -> Box:
    return x - length / 2, y - LINE / 2, x + length / 2, y + LINE / 2


def _around(x: float, y: float, radius: float) -> Box:
    return x - radius, y - radius, x + radius, y + radius


def _ring_label(ring: Ring, whole: float) -> Box:
    y = float(ring.label_y.rstrip("%")) / 100 * whole
    return _line(whole / 2, y, _length(ring.label))


def _is_inside(box: Box, whole: float) -> bool:
    left, top, right, bottom = box
    return left >= 0 and top >= 0 and right <= whole and bottom <= whole


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
