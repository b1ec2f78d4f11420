"""People, the seats they hold in groups such as board and staff, and the page that shows them."""

from people.models.groups import PeopleGroup, Seat, seated_people
from people.models.leadership import LeadershipPage, profiles_address
from people.models.person import Person

__all__ = [
    "LeadershipPage",
    "PeopleGroup",
    "Person",
    "Seat",
    "profiles_address",
    "seated_people",
]
