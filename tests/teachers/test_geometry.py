"""Distances on the sphere, and the cells in which rows are looked for."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachers.geometry import (
    EARTH_RADIUS,
    FARTHEST,
    Point,
    bearing,
    cells_around,
    chord_squared,
    distance,
    kilometres,
)

pytestmark = pytest.mark.without_database

POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
LYON, PARIS = Point(45.74846, 4.84671), Point(48.85341, 2.3488)


def test_lyon_is_about_392_km_from_paris():
    assert distance(LYON, PARIS) == pytest.approx(392, abs=2)


def test_the_way_across_the_date_line_is_the_short_one():
    suva, apia = Point(-18.14, 178.44), Point(-13.83, -171.76)
    assert distance(suva, apia) == pytest.approx(1148, rel=0.02)


def test_the_other_side_is_half_a_circumference_away():
    assert distance(Point(0, 0), Point(0, 180)) == pytest.approx(FARTHEST)


@given(POINTS, POINTS)
def test_the_straight_line_and_the_distance_belong_together(one, other):
    far = distance(one, other)
    assert 0 <= far <= FARTHEST + 1e-6
    assert kilometres(chord_squared(far)) == pytest.approx(far, abs=0.01)


@given(POINTS, POINTS)
def test_no_place_within_the_distance_lies_in_another_cell(one, other):
    far = distance(one, other)
    cells = cells_around(one, far + 1e-3)
    assert cells is None or other.cell in cells


@given(POINTS, st.floats(0, 200))
def test_each_place_has_one_of_the_cells_of_the_sphere(point, reach):
    assert 0 <= point.cell < 180 * 360
    cells = cells_around(point, reach)
    assert cells is None or point.cell in cells


def test_bearings_go_clockwise_from_north():
    middle = Point(0, 0)
    found = [bearing(middle, Point(*end)) for end in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    assert found == pytest.approx([0, 90, 180, 270])


def test_a_degree_of_latitude_is_111_km():
    assert distance(Point(0, 0), Point(1, 0)) == pytest.approx(EARTH_RADIUS * pi / 180)
