"""The sample content that is measured: run as `python -m benchmarks.samples` in a site.

It prints the addresses of what it made as JSON.
"""

import json

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from finance.models import Filing  # noqa: E402
from pages.models import SectionPage, StandardPage  # noqa: E402
from people.models import PeopleGroup, Person  # noqa: E402
from people.models.groups import seated_people  # noqa: E402
from teachers.models import DirectoryEntry  # noqa: E402
from teachers.sample import load_sample_teachers  # noqa: E402
from tests.browser.sample_site import every_block, raw  # noqa: E402
from tests.factories import (  # noqa: E402
    AnnouncementFactory,
    AnnualFiguresFactory,
    FilingFactory,
    ImageFactory,
    SeatFactory,
    SectionPageFactory,
    StandardPageFactory,
    home,
)

PAGES, IN_A_SECTION = 100, 20
PEOPLE, FILINGS, TEACHERS = 8, 2, 1000


def fill() -> None:
    """Make the least of each that is measured, and one page of each type."""
    with transaction.atomic():
        _pages()
        _people()
        _finance()
        AnnouncementFactory(link_text="Read more", link_address="/about/")
    load_sample_teachers(TEACHERS)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _pages() -> None:
    body = StandardPage._meta.get_field("body").stream_block.to_python(raw(every_block()))
    page = StandardPageFactory(
        parent=home(), title="Sample page with every block", slug="sample-blocks", body=body,
        introduction="A sample introduction.", show_contents=True, show_updated=True,
    )  # fmt: skip
    while (missing := PAGES - page.get_root().get_descendant_count() - 1) > 0:
        section = SectionPageFactory(parent=home())
        for _number in range(min(missing - 1, IN_A_SECTION)):
            StandardPageFactory(parent=section, introduction="A sample introduction.")


def _people() -> None:
    staff = PeopleGroup.objects.get(slug="staff")
    for person in Person.objects.all():
        person.portrait = ImageFactory(title=f"Sample portrait of {person.name}")
        person.short_biography = "Sample words in place of a biography."
        person.save()
    while Person.objects.count() < PEOPLE:
        SeatFactory(group=staff, person__short_biography="Sample words.")


def _finance() -> None:
    while (count := Filing.objects.public().count()) < FILINGS:
        FilingFactory(title="", fiscal_year=2021 - count, summary="A sample summary.")
    for year in (2021, 2020):
        AnnualFiguresFactory(fiscal_year=year)


def addresses() -> dict[str, str]:
    """Return the address of a page of each type, and of what is searched."""
    section = SectionPage.objects.filter(slug__startswith="sample-section").first()
    return {
        "home": "/",
        "section": section.url,
        "mission": "/about/mission/",
        "text": section.get_children().first().url,
        "text with every block": "/sample-blocks/",
        "leadership": "/about/leadership/",
        "person": f"/about/leadership/{seated_people().order_by('pk')[0].slug}/",
        "financial reports": "/about/financials/",
        "newsletter": "/newsletter/",
        "directory": "/teachers/",
        "directory, near a town": "/teachers/?near=Lyon",
        "directory, by name": "/teachers/?q=Maria",
        "teacher": f"/teachers/{DirectoryEntry.objects.order_by('pk')[0].slug}/",
        "search": "/search/?q=sample",
        "search, for pages": "/search/?q=sample&type=pages",
    }


if __name__ == "__main__":
    fill()
    print(json.dumps(addresses()))
