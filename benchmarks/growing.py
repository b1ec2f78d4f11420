"""Makes a site's sample content grow: `python -m benchmarks.growing` in the site's environment.

Rows are copied by the database itself, since making a hundred thousand teachers one by one would
take longer than all that is measured.
"""

import math
import sys
import uuid

import django

django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from wagtail.models import Page  # noqa: E402
from wagtail.search.models import IndexEntry  # noqa: E402

from benchmarks.samples import IN_A_SECTION  # noqa: E402
from finance.models import Filing, FilingFile  # noqa: E402
from newsletter.models import ConsentEvent, Subscriber  # noqa: E402
from pages.generation import start_new_generation  # noqa: E402
from pages.models import PageText, SectionPage, StandardPage  # noqa: E402
from people.models import PeopleGroup, Person, Seat  # noqa: E402
from teachers.listing import count_anew  # noqa: E402
from teachers.models import DirectoryEntry, Teacher  # noqa: E402
from teachers.models.name_words import EntryWord  # noqa: E402
from teachers.sample import load_sample_teachers  # noqa: E402
from tests.factories import home  # noqa: E402

PAGES, PEOPLE, FILINGS, TEACHERS, SUBSCRIBERS = 10_000, 1000, 300, 100_000, 1_000_000
MADE_TEACHERS = 5000  # the others are copies of these
AT_ONCE = 500


# --- Copies made by the database -----------------------------------------------------------------


def copy_rows(
    model: type[models.Model], times: int, changed: dict[str, str], where: str = "1 = 1"
) -> None:
    """Copy the rows that are there so many times; `changed` says what each copy has instead.

    The SQL in it may use `n`, the number of the copy, from 1.
    """
    columns = [field.column for field in model._meta.concrete_fields if _is_copied(field, changed)]
    values = ", ".join(changed.get(column, f"it.{column}") for column in columns)
    table = model._meta.db_table
    _run(
        f"WITH RECURSIVE copies (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies"  # noqa: S608
        f" WHERE n < {times}) INSERT INTO {table} ({', '.join(columns)})"
        f" SELECT {values} FROM copies, {table} it WHERE {where}"
    )


def _is_copied(field: models.Field, changed: dict[str, str]) -> bool:
    return not field.primary_key or field.column in changed


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _new_uuid() -> str:
    return "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"


def _last(model: type[models.Model]) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


# --- What grows ----------------------------------------------------------------------------------


def grow_subscribers(count: int) -> None:
    """Make subscribers who have confirmed, each with a line of history, until there are `count`."""
    first = Subscriber.objects.count()
    if not first:
        one = Subscriber.objects.create(
            address="s0@example.org", key="s0@example.org", state="confirmed"
        )
        ConsentEvent.objects.create(subscriber=one, act="confirmed")
        first = 1
    original, event = _last(Subscriber), _last(ConsentEvent)
    address = f"'s' || ({first} + n) || '@example.org'"
    changed = {
        "id": f"{original} + n",
        "address": address,
        "key": address,
        "handle": f"'s' || ({first} + n)",
    }
    copy_rows(Subscriber, count - first, changed, f"it.id = {original}")
    copy_rows(ConsentEvent, count - first, {"subscriber_id": f"{original} + n"}, f"it.id = {event}")


def grow_teachers(count: int, made: int) -> None:
    """Make `made` sample teachers, and copies of them until there are `count`."""
    load_sample_teachers(made)
    times = count // made - 1
    if times < 1:
        return
    shift = _last(Teacher) + 1
    moved = f"+ n * {shift}"
    number = "'-' || n"
    changed = {
        "id": f"it.id {moved}",
        "slug": f"it.slug || {number}",
        "handle": "it.id || 'c' || n",
        "contact_address": "'c' || n || it.contact_address",
        "contact_key": "'c' || n || it.contact_key",
    }
    copy_rows(Teacher, times, changed)
    copy_rows(Teacher.programs.through, times, {"teacher_id": f"it.teacher_id {moved}"})
    entries = {"teacher_id": f"it.teacher_id {moved}", "slug": f"it.slug || {number}"}
    copy_rows(DirectoryEntry, times, entries)
    copy_rows(EntryWord, times, {"entry_id": f"it.entry_id {moved}"})
    kinds = ContentType.objects.get_for_models(Teacher, DirectoryEntry).values()
    where = f"it.content_type_id IN ({', '.join(str(kind.pk) for kind in kinds)})"
    found = {"object_id": f"CAST(CAST(it.object_id AS INTEGER) {moved} AS VARCHAR(50))"}
    copy_rows(IndexEntry, times, found, where)
    count_anew()


def grow_people(count: int) -> None:
    """Make people who hold a seat among the staff today, until there are `count`."""
    missing = count - Person.objects.count()
    shift, original = _last(Person), _last(Person)
    seat = Seat.objects.filter(person=original).order_by("pk").first() or _seat_of(original)
    changed = {
        "id": f"{shift} + n",
        "slug": "'sample-copy-' || n",
        "name": "'Sample Copy ' || n",
        "translation_key": _new_uuid(),
    }
    copy_rows(Person, missing, changed, f"it.id = {original}")
    seats = {
        "person_id": f"{shift} + n",
        "translation_key": _new_uuid(),
        "sort_order": "1000 + n",
    }
    copy_rows(Seat, missing, seats, f"it.id = {seat.pk}")
    _copy_index(Person, original, shift)


def _seat_of(person: int) -> Seat:
    group = PeopleGroup.objects.get(slug="staff")
    return Seat.objects.create(group=group, person_id=person, title="Sample", sort_order=999)


def end_seats() -> None:
    """Let the seats of the copies be over, as of people who were here once."""
    Seat.objects.filter(person__slug__startswith="sample-copy-").update(ends_on="2020-12-31")
    start_new_generation()


def grow_filings(count: int) -> None:
    """Make filings of the same file, over thirty years, until there are `count`."""
    missing = count - Filing.objects.count()
    original = Filing.objects.public().order_by("pk").first()
    shift, file_shift = _last(Filing), _last(FilingFile)
    changed = {
        "id": f"{shift} + n",
        "slug": "it.slug || '-' || n",
        "translation_key": _new_uuid(),
        "fiscal_year": "2025 - n % 30",
        "address_year": "2025 - n % 30",
        "title": "'Sample filing ' || n",
        "file_id": "NULL",
    }
    copy_rows(Filing, missing, changed, f"it.id = {original.pk}")
    files = {"id": f"{file_shift} + n", "filing_id": f"{shift} + n"}
    copy_rows(FilingFile, missing, files, f"it.id = {original.file_id}")
    _run(
        f"UPDATE {Filing._meta.db_table} SET file_id = id - {shift} + {file_shift}"  # noqa: S608
        f" WHERE id > {shift}"
    )
    _copy_index(Filing, original.pk, shift)


def grow_pages(count: int) -> None:
    """Make pages of text in sections of twenty, until there are `count`; paths set by hand."""
    top = home()
    missing = count - Page.objects.count()
    sections = math.ceil(missing / (IN_A_SECTION + 1))
    section = SectionPage.objects.filter(slug__startswith="sample-section").order_by("pk").first()
    text = StandardPage.objects.child_of(section).order_by("pk").first()
    # The tree of many: under a few large sections, as no menu holds hundreds.
    before, number = top.numchild, 0
    made: list[Page] = []
    wide = math.ceil(math.sqrt(sections))
    for one in range(sections):
        large, small = divmod(one, wide)
        parent_path = Page._get_path(top.path, 3, before + large + 1)
        parent_url = f"{top.url_path}grown-{large}/"
        if small == 0:
            made.append(_page(section, parent_path, parent_url, f"grown-{large}", wide))
        path, url = Page._get_path(parent_path, 4, small + 1), f"{parent_url}part-{small}/"
        made.append(_page(section, path, url, f"part-{small}", IN_A_SECTION))
        for leaf in range(IN_A_SECTION):
            number += 1
            slug = f"sample-grown-{number}"
            made.append(_page(text, Page._get_path(path, 5, leaf + 1), f"{url}{slug}/", slug, 0))
    _write_pages(made[:missing], section, text)
    Page.objects.filter(pk=top.pk).update(numchild=before + math.ceil(sections / wide))


def _page(like: Page, path: str, url_path: str, slug: str, children: int) -> Page:
    values = {
        field.attname: getattr(like, field.attname)
        for field in Page._meta.concrete_fields
        if not field.primary_key
    }
    values |= {"path": path, "depth": len(path) // 4, "numchild": children, "slug": slug}
    values |= {"url_path": url_path, "translation_key": uuid.uuid4(), "title": f"Sample {slug}"}
    values |= {"draft_title": values["title"], "latest_revision_id": None, "live_revision_id": None}
    return Page(**values)


def _write_pages(made: list[Page], section: SectionPage, text: StandardPage) -> None:
    Page.objects.bulk_create(made, batch_size=AT_ONCE)
    for model, like in ((SectionPage, section), (StandardPage, text)):
        pks = [page.pk for page in made if page.content_type_id == like.content_type_id]
        own = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        columns = ", ".join(field.column for field in own)
        _run(
            f"INSERT INTO {model._meta.db_table} (page_ptr_id, {columns})"  # noqa: S608
            f" SELECT page.id, {', '.join('it.' + field.column for field in own)}"
            f" FROM {model._meta.db_table} it, {Page._meta.db_table} page"
            f" WHERE it.page_ptr_id = {like.pk} AND page.id >= {made[0].pk}"
            f" AND page.content_type_id = {like.content_type_id}"
        )
        PageText.objects.bulk_create(
            (PageText(page_id=pk, text="Sample words of a page.") for pk in pks), AT_ONCE
        )
        _copy_index(model, like.pk, made[0].pk - 1)


def _copy_index(model: type[models.Model], original: int, after: int) -> None:
    """Let the search know the rows whose key is larger than `after` as it knows the original."""
    kind = ContentType.objects.get_for_model(model)
    entry = IndexEntry.objects.filter(content_type=kind, object_id=str(original)).first()
    if entry is None:
        return
    columns = [field.column for field in IndexEntry._meta.concrete_fields if not field.primary_key]
    values = [f"it.{column}" for column in columns]
    key = model._meta.pk.column
    values[columns.index("object_id")] = f"CAST(one.{key} AS VARCHAR(50))"
    table = IndexEntry._meta.db_table
    _run(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"  # noqa: S608
        f" FROM {table} it, {model._meta.db_table} one"
        f" WHERE it.id = {entry.pk} AND one.{key} > {after}"
    )


def grow_all() -> None:
    """Make everything as large as it is measured."""
    for grow in (
        lambda: grow_pages(PAGES),
        lambda: grow_people(PEOPLE),
        lambda: grow_filings(FILINGS),
        lambda: grow_teachers(TEACHERS, MADE_TEACHERS),
        lambda: grow_subscribers(SUBSCRIBERS),
    ):
        with transaction.atomic():
            grow()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    start_new_generation()


if __name__ == "__main__":
    if "--end-seats" in sys.argv:
        end_seats()
    elif "--subscribers" in sys.argv:
        grow_subscribers(int(sys.argv[-1]))
    else:
        grow_all()
