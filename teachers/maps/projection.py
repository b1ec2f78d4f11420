"""The Equal Earth projection: every country as large as it is beside the others.

Source: Šavrič, Patterson and Jenny, "The Equal Earth map projection", 2018.
"""

from math import asin, cos, radians, sin, sqrt

from teachers.geometry import Point

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2
# What the map shows: from beyond Greenland to below Tierra del Fuego. Nobody teaches south of it.
NORTH, SOUTH = 84.0, -57.0

WIDTH = 1000  # units across the map


def _equal_earth(point: Point) -> tuple[float, float]:
    """Return how far east and north of the middle a point lies, on a sphere of radius 1."""
    theta = asin(_M * sin(radians(point.latitude)))
    square = theta * theta
    sixth = square**3
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    east = radians(point.longitude) * cos(theta) / (_M * slope)
    north = theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
    return east, north


_HALF = _equal_earth(Point(0, 180))[0]
_TOP = _equal_earth(Point(NORTH, 0))[1]
_BOTTOM = _equal_earth(Point(SOUTH, 0))[1]
_SCALE = WIDTH / (2 * _HALF)

HEIGHT = round((_TOP - _BOTTOM) * _SCALE)  # units down the map


def on_map(point: Point) -> tuple[float, float]:
    """Return where a point lies on the map, in units from its upper left corner.

    What lies north or south of the map is put on its edge.
    """
    east, north = _equal_earth(point)
    y = (_TOP - min(max(north, _BOTTOM), _TOP)) * _SCALE
    return (east + _HALF) * _SCALE, y
