"""Where a visitor wants to look, from the words they typed."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from teachers.directory.choice import Choice
from teachers.directory.distances import Unit, unit_of
from teachers.directory.query import ANYWHERE, Where
from teachers.gazetteer.labels import label_of, labels_of
from teachers.gazetteer.search import Position, Resolution, resolve
from teachers.geometry import Point
from teachers.models.place import Place


@dataclass(frozen=True)
class Way:
    """A link to the same search with another place."""

    label: str
    address: str


@dataclass(frozen=True)
class Asked:
    """What the words about a place mean; without a place, what to ask back."""

    where: Where = ANYWHERE
    label: str = ""
    name: str = ""  # short, as in "12 km from Lyon"
    unit: Unit | None = None
    is_unknown: bool = False
    is_postcode: bool = False
    is_ready: bool = True  # whether there are places to search at all
    which: list[Way] = field(default_factory=list)  # of several places of that name
    spellings: list[Way] = field(default_factory=list)  # that are near an unknown one

    @property
    def is_answered(self) -> bool:
        """Whether there are results to show: the place is known, or none was asked for."""
        return not (self.is_unknown or self.which)


def ask_where(choice: Choice) -> Asked:
    """Return what a search's words about a place mean."""
    if not choice.near:
        return Asked()
    found: Resolution = resolve(choice.near)
    if isinstance(found.place, Position):
        point = Point(found.place.latitude, found.place.longitude)
        return Asked(Where(point), label=_("your position"), name=_("your position"))
    if found.place is not None:
        return _at(found.place)
    if found.candidates:
        labels = labels_of(found.candidates)
        which = [
            Way(labels[place.pk], choice.address(near=labels[place.pk]))
            for place in found.candidates
        ]
        return Asked(which=which)
    spellings = [Way(label, choice.address(near=label)) for label in found.near_spellings]
    return Asked(
        is_unknown=True,
        is_postcode=found.is_postcode,
        is_ready=bool(spellings) or Place.objects.exists(),
        spellings=spellings,
    )


def _at(place: Place) -> Asked:
    where = (
        Where(country=place.country, region=place.region)
        if place.is_area
        else Where(Point(place.latitude, place.longitude))
    )
    return Asked(where, label_of(place), place.name, unit_of(place.country))
