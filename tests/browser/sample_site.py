"""Fills a running test site with sample content: every block, portraits, a signed-in editor.

Run as `python -m tests.browser.sample_site` with the site's environment.
"""

import datetime

import django

django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.db import transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from finance.kinds import Kind  # noqa: E402
from pages.content.loader import load_site  # noqa: E402
from pages.models import SectionPage, StandardPage  # noqa: E402
from people.models import PeopleGroup, Person  # noqa: E402
from teachers.folding import place_key  # noqa: E402
from teachers.models import Place, PlaceName, TrainingLevel  # noqa: E402
from tests.factories import (  # noqa: E402
    PASSWORD,
    AnnouncementFactory,
    AnnualFiguresFactory,
    DocumentFactory,
    FilingFactory,
    FilingFileFactory,
    ImageFactory,
    PlaceFactory,
    ProgramFactory,
    SeatFactory,
    StandardPageFactory,
    TeacherFactory,
    UserFactory,
    home,
    pdf_bytes,
)

EDITOR = "editor@example.org"
BOARD_MEMBER = "board@example.org"
TOWN, STATE, COUNTRY = Place.Kind.TOWN, Place.Kind.STATE, Place.Kind.COUNTRY
# Kind, name, country, region and what it is called, latitude, longitude, people, other names.
PLACES = [
    (TOWN, "Lyon", "FR", "84", "", 45.75, 4.85, 522_250, ["Lione"]),
    (TOWN, "Villeurbanne", "FR", "84", "", 45.77, 4.88, 131_445, []),
    (TOWN, "Grenoble", "FR", "84", "", 45.17, 5.72, 158_552, []),
    (TOWN, "Paris", "FR", "11", "", 48.85, 2.35, 2_138_551, ["Париж"]),
    (TOWN, "Geneva", "CH", "GE", "", 46.2, 6.15, 183_981, ["Genève"]),
    (TOWN, "Munich", "DE", "02", "", 48.14, 11.58, 1_260_391, ["München"]),
    (TOWN, "Portland", "US", "OR", "Oregon", 45.52, -122.68, 652_503, []),
    (TOWN, "Portland", "US", "ME", "Maine", 43.66, -70.26, 66_881, []),
    (TOWN, "Tokyo", "JP", "40", "", 35.69, 139.69, 8_336_599, ["東京"]),
    (TOWN, "Nairobi", "KE", "05", "", -1.28, 36.82, 2_750_547, []),
    (TOWN, "Suva", "FJ", "01", "", -18.14, 178.44, 77_366, []),
    (TOWN, "Auckland", "NZ", "E7", "", -36.85, 174.76, 417_910, []),
    (STATE, "Oregon", "US", "OR", "", 44.0, -120.5, 3_642_919, []),
    (STATE, "Maine", "US", "ME", "", 45.5, -69.25, 1_325_518, []),
    (COUNTRY, "France", "FR", "", "", 46.0, 2.0, 64_768_389, ["Frankreich"]),
    (COUNTRY, "Switzerland", "CH", "", "", 47.0, 8.0, 8_484_100, []),
    (COUNTRY, "Germany", "DE", "", "", 51.5, 10.5, 81_802_257, []),
    (COUNTRY, "United States", "US", "", "", 39.76, -98.5, 310_232_863, ["USA"]),
    (COUNTRY, "Japan", "JP", "", "", 35.7, 139.7, 127_288_000, []),
    (COUNTRY, "Kenya", "KE", "", "", 1.0, 38.0, 40_046_566, []),
    (COUNTRY, "Fiji", "FJ", "", "", -18.0, 178.0, 875_983, []),
    (COUNTRY, "New Zealand", "NZ", "", "", -42.0, 174.0, 4_252_277, []),
]
RICH = "<p>Sample words with <b>bold</b>, <i>italic</i> and <a href='/about/'>a link</a>.</p>"


def every_block() -> list[tuple[str, object]]:
    """Return a body with each block at least once, headings in order."""
    picture = ImageFactory(title="Sample picture", description="A sample picture in one colour")
    about = SectionPage.objects.get(slug="about")
    card = {"text": "", "page": about, "address": "", "summary_text": "", "image": None}
    with_picture = {**card, "text": "A card with a picture", "page": None, "address": "/search/"}
    button = {"text": "Read on", "page": about, "address": ""}
    rows = [{"values": ["One", "1", RICH]}, {"values": ["Two", "2.5", RICH]}]
    columns = [
        {"type": "text", "heading": "Name"},
        {"type": "number", "heading": "Number"},
        {"type": "rich_text", "heading": "Words that make the column wide"},
    ]
    raw_picture = {"image": picture.pk, "decorative": False, "alt_text": "A sample picture"}
    return [
        ("heading", {"text": "A sample heading", "level": "2"}),
        ("text", RICH + "<ul><li>One</li><li>Two</li></ul><ol><li>First</li></ol>"),
        ("heading", {"text": "A sample heading below it", "level": "3"}),
        ("quotation", {"quotation": "Sample words.", "attribution": "Nobody", "source": "Nowhere"}),
        ("callout", {"tone": "note", "title": "A note", "text": RICH}),
        ("callout", {"tone": "care", "title": "", "text": RICH}),
        ("heading", {"text": "Third level", "level": "4"}),
        ("accordion", {"items": [{"question": "A sample question?", "answer": RICH}] * 2}),
        (
            "table",
            {
                "caption": "A sample table",
                "first_column_is_header": True,
                "table": {"columns": columns, "rows": rows, "caption": ""},
            },
        ),
        ("picture", {"image": raw_picture, "caption": "A sample caption"}),
        ("document", {"document": DocumentFactory().pk, "title": "", "description": "A sample."}),
        (
            "video",
            {
                "address": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
                "title": "A sample video",
                "length": "3:32",
                "transcript": RICH,
            },
        ),
        ("cards", {"heading": "Sample cards", "cards": [card, with_picture]}),
        ("cards", {"heading": "", "cards": [card]}),
        ("call_to_action", {"heading": "A sample call", "text": RICH, "link": button}),
    ]


def raw(blocks: list[tuple[str, object]]) -> list[dict]:
    """Return blocks as a StreamField stores them."""

    def plain(value):
        if isinstance(value, dict):
            return {name: plain(part) for name, part in value.items()}
        if isinstance(value, list):
            return [plain(part) for part in value]
        return value.pk if hasattr(value, "pk") else value

    return [{"type": kind, "value": plain(value)} for kind, value in blocks]


@transaction.atomic
def fill() -> None:
    """Make the sample content, on a site that knows its own address."""
    load_site()
    User.objects.create_superuser(EDITOR, PASSWORD, first_name="Sample", last_name="Editor")
    body = StandardPage._meta.get_field("body").stream_block.to_python(raw(every_block()))
    StandardPageFactory(
        parent=home(),
        title="Sample page with every block",
        slug="sample-blocks",
        introduction="A sample introduction.",
        body=body,
        show_contents=True,
        show_updated=True,
    )
    portrait = ImageFactory(title="Sample portrait")
    lisa = Person.objects.get(slug="lisa-baylis")
    lisa.portrait, lisa.short_biography = portrait, "Sample words in place of a biography."
    lisa.save()
    SeatFactory(
        group=PeopleGroup.objects.get(slug="staff"),
        person__name="Maximiliana Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh",
        person__credentials="PhD, LCSW, MSC",
        title="Sample Director of Correspondence with the Whole of the World",
    )
    AnnouncementFactory(link_text="About us", link_address="/about/")
    fill_finance()
    fill_teachers()


def fill_finance() -> None:
    """File a replaced return, its amendment, a letter and a board paper; give figures."""
    filing = FilingFactory(
        title="",
        fiscal_year_end=datetime.date(2021, 6, 30),
        issued_on=datetime.date(2022, 5, 15),
        summary="A sample summary of what the return says.",
    )
    filing.file = FilingFileFactory(content=pdf_bytes("Second"), reason="Page 4 was missing")
    filing.save()
    FilingFactory(title="", fiscal_year_end=datetime.date(2021, 6, 30), amends=filing)
    FilingFactory(title="", fiscal_year=2020, file__is_placeholder=True)
    FilingFactory(title="", fiscal_year=2014, kind=Kind.DETERMINATION_LETTER)
    FilingFactory(title="Sample minutes", board=True)
    figures = {"source": filing, "explanation": "A sample sentence on what changed."}
    AnnualFiguresFactory(fiscal_year_end=datetime.date(2021, 6, 30), **figures)
    AnnualFiguresFactory(fiscal_year=2020, fundraising_expenses=None, net_assets=-20)
    member = UserFactory(email=BOARD_MEMBER)
    member.groups.add(Group.objects.get(name="Board"))


def fill_places() -> None:
    """Fill the gazetteer with a few places."""
    for at, place in enumerate(PLACES):
        kind, name, country, region, region_name, latitude, longitude, people, others = place
        row = PlaceFactory(
            id=910_000_000 + at,
            kind=kind,
            name=name,
            country=country,
            region=region,
            region_name=region_name,
            latitude=latitude,
            longitude=longitude,
            population=people,
        )
        keys = {place_key(words) for words in (name, *others)}
        PlaceName.objects.bulk_create(PlaceName(place=row, name=key, weight=people) for key in keys)


def fill_teachers() -> None:
    """List a teacher in each town, and in Lyon so many that there is a second page of them."""
    fill_places()
    programs = [ProgramFactory(name=f"Sample {name}") for name in ("course", "program for teens")]
    sample = {"is_sample": True, "biography": RICH}
    trained = TrainingLevel.objects.get(name="Trained Teacher")
    for at, town in enumerate(Place.objects.filter(kind=TOWN).order_by("id")):
        teacher = TeacherFactory(
            name=f"Sample Teacher of {town.name}",
            slug=f"sample-{at}",
            place=town,
            languages=["en", "fr"] if town.country in {"FR", "CH"} else ["en"],
            teaches_online=at % 3 == 0,
            **sample,
        )
        teacher.programs.set(programs[: at % 3])
        teacher.save()
    lyon = Place.objects.get(name="Lyon")
    for at in range(21):
        TeacherFactory(name=f"Sample Trained {at:02}", place=lyon, level=trained, **sample)
    TeacherFactory(
        name="Maximiliana Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh",
        slug="sample-long-name",
        credentials="PhD, LCSW, MSC",
        place=lyon,
        is_trainer=True,
        portrait=ImageFactory(title="Sample portrait of a teacher"),
        website="https://www.example.org/",
        teaches_online=True,
        **sample,
    )


if __name__ == "__main__":
    fill()
