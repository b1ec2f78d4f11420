"""Makes `static/maps/world.svg`, the outline of the world's land, from npm's `world-atlas`.

    npm pack world-atlas && tar -xzf world-atlas-2.0.2.tgz
    python -m teachers.maps.make_world package/land-110m.json

It is run by hand, when the projection changes or Natural Earth has a better outline.
"""

import json
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from teachers.geometry import Point
from teachers.maps.projection import HEIGHT, SOUTH, WIDTH, on_map

OUTLINE = Path(__file__).resolve().parents[2] / "static" / "maps" / "world.svg"
FINEST = 0.45  # units of the map: what is closer to a straight line than that is on it
SMALLEST = 1.5  # square units: what is smaller is no more than a speck

Ring = list[tuple[float, float]]


def rings(topology: dict) -> list[list[Point]]:
    """Return the outlines of the land in a TopoJSON file, closed, without Antarctica."""
    arcs = [_points(arc, topology["transform"]) for arc in topology["arcs"]]
    found = []
    for land in topology["objects"]["land"]["geometries"]:
        for polygon in land["arcs"]:
            found += [_joined(ring, arcs) for ring in polygon]
    shown = [ring for ring in found if max(point.latitude for point in ring) > SOUTH]
    return [part for ring in shown for part in _cut(ring)]


def _points(arc: list[list[int]], transform: dict) -> list[Point]:
    """Return the points of an arc, each of which is stored as the step from the one before."""
    (across, up), (west, south) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append(Point(south + y * up, west + x * across))
    return points


def _joined(numbers: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Return a ring from the numbers of its arcs; those below zero are walked backwards."""
    ring: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _cut(ring: list[Point]) -> list[list[Point]]:
    """Return the parts of a ring on either side of the date line, where the map ends."""
    turned, turns = [ring[0]], 0
    for before, point in pairwise(ring):
        turns -= round((point.longitude - before.longitude) / 360)
        turned.append(Point(point.latitude, point.longitude + 360 * turns))
    parts = []
    for turn in (-1, 0, 1):
        part = [Point(point.latitude, point.longitude + 360 * turn) for point in turned]
        part = _within(_within(part, 180, 1), -180, -1)
        if part:
            parts.append([*part, part[0]])
    return parts


def _within(ring: list[Point], edge: float, side: int) -> list[Point]:
    """Return the part of a ring west of a meridian; east of it where `side` is -1.

    This is the step of Sutherland and Hodgman's way to clip a polygon.
    """
    part = []
    for before, point in zip(ring[-1:] + ring[:-1], ring, strict=True):
        over, was_over = (side * (one.longitude - edge) for one in (point, before))
        if over * was_over < 0:
            share = was_over / (was_over - over)
            latitude = before.latitude + share * (point.latitude - before.latitude)
            part.append(Point(latitude, edge))
        if over <= 0:
            part.append(point)
    return part


def path(outlines: Iterable[list[Point]]) -> str:
    """Return the SVG path of the outlines on the map, in whole units."""
    drawn = []
    for outline in outlines:
        ring = _simplified([on_map(point) for point in outline])
        if abs(_area(ring)) >= SMALLEST:
            drawn.append(_steps([(round(x), round(y)) for x, y in ring]))
    return "".join(drawn)


def _steps(ring: list[tuple[int, int]]) -> str:
    (x, y), *rest = ring
    words = [f"M{x} {y}l"]
    for next_x, next_y in rest[:-1]:
        if (next_x, next_y) != (x, y):
            words.append(f"{next_x - x} {next_y - y} ")
            x, y = next_x, next_y
    return f"{''.join(words).strip()}z".replace(" -", "-")


def _area(ring: Ring) -> float:
    ends = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in ends) / 2


def _simplified(line: Ring) -> Ring:
    """Return the line without the points that it hardly needs (Ramer, Douglas and Peucker)."""
    kept = {0, len(line) - 1}
    parts = [(0, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        between = range(first + 1, last)
        farthest = max(between, key=lambda at: _off(line[at], line[first], line[last]), default=0)
        if farthest and _off(line[farthest], line[first], line[last]) > FINEST:
            kept.add(farthest)
            parts += [(first, farthest), (farthest, last)]
    return [line[at] for at in sorted(kept)]


def _off(point: tuple, start: tuple, end: tuple) -> float:
    """Return how far a point is from the straight line between two others."""
    along = (end[0] - start[0], end[1] - start[1])
    away = (point[0] - start[0], point[1] - start[1])
    length = (along[0] ** 2 + along[1] ** 2) ** 0.5
    if not length:
        return (away[0] ** 2 + away[1] ** 2) ** 0.5
    return abs(along[0] * away[1] - along[1] * away[0]) / length


def drawing(topology: dict) -> str:
    """Return the file: one path, named "land", that a page draws by `<use>`."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path id="land" d="{path(rings(topology))}"/></svg>\n'
    )


if __name__ == "__main__":
    OUTLINE.write_text(drawing(json.loads(Path(sys.argv[1]).read_text())))
