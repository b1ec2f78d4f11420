"""Maps say the truth: where a dot is, how large it is, and what it leads to."""

import gzip
import math
import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from teachers.directory.choice import DISTANCES
from teachers.directory.distances import Unit, choice_in_words
from teachers.geometry import Point
from teachers.maps import make_world
from teachers.maps.around import Town, around_map
from teachers.maps.dots import EM, names, radius_for
from teachers.maps.projection import HEIGHT, WIDTH, on_map
from teachers.maps.world import SHOWN_AT_ONCE, WIDTHS, Area, world_map

OUTLINE = settings.BASE_DIR / "static" / "maps" / "world.svg"
PLACES = {
    "France": (46.6, 2.5), "Belgium": (50.6, 4.6), "Switzerland": (46.8, 8.2),
    "Germany": (51.1, 10.4), "Japan": (36.5, 138.0), "Brazil": (-10.8, -53.1),
    "New Zealand": (-41.8, 171.5), "Kenya": (0.5, 37.9), "Oregon": (43.9, -120.6),
}  # fmt: skip

KM = Unit.KILOMETRES
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
counts = st.integers(1, 5000)


def area(label: str, count: int = 1) -> Area:
    return Area(label, count, Point(*PLACES[label]), f"?near={label}")


def number(length: str) -> float:
    """Return what "12.5%" or "1.20em" says."""
    return float(length.rstrip("%em"))


def outlines() -> list[list[tuple[int, int]]]:
    """Return the rings of the outline, as a browser reads them."""
    (path,) = re.findall(r' d="([^"]+)"', OUTLINE.read_text())
    rings = []
    for ring in path.split("M")[1:]:
        numbers = [int(word) for word in re.findall(r"-?\d+", ring)]
        steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        here, points = (0, 0), []
        for step in steps:
            here = (here[0] + step[0], here[1] + step[1])
            points.append(here)
        rings.append(points)
    return rings


def is_land(rings, latitude: float, longitude: float) -> bool:
    x, y = on_map(Point(latitude, longitude))
    crossed = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                crossed = not crossed
    return crossed


class TestTheProjection:
    def test_the_middle_of_the_map_is_where_the_equator_meets_greenwich(self):
        x, _y = on_map(Point(0, 0))
        assert x == WIDTH / 2

    def test_areas_keep_their_share_of_the_world(self):
        def cell(latitude):
            """Return the area on the map of a small square degree."""
            x1, y1 = on_map(Point(latitude, 0))
            x2, y2 = on_map(Point(latitude + 0.1, 0.1))
            return (x2 - x1) * (y1 - y2)

        for latitude in (-50, -20, 30, 60, 80):
            on_sphere = math.cos(math.radians(latitude + 0.05))
            assert cell(latitude) / cell(0) == pytest.approx(on_sphere, rel=0.01)

    @given(points)
    def test_every_place_is_on_the_map(self, point):
        x, y = on_map(point)
        assert 0 <= x <= WIDTH
        assert -0.01 <= y <= HEIGHT + 0.5


class TestTheOutline:
    def test_it_is_small(self):
        assert len(gzip.compress(OUTLINE.read_bytes(), 9)) <= 15 * 1024

    def test_its_size_is_that_of_the_map(self):
        assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in OUTLINE.read_text()

    @pytest.mark.parametrize(
        ("latitude", "longitude", "expected"),
        [
            (46.6, 2.5, True), (0.5, 37.9, True), (-25, 134, True), (64, 178, True),
            (39, -98, True), (-10, -53, True), (66, -172, True), (35, -40, False),
            (-30, 80, False), (0, -150, False), (57, -179, False),
        ],
    )  # fmt: skip
    def test_land_is_land_and_sea_is_sea(self, latitude, longitude, expected):
        assert is_land(outlines(), latitude, longitude) is expected

    def test_no_line_runs_across_the_map_at_the_date_line(self):
        for ring in outlines():
            for (x1, _y1), (x2, _y2) in zip(ring, ring[1:] + ring[:1], strict=True):
                assert abs(x2 - x1) < WIDTH / 8

    def test_it_is_made_from_the_shared_arcs_of_a_topology(self):
        topology = {
            "transform": {"scale": [1, 1], "translate": [0, 0]},
            "arcs": [[[0, 0], [20, 0], [0, 20]], [[0, 0], [0, 20], [20, 0]], [[0, -80], [9, 2]]],
            "objects": {"land": {"geometries": [{"arcs": [[[0, ~1]], [[2]]]}]}},
        }
        (ring,) = make_world.rings(topology)
        corners = {(0, 0), (0, 20), (20, 20), (20, 0)}
        assert {(point.latitude, point.longitude) for point in ring} == corners
        assert make_world.path([ring]).count("M") == 1

    def test_its_licence_lies_beside_it(self):
        licence = (OUTLINE.parent / "LICENSE.txt").read_text()
        assert "Natural Earth" in licence
        assert "Michael Bostock" in licence


class TestTheWorld:
    def test_a_dot_says_who_is_there_and_leads_to_them(self):
        (dot,) = world_map([area("France", 12)]).views[0].dots
        assert dot.words == "France: 12 teachers"
        assert dot.number == "12"
        assert dot.url == "?near=France"

    def test_one_teacher_is_no_plural(self):
        (dot,) = world_map([area("Kenya")]).views[0].dots
        assert dot.words == "Kenya: 1 teacher"

    def test_an_area_without_teachers_has_no_dot_and_no_line(self):
        drawn = world_map([area("France", 0)])
        assert [view.dots for view in drawn.views] == [[], [], []]
        assert drawn.areas == []

    def test_a_dots_area_grows_with_its_teachers(self):
        many, few = world_map([area("Japan", 80), area("Brazil", 20)]).views[0].dots
        assert number(many.radius) / number(few.radius) == pytest.approx(2, rel=0.02)

    def test_neighbours_share_a_dot_on_a_phone_that_leads_to_each_of_them(self):
        map_ = world_map([area("France", 12), area("Belgium", 3), area("Switzerland", 5)])
        narrow = next(view for view in map_.views if view.name == "narrow")
        (dot,) = narrow.dots
        assert dot.words == "France, Switzerland, Belgium: 20 teachers"
        assert dot.url == f"#{dot.choices_id}"
        assert [(choice.words, choice.url) for choice in dot.choices] == [
            ("France: 12 teachers", "?near=France"),
            ("Switzerland: 5 teachers", "?near=Switzerland"),
            ("Belgium: 3 teachers", "?near=Belgium"),
        ]

    def test_what_is_far_apart_stays_apart(self):
        map_ = world_map([area("Japan", 3), area("Brazil", 3), area("New Zealand", 1)])
        assert [len(view.dots) for view in map_.views] == [3, 3, 3]

    def test_the_list_says_the_same_as_the_dots(self):
        areas = [area(label, at + 1) for at, label in enumerate(PLACES)]
        map_ = world_map(areas)
        for view in map_.views:
            urls = [dot.url for dot in view.dots if not dot.choices]
            urls += [choice.url for dot in view.dots for choice in dot.choices]
            assert sorted(urls) == sorted(area.url for area in [*map_.areas, *map_.more])

    def test_of_very_many_areas_the_largest_come_first_and_the_others_by_name(self):
        areas = [Area(f"Land {n:02}", 40 - n, Point(n, n * 4), f"?{n}") for n in range(30)]
        map_ = world_map(areas)
        assert [one.count for one in map_.areas] == list(range(40, 40 - SHOWN_AT_ONCE, -1))
        assert [one.label for one in map_.more] == [f"Land {n:02}" for n in range(12, 30)]

    @given(st.lists(st.tuples(points, counts), max_size=60))
    def test_no_dot_lies_upon_another_and_none_is_lost(self, given_areas):
        areas = [Area(f"Land {n}", count, at, "?") for n, (at, count) in enumerate(given_areas)]
        total = sum(one.count for one in areas)
        for view, width in zip(world_map(areas).views, WIDTHS.values(), strict=True):
            teachers = 0
            for at, dot in enumerate(view.dots):
                teachers += int(re.search(r": (\d+) teacher", dot.words)[1])
                for other in view.dots[:at]:
                    across = (number(dot.x) - number(other.x)) / 100 * width
                    down = (number(dot.y) - number(other.y)) / 100 * width * HEIGHT / WIDTH
                    apart = math.hypot(across, down) / EM
                    assert apart > number(dot.target) + number(other.target) - 0.05
            assert teachers == total

    def test_positions_are_no_finer_than_a_thousandth_of_the_map(self):
        map_ = world_map([Area("Town", 1, Point(45.764043, 4.835659), "?")])
        assert re.fullmatch(r"\d+\.\d%", map_.views[0].dots[0].x)

    def test_every_dot_can_be_pressed(self):
        areas = [area(label, at * 40 + 1) for at, label in enumerate(PLACES)]
        for view in world_map(areas).views:
            assert all(number(dot.target) * 2 * EM >= 24 for dot in view.dots)

    def test_who_listens_and_who_presses_tab_has_the_list_alone(self):
        html = render_to_string(
            "components/teachers/world_map.html", {"map": world_map([area("France", 12)])}
        )
        drawing, rest = html.split("</svg>\n    </div>")
        assert 'aria-hidden="true"' in drawing
        assert drawing.count("<a ") == drawing.count('tabindex="-1"') == len(WIDTHS)
        assert "tabindex" not in rest
        assert 'href="?near=France"' in rest
        assert "style=" not in html


LYON = Point(45.75, 4.85)


def town(label: str, latitude: float, longitude: float, count: int = 1) -> Town:
    return Town(label, count, Point(latitude, longitude), f"#{label}")


def place_of(map_, at: int = 0) -> tuple[float, float]:
    """Return where a dot is: shares of the map east and south of its middle."""
    dot = map_.views[0].dots[at]
    return number(dot.x) - 50, number(dot.y) - 50


class TestAroundAPlace:
    @pytest.mark.parametrize(
        ("latitude", "longitude", "east", "south"),
        [(46.2, 4.85, 0, -1), (45.3, 4.85, 0, 1), (45.75, 5.5, 1, 0), (45.75, 4.2, -1, 0)],
    )
    def test_a_town_is_where_it_is(self, latitude, longitude, east, south):
        x, y = place_of(around_map(LYON, 100, [town("Town", latitude, longitude)], KM))
        assert math.copysign(1, x) == east or abs(x) < 0.5
        assert math.copysign(1, y) == south or abs(y) < 0.5
        assert math.hypot(x, y) == pytest.approx(44 * 50 / 100, rel=0.05)

    def test_the_date_line_is_nowhere_to_be_seen(self):
        map_ = around_map(Point(-17, 179.8), 100, [town("Across", -17, -179.8)], KM)
        x, y = place_of(map_)
        assert x == pytest.approx(44 * 42.5 / 100, abs=0.5)
        assert abs(y) < 0.5

    def test_at_a_pole_there_is_no_north_and_distances_are_right(self):
        map_ = around_map(Point(90, 0), 200, [town("Camp", 89.1, 120)], KM)
        assert not map_.has_north
        assert math.hypot(*place_of(map_)) == pytest.approx(22, abs=0.5)

    def test_who_is_too_far_away_is_not_on_it(self):
        map_ = around_map(LYON, 50, [town("Paris", 48.85, 2.35)], KM)
        assert [view.dots for view in map_.views] == [[], []]

    @pytest.mark.parametrize(
        ("kilometres", "unit", "expected"),
        [
            (25, KM, ["25 km", "10 km", "20 km"]),
            (50, KM, ["50 km", "25 km"]),
            (100, KM, ["100 km", "50 km"]),
            (1000, KM, ["1,000 km", "500 km"]),
            (80, Unit.MILES, ["50 miles", "25 miles"]),
            (10, Unit.MILES, ["6 miles", "2 miles", "4 miles"]),
            (50, Unit.MILES, ["30 miles", "10 miles", "20 miles"]),
            (1, Unit.MILES, ["1 mile", "0.5 miles"]),
            (1, KM, ["1 km", "0.5 km"]),
        ],
    )
    def test_rings_are_at_round_distances_in_the_regions_unit(self, kilometres, unit, expected):
        rings = around_map(LYON, kilometres, [], unit).rings
        assert [ring.label for ring in rings] == expected
        assert rings[0].radius == "44.0%"

    @pytest.mark.parametrize("unit", list(Unit))
    @pytest.mark.parametrize("kilometres", DISTANCES)
    def test_the_outermost_ring_is_called_as_the_search_is(self, kilometres, unit):
        edge = around_map(LYON, kilometres, [], unit).rings[0]
        assert edge.is_edge
        assert edge.label == choice_in_words(kilometres, unit)

    def test_rings_within_are_where_they_say_though_the_outermost_is_a_round_number(self):
        ten_miles = around_map(LYON, 50, [], Unit.MILES).rings[1]
        assert number(ten_miles.radius) == pytest.approx(44 * 16.09344 / 50, abs=0.1)

    @given(points, st.integers(-5, 10**9), st.lists(st.tuples(points, counts), max_size=30))
    def test_whatever_is_asked_is_drawn_within_the_outermost_ring(self, center, far, given_towns):
        towns = [Town(f"Town {n}", count, at, "#") for n, (at, count) in enumerate(given_towns)]
        for unit in Unit:
            map_ = around_map(center, far, towns, unit)
            assert 1 <= len(map_.rings) <= 4
            for view in map_.views:
                for dot in view.dots:
                    assert math.hypot(number(dot.x) - 50, number(dot.y) - 50) <= 44.2

    def test_names_stand_where_there_is_room_and_never_upon_each_other(self):
        towns = [town(f"Sample town {n}", 45.75 + n * 0.03, 4.85 + n * 0.05) for n in range(-8, 9)]
        narrow, wide = around_map(LYON, 50, towns, KM).views
        assert 0 < len(narrow.labels) <= len(narrow.dots)
        assert len(wide.labels) > len(narrow.labels)

    def test_a_name_that_would_leave_the_map_stands_elsewhere_or_not_at_all(self):
        towns = [town("A very long name of a town that fits nowhere at all", 45.75, 5.4)]
        narrow, _wide = around_map(LYON, 50, towns, KM).views
        assert narrow.labels == []

    def test_teachers_of_one_town_are_one_dot_with_their_number(self):
        map_ = around_map(LYON, 50, [town("Lyon", 45.75, 4.85, 7)], KM)
        (dot,) = map_.views[0].dots
        assert (dot.words, dot.number, dot.url) == ("Lyon: 7 teachers", "7", "#Lyon")


class TestSizesAndNames:
    def test_all_teachers_in_one_dot_make_the_largest(self):
        radius = radius_for(400)
        assert radius(400) == 2 * radius(100)

    def test_a_long_list_of_names_is_cut(self):
        assert names(["A", "B", "C"]) == "A, B, C"
        assert names(["A", "B", "C", "D", "E"]) == "A, B and 3 more"
        assert names(["A", "B", "C"], most=1) == "A and 2 more"
