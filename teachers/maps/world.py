"""The map of the world with a dot for each country, or for the countries that are too close."""

from dataclasses import dataclass

from teachers.geometry import Point
from teachers.maps.dots import GRID, Dot, Mark, clusters, dot_of, radius_for
from teachers.maps.projection import HEIGHT, WIDTH, on_map

# px that the map has at least where the stylesheet shows the dots for that width.
WIDTHS = {"narrow": 280, "middle": 560, "wide": 800}
SHOWN_AT_ONCE = 12  # areas, the others when they are asked for


@dataclass(frozen=True)
class Area:
    """A country or state with teachers; `point` is its middle and `url` leads to them."""

    label: str
    count: int
    point: Point
    url: str


@dataclass(frozen=True)
class View:
    """The dots for one width of the map; `name` is one of WIDTHS."""

    name: str
    dots: list[Dot]


@dataclass(frozen=True)
class WorldMap:
    """What the template draws: the land, dots for each width, and the same as a list.

    `view_box` is the attribute of SVG that says how large the outline of the land is. `areas`
    are those with the most teachers, `more` are the others by name.
    """

    view_box: str
    views: list[View]
    areas: list[Area]
    more: list[Area]


def world_map(areas: list[Area]) -> WorldMap:
    """Return the map of these areas; those without a teacher are left out."""
    areas = sorted((area for area in areas if area.count > 0), key=_most_first)
    by_name = sorted(areas[SHOWN_AT_ONCE:], key=lambda area: area.label.casefold())
    return WorldMap(
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        views=[_view(name, areas, width) for name, width in WIDTHS.items()],
        areas=areas[:SHOWN_AT_ONCE],
        more=by_name,
    )


def _most_first(area: Area) -> tuple[int, str]:
    return -area.count, area.label.casefold()


def _view(name: str, areas: list[Area], width: int) -> View:
    radius = radius_for(sum(area.count for area in areas))
    found = clusters(map(_mark, areas), width, radius, HEIGHT / WIDTH)
    return View(
        name,
        [dot_of(one, radius(one.count), f"map-{name}-{n}") for n, one in enumerate(found)],
    )


def _mark(area: Area) -> Mark:
    x, y = on_map(area.point)
    return Mark(area.label, area.count, x * GRID / WIDTH, y * GRID / HEIGHT, area.url)
