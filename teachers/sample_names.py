"""Makes up names as people have them in many places, for samples, tests and benchmarks.

Given names are common ones; family names are common ones too, or put together from parts, so that
there are as many different ones as among real people. `sample_names.toml` has them.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from teachers.folding import fold

# What stands behind the name of every sample; it is no part of the name.
MARK = "(Sample)"
NAMES_FILE = Path(__file__).with_name("sample_names.toml")


@dataclass(frozen=True)
class Culture:
    """How people are named somewhere."""

    given: list[str]
    family: list[str]
    roots: list[str]
    endings: list[str]
    family_first: bool
    pattern: str
    seldom: str


@dataclass(frozen=True)
class MadeUpName:
    """A name, and the part of it that it is filed under."""

    name: str
    family: str


def make_name(random: Random, country: str = "") -> MadeUpName:
    """Return a name as one may have in a country (ISO 3166-1); from anywhere where it has none."""
    cultures, by_country = _cultures()
    culture = by_country.get(country) or random.choice(cultures)
    family, other = _family(random, culture), _family(random, culture)
    given, second = _given(random, culture, family), _given(random, culture, family)
    pattern = culture.pattern
    if culture.family_first and not _is_latin(family):
        pattern = "{family}{given}"
    elif culture.seldom and random.random() < 0.15:
        pattern = culture.seldom
    elif culture.family_first and random.random() < 0.5:
        pattern = "{family} {given}"
    name = pattern.format(
        given=given, second=second, family=family, other=other, initial=second[0].upper()
    )
    return MadeUpName(name, family)


@cache
def _cultures() -> tuple[list[Culture], dict[str, Culture]]:
    cultures, by_country = [], {}
    for item in tomllib.loads(NAMES_FILE.read_text("utf-8"))["cultures"]:
        culture = Culture(
            given=item["given"].split(),
            family=[name.replace("_", " ") for name in item["family"].split()],
            roots=item.get("roots", "").split(),
            endings=item.get("endings", "").split(),
            family_first=item.get("family_first", False),
            pattern=item.get("pattern", "{given} {family}"),
            seldom=item.get("seldom", ""),
        )
        cultures.append(culture)
        by_country |= dict.fromkeys(item["countries"].split(), culture)
    return cultures, by_country


def _family(random: Random, culture: Culture) -> str:
    if culture.roots and random.random() < 0.7:
        return random.choice(culture.roots) + random.choice(culture.endings)
    return _common(random, culture.family)


def _given(random: Random, culture: Culture, family: str) -> str:
    """Choose a name in the letters that the family name has, where there is one."""
    for _attempt in range(20):
        name = _common(random, culture.given)
        if _is_latin(name) == _is_latin(family):
            break
    return name


def _common(random: Random, names: list[str]) -> str:
    return names[int(len(names) * random.random() ** 1.5)]


def _is_latin(name: str) -> bool:
    return fold(name).isascii()
