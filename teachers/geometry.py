"""Places on the sphere: distances that are right across the date line and at the poles.

A place is a point (x, y, z) on a sphere of radius 1. The square of the straight line between two
points grows with the distance along the surface, and takes three multiplications: a database
filters and orders by it with plain arithmetic, the same on each. To look at few rows first, the
surface is divided into cells of one degree.
"""

from dataclasses import dataclass
from math import asin, atan2, ceil, cos, degrees, floor, pi, radians, sin, sqrt

EARTH_RADIUS = 6371.0088  # km, the mean radius (IUGG)
FARTHEST = pi * EARTH_RADIUS  # km, to the other side
COLUMNS = 360  # cells around the sphere
MOST_CELLS = 400  # beyond which asking for each cell costs more than it saves


@dataclass(frozen=True)
class Point:
    """A place, in degrees; latitude from -90 to 90."""

    latitude: float
    longitude: float

    @property
    def vector(self) -> tuple[float, float, float]:
        """The point on the sphere of radius 1."""
        lat, lng = radians(self.latitude), radians(self.longitude)
        return cos(lat) * cos(lng), cos(lat) * sin(lng), sin(lat)

    @property
    def cell(self) -> int:
        """The number of the cell that holds it."""
        return _row(self.latitude) * COLUMNS + _column(self.longitude)


def chord_squared(kilometres: float) -> float:
    """Return the square of the straight line between points so far apart along the surface."""
    return 4 * sin(min(kilometres, FARTHEST) / (2 * EARTH_RADIUS)) ** 2


def kilometres(square: float) -> float:
    """Return the distance along the surface that belongs to the square of a straight line."""
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(max(square, 0.0)) / 2))


def distance(one: Point, other: Point) -> float:
    """Return the distance along the surface in km."""
    return kilometres(sum((a - b) ** 2 for a, b in zip(one.vector, other.vector, strict=True)))


def bearing(start: Point, end: Point) -> float:
    """Return the direction of the shortest way, in degrees clockwise from north."""
    a, b = radians(start.latitude), radians(end.latitude)
    turn = radians(end.longitude - start.longitude)
    east = sin(turn) * cos(b)
    north = cos(a) * sin(b) - sin(a) * cos(b) * cos(turn)
    return degrees(atan2(east, north)) % 360


def cells_around(point: Point, kilometres: float) -> list[int] | None:
    """Return the cells that a circle touches; None where they are too many to be worth it."""
    reach = degrees(kilometres / EARTH_RADIUS) + 1e-6
    south, north = point.latitude - reach, point.latitude + reach
    rows = range(_row(max(south, -90)), _row(min(north, 90)) + 1)
    if south <= -90 or north >= 90:  # a pole is inside, and every meridian meets there
        columns = range(COLUMNS)
    else:
        # How far east the circle reaches (its tangent meridian).
        sine = sin(radians(reach)) / cos(radians(point.latitude))
        wide = degrees(asin(sine)) + 1e-6 if sine < 1 else 180.0
        first, last = floor(point.longitude - wide), ceil(point.longitude + wide)
        columns = range(first, min(last, first + COLUMNS))
    if len(rows) * len(columns) > MOST_CELLS:
        return None
    return sorted({row * COLUMNS + _column(column) for row in rows for column in columns})


def _row(latitude: float) -> int:
    return min(floor(latitude + 90), 179)


def _column(longitude: float) -> int:
    return floor(longitude + 180) % COLUMNS
