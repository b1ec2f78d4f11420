"""Distances in words."""

import pytest

from teachers.directory.distances import (
    Unit,
    choice_in_words,
    distance_in_words,
    unit_of,
    way_in_words,
)

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize(
    ("kilometres", "words"),
    [
        (0, "in Lyon"),
        (0.04, "in Lyon"),
        (0.4, "less than 1 km from Lyon"),
        (1.4, "about 1 km from Lyon"),
        (11.6, "about 12 km from Lyon"),
        (393, "about 390 km from Lyon"),
        (8731, "about 8,700 km from Lyon"),
    ],
)
def test_a_way_is_told_no_more_exactly_than_it_is_known(kilometres, words):
    assert way_in_words(kilometres, Unit.KILOMETRES, "Lyon") == words


def test_less_than_one_is_said_in_the_unit_of_the_place():
    assert way_in_words(1.2, Unit.MILES, "York") == "less than 1 mile from York"


def test_a_mile_is_one_and_several_are_miles():
    assert distance_in_words(1.6, Unit.MILES) == "1 mile"
    assert distance_in_words(16, Unit.MILES) == "10 miles"


@pytest.mark.parametrize(("country", "unit"), [("US", Unit.MILES), ("GB", Unit.MILES)])
def test_where_roads_are_in_miles_distances_are(country, unit):
    assert unit_of(country) is unit
    assert unit_of("FR") is unit_of("") is Unit.KILOMETRES


def test_what_there_is_to_choose_is_a_round_number():
    assert choice_in_words(50, Unit.KILOMETRES) == "50 km"
    assert choice_in_words(50, Unit.MILES) == "30 miles"
    assert choice_in_words(50, None) == "50 km (30 miles)"
    assert choice_in_words(77, Unit.MILES) == "48 miles"
