"""Makes up teachers to try the directory with. Each says that it is a sample."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, islice
from random import Random

from babel.languages import get_official_languages
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from pages.generation import start_new_generation
from teachers.folding import fold
from teachers.languages import language_names
from teachers.listing import count_anew, refresh
from teachers.models import Place, Program, Teacher, TrainingLevel
from teachers.models.settings import first_listed_rank
from teachers.sample_names import MARK, make_name

AT_ONCE = 1000
PROGRAMS = ("Sample program A", "Sample program B", "Sample program C")
BIOGRAPHY = (
    "<p>This is a sample teacher, made up to try the directory. Nobody of this name is meant, and "
    "no message reaches anyone.</p><p>Sample words: {topics}.</p>"
)
TOPICS = (
    "caregivers", "teens", "couples", "body image", "chronic pain", "grief", "parents", "teachers",
    "nurses", "burnout", "anxiety", "meditation", "yoga", "nature", "shame", "anger", "sleep",
)  # fmt: skip
# Samples were renewed within so many days, so that the next renewals come one by one.
RENEWED_WITHIN = 300


class SampleError(Exception):
    """Raised where samples may not be made, with a sentence that says what to set."""


@dataclass(frozen=True)
class _Choices:
    """What a sample teacher is put together from."""

    levels: list[TrainingLevel]
    programs: list[Program]
    towns: list[tuple[int, str]]
    people: list[int]  # who live in this town and all before it
    languages: dict[str, list[str]]

    @property
    def highest(self) -> int:
        """The key of the last level."""
        return self.levels[-1].pk


def load_sample_teachers(
    count: int, seed: int = 1, tell: Callable[[int, int], None] | None = None
) -> int:
    """Make samples until there are `count`; return how many were made.

    The same seed makes the same teachers in the same places. `tell` is told after each part how
    many of how many are made. Raises SampleError unless SAMPLE_CONTENT is on.
    """
    if not settings.SAMPLE_CONTENT:
        raise SampleError("Sample teachers need SAMPLE_CONTENT=on, which no public site has.")
    there = _numbers_of_samples()
    missing = [number for number in range(1, count + 1) if number not in there]
    missing = missing[: max(0, count - len(there))]
    if not missing:
        return 0
    choices = _choices()
    made, rest = 0, iter(missing)
    while numbers := list(islice(rest, AT_ONCE)):
        _make(numbers, seed, choices)
        made += len(numbers)
        if tell:
            tell(made, len(missing))
    count_anew()
    start_new_generation()
    return made


def remove_sample_teachers(tell: Callable[[int, int], None] | None = None) -> int:
    """Remove all samples and their programs; return how many teachers were removed."""
    pks = list(Teacher.objects.filter(is_sample=True).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        Teacher.objects.filter(pk__in=pks[start : start + AT_ONCE]).delete()
        if tell:
            tell(min(start + AT_ONCE, len(pks)), len(pks))
    used = Teacher.programs.through.objects.values("program")
    Program.objects.filter(name__in=PROGRAMS).exclude(pk__in=used).delete()
    start_new_generation()
    return len(pks)


def has_places() -> bool:
    """Tell whether the gazetteer is loaded; without it, samples have no town."""
    return Place.objects.filter(kind=Place.Kind.TOWN).exists()


def _numbers_of_samples() -> set[int]:
    keys = Teacher.objects.filter(is_sample=True).values_list("contact_key", flat=True)
    return {int(key.partition("@")[0].rpartition("-")[2]) for key in keys}


def _choices() -> _Choices:
    first = first_listed_rank()
    levels = list(TrainingLevel.objects.filter(rank__gte=first).order_by("rank", "pk"))
    if not levels:
        raise SampleError("There are no levels yet. Run: python manage.py load_site")
    for name in PROGRAMS:
        if not Program.objects.filter(name=name).exists():
            Program.objects.create(
                name=name, description="A sample, to try the directory with.", sort_order=100
            )
    towns = Place.objects.filter(kind=Place.Kind.TOWN, population__gt=0).order_by("id")
    rows = list(towns.values_list("pk", "country", "population"))
    return _Choices(
        levels=levels,
        programs=list(Program.objects.order_by("sort_order", "name", "pk")),
        towns=[(pk, country) for pk, country, _people in rows],
        people=list(accumulate(people for _pk, _country, people in rows)),
        languages={country: _languages_of(country) for country in {row[1] for row in rows}},
    )


def _languages_of(country: str) -> list[str]:
    known = language_names()
    official = get_official_languages(country, regional=True, de_facto=True)
    return [code for code in dict.fromkeys(code[:2] for code in official) if code in known][:4]


@transaction.atomic
def _make(numbers: list[int], seed: int, choices: _Choices) -> None:
    teachers, programs = [], []
    for number in numbers:
        random = Random(f"{seed}:{number}")  # noqa: S311
        teachers.append(_teacher(number, random, choices))
        programs.append(random.sample(choices.programs, random.choice((0, 1, 1, 2, 3))))
    Teacher.objects.bulk_create(teachers)
    through = Teacher.programs.through
    through.objects.bulk_create(
        through(teacher_id=teacher.pk, program_id=program.pk)
        for teacher, taught in zip(teachers, programs, strict=True)
        for program in taught
    )
    refresh([teacher.pk for teacher in teachers])


def _teacher(number: int, random: Random, choices: _Choices) -> Teacher:
    place, country = _town(random, choices)
    made_up = make_name(random, country)
    name = f"{made_up.name} {MARK}"
    address = f"sample-{number}@example.org"
    level = random.choice(choices.levels)
    topics = ", ".join(random.sample(TOPICS, 3))
    now, renewed = timezone.now(), datetime.timedelta(days=random.randrange(RENEWED_WITHIN))
    return Teacher(
        name=name,
        slug=f"{slugify(made_up.name)[:90]}-sample-{number}".lstrip("-"),
        sort_name=_filed(made_up.name, made_up.family),
        search_name=fold(name)[:250],
        credentials=random.choice(("", "", "", "PhD", "LCSW", "MD", "RN", "MA")),
        biography=BIOGRAPHY.format(topics=topics),
        level=level,
        level_date=timezone.localdate() - datetime.timedelta(days=random.randrange(30, 3000)),
        is_trainer=level.pk == choices.highest and random.random() < 0.15,
        languages=_languages(random, choices.languages.get(country, [])),
        teaches_in_person=(in_person := random.random() < 0.8),
        teaches_online=not in_person or random.random() < 0.5,
        place_id=place,
        website=f"https://example.org/sample-teacher-{number}" if random.random() < 0.6 else "",
        contact_address=address,
        contact_key=address,
        agreed_to_be_listed=True,
        last_confirmed=timezone.localdate() - renewed,
        wants_reminders=False,
        is_sample=True,
        live=True,
        first_published_at=now,
        last_published_at=now,
    )


def _town(random: Random, choices: _Choices) -> tuple[int | None, str]:
    """Choose a town, the likelier the more people live there."""
    if not choices.towns:
        return None, ""
    return random.choices(choices.towns, cum_weights=choices.people)[0]


def _filed(name: str, family: str) -> str:
    first = name.replace(family, "", 1).strip(" -")
    return f"{family}, {first} {MARK}" if first else f"{name} {MARK}"


def _languages(random: Random, spoken: list[str]) -> list[str]:
    """Choose what people speak there, and English for most."""
    own = spoken[: random.choice((1, 1, 1, 2))]
    return list(dict.fromkeys([*own, "en"] if random.random() < 0.7 or not own else own))
