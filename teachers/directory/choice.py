"""What a visitor asks of the directory, as the address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pages.search import clean_query
from teachers.geometry import FARTHEST
from teachers.languages import language_names

NEAREST_FIRST = 50  # km, unless another distance is chosen
DISTANCES = (10, 25, 50, 100, 250, 500)  # km, from which visitors choose
IN_PERSON, ONLINE = "in-person", "online"
FORMATS = (IN_PERSON, ONLINE)
MOST_CHOSEN = 20  # of one kind
LONGEST_PLACE = 120  # characters
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Choice:
    """A search of the directory. Whatever is empty is not asked for.

    Several levels, languages, formats or programs mean any of them. `distance` is in kilometres.
    """

    q: str = ""
    near: str = ""
    distance: int = NEAREST_FIRST
    levels: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    programs: tuple[int, ...] = ()
    page: int = 1

    @property
    def is_made(self) -> bool:
        """Whether anything was asked at all, so that the answer is a search's result."""
        return self != Choice()

    @property
    def narrows(self) -> bool:
        """Whether there is something beside the place that could be left out to find more."""
        return bool(self.q or self.levels or self.languages or self.formats or self.programs)

    @property
    def has_more(self) -> bool:
        """Whether something is chosen that the form folds away."""
        return bool(self.languages or self.formats or self.programs)

    def address(self, **changes: object) -> str:
        """Return the query string of this search with some changes, "?" in front.

        A search has one address alone; a change of anything but the page begins at the first.
        """
        other = replace(self, **{"page": 1, **changes})
        pairs = [
            ("q", other.q),
            ("near", other.near),
            ("distance", other.distance if other.distance != NEAREST_FIRST else None),
            *(("level", rank) for rank in other.levels),
            *(("language", code) for code in other.languages),
            *(("format", name) for name in other.formats),
            *(("program", key) for key in other.programs),
            ("page", other.page if other.page > 1 else None),
        ]
        return "?" + urlencode([(name, value) for name, value in pairs if value not in ("", None)])

    def widened(self) -> "Choice":
        """Return the same place and distance without all that narrows the search."""
        return Choice(near=self.near, distance=self.distance)


@dataclass
class Reading:
    """What an address says, and in sentences what it says that cannot be."""

    choice: Choice
    problems: list[str] = field(default_factory=list)


# All that `read_choice` reads.
PARAMETERS = ("q", "near", "distance", "level", "language", "format", "program", "page")


def read_choice(query: QueryDict) -> Reading:
    """Return what a query string asks for; what is no answer to a question is passed over."""
    problems: list[str] = []
    distance = _distance(query, problems)
    return Reading(
        Choice(
            q=clean_query(query.get("q", "")),
            near=clean_query(query.get("near", ""))[:LONGEST_PLACE].strip(),
            distance=distance,
            levels=_numbers(query, "level", most=32_767),
            languages=_several(query, "language", language_names()),
            formats=_several(query, "format", dict.fromkeys(FORMATS)),
            programs=_numbers(query, "program", most=2**53),
            page=_page(query, problems),
        ),
        problems,
    )


def _distance(query: QueryDict, problems: list[str]) -> int:
    text = query.get("distance", "").strip()
    if not text:
        return NEAREST_FIRST
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if not isfinite(number) or number < 0:
        problems.append(
            _("A distance is a number of kilometers, so we looked within %(distance)d km.")
            % {"distance": NEAREST_FIRST}
        )
        return NEAREST_FIRST
    return round(min(number, FARTHEST + 1))


def _page(query: QueryDict, problems: list[str]) -> int:
    text = query.get("page", "").strip()
    number = _number(text, most=LAST_PAGE)
    if text and not number:
        problems.append(_("There is no such page of results, so this is the first."))
    return number or 1


def _number(text: str, most: int) -> int | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return int(text) if int(text) <= most else None


def _numbers(query: QueryDict, name: str, most: int) -> tuple[int, ...]:
    found = (_number(text, most) for text in query.getlist(name)[:MOST_CHOSEN])
    return tuple(sorted({number for number in found if number is not None}))


def _several(query: QueryDict, name: str, known: Mapping[str, object]) -> tuple[str, ...]:
    chosen = query.getlist(name)[: MOST_CHOSEN * 2]
    return tuple(sorted({text for text in chosen if text in known})[:MOST_CHOSEN])
