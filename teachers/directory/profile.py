"""A teacher's profile: what visitors are told of one, and what machines are."""

from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from pages.metadata import absolute
from teachers.gazetteer.labels import label_of
from teachers.models.levels import Program, TrainingLevel
from teachers.models.teacher import Teacher


@dataclass(frozen=True)
class Profile:
    """A teacher, published or in a preview, with everything in the active language."""

    teacher: Teacher
    level: TrainingLevel
    place: str
    programs: list[Program]

    @property
    def summary(self) -> str:
        """One line for search engines: name, level, place and languages."""
        teacher = self.teacher
        parts = [self.level.name, self.place, ", ".join(teacher.language_names)]
        return f"{teacher.name}: {' · '.join(filter(None, parts))}"

    @property
    def website_in_short(self) -> str:
        """The website's address as people say it."""
        address = self.teacher.website.partition("://")[2].removeprefix("www.")
        return address.rstrip("/")

    @property
    def phone_in_short(self) -> str:
        """The phone number as a phone dials it (RFC 3966)."""
        return "".join(sign for sign in self.teacher.public_phone if sign in "+0123456789")

    @property
    def formats(self) -> list[str]:
        """Where the teacher teaches, in words."""
        teacher = self.teacher
        ways = [(teacher.teaches_in_person, _("In person")), (teacher.teaches_online, _("Online"))]
        return [words for teaches, words in ways if teaches]


def profile_of(teacher: Teacher) -> Profile:
    """Return the profile of a teacher, saved or not."""
    return Profile(
        teacher=teacher,
        level=teacher.level.localized,
        place=label_of(teacher.place) if teacher.place else "",
        programs=[program.localized for program in teacher.programs.all()],
    )


def person_data(profile: Profile, address: str) -> dict:
    """Return the teacher as a schema.org Person; neither mail address nor position is among it."""
    teacher = profile.teacher
    facts = {
        "@type": "Person",
        "@id": address,
        "url": address,
        "name": teacher.name,
        "honorificSuffix": teacher.credentials,
        "jobTitle": profile.level.name,
        "description": " ".join(strip_tags(teacher.biography.replace(">", "> ")).split()),
        "knowsLanguage": sorted(teacher.languages),
        "workLocation": profile.place and {"@type": "Place", "name": profile.place},
        "telephone": teacher.public_phone,
        "sameAs": [teacher.website] if teacher.website else [],
        "affiliation": {"@id": absolute("/#organization")},
    }
    return {name: value for name, value in facts.items() if value}
