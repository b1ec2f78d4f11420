"""Brings both tables to what was read, writing the difference alone, in one transaction.

Loaded twice, nothing is written the second time. What a killed run had written is rolled back.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection, transaction

from pages.generation import start_new_generation
from teachers.gazetteer.loading import Row
from teachers.listing import refresh
from teachers.models.place import Place, PlaceName
from teachers.models.teacher import Teacher

PLACE_COLUMNS = (
    "id", "kind", "name", "country", "region", "latitude", "longitude", "population",
    "region_name", "near", "says_kind",
)  # fmt: skip
NAME_COLUMNS = ("place_id", "name", "weight")
AT_ONCE = 20_000
# Filled first, outside of the transaction: a temporary table is the connection's own, so that
# nobody waits meanwhile.
_TEMPORARY = """
DROP TABLE IF EXISTS read_place;
DROP TABLE IF EXISTS read_name;
CREATE TEMPORARY TABLE read_place (
    id bigint PRIMARY KEY, kind text, name text, country text, region text,
    latitude {number}, longitude {number}, population bigint,
    region_name text, near text, says_kind boolean
);
CREATE TEMPORARY TABLE read_name (
    place_id bigint, name text {collation}, weight bigint, PRIMARY KEY (place_id, name)
) {storage}
"""
# What was read and is not so in the table, and what is in the table and was not read. A place
# that something points at is kept with its names, whether it was read or not.
_STEPS = """
CREATE TEMPORARY TABLE used_place AS {used};
DELETE FROM {name} WHERE place_id NOT IN (SELECT id FROM used_place)
    AND NOT EXISTS (SELECT 1 FROM read_place r WHERE r.id = {name}.place_id);
DELETE FROM {name} WHERE EXISTS (SELECT 1 FROM read_place r WHERE r.id = {name}.place_id)
    AND NOT EXISTS (
        SELECT 1 FROM read_name r WHERE r.place_id = {name}.place_id AND r.name = {name}.name
            AND r.weight = {name}.weight
    );
DELETE FROM {place} WHERE id NOT IN (SELECT id FROM used_place)
    AND NOT EXISTS (SELECT 1 FROM read_place r WHERE r.id = {place}.id);
INSERT INTO {place} ({columns}) SELECT {columns} FROM read_place WHERE true
    ON CONFLICT (id) DO UPDATE SET {changes} WHERE {differs};
INSERT INTO {name} (place_id, name, weight) SELECT place_id, name, weight FROM read_name r
    WHERE NOT EXISTS (
        SELECT 1 FROM {name} n WHERE n.place_id = r.place_id AND n.name = r.name
    )
    ORDER BY name;
DROP TABLE used_place
"""


def write_places(rows: list[Row]) -> None:
    """Bring the tables to these rows, and the directory's entries to places that moved."""
    rows = sorted(rows, key=lambda row: row.pk)  # so that the tables grow at their ends
    if Place.objects.exists():
        _write_difference(rows)
    else:
        _write_all(rows)
    for model in (Place, PlaceName):
        _execute(f"ANALYZE {model._meta.db_table}")
    start_new_generation()


def _write_all(rows: list[Row]) -> None:
    """Fill the empty tables, which nothing points at."""
    [index] = PlaceName._meta.indexes
    with transaction.atomic():
        # Made once from all names it takes a fraction of the time.
        _execute(f"DROP INDEX {index.name}")
        _put(Place._meta.db_table, PLACE_COLUMNS, (row.values for row in rows))
        _put(PlaceName._meta.db_table, NAME_COLUMNS, _names(rows))
        if connection.vendor == "postgresql":  # which indexes nothing that is yet to be checked
            connection.check_constraints()
        _execute(str(index.create_sql(PlaceName, connection.schema_editor())))


def _write_difference(rows: list[Row]) -> None:
    """Change, add and remove what was read otherwise."""
    _fill_temporary(rows)
    with transaction.atomic():
        before = _used_places()
        for step in _statements(_STEPS, **_parts()):
            _execute(step)
        after = _used_places()
        moved = [pk for pk, row in after.items() if before.get(pk) != row]
        refresh(list(Teacher.objects.filter(place__in=moved).values_list("pk", flat=True)))
    for step in ("DROP TABLE read_place", "DROP TABLE read_name"):
        _execute(step)


def _fill_temporary(rows: list[Row]) -> None:
    is_postgresql = connection.vendor == "postgresql"
    number = "double precision" if is_postgresql else "real"
    collation = 'COLLATE "C"' if is_postgresql else ""
    storage = "" if is_postgresql else "WITHOUT ROWID"
    parts = {"number": number, "collation": collation, "storage": storage}
    for step in _statements(_TEMPORARY, **parts):
        _execute(step)
    _put("read_place", PLACE_COLUMNS, (row.values for row in rows))
    _put("read_name", NAME_COLUMNS, _names(rows))
    if is_postgresql:  # the planner knows nothing of a table that is new
        _execute("ANALYZE read_place")
        _execute("ANALYZE read_name")


def _names(rows: list[Row]) -> Iterator[tuple]:
    """Return the rows of the table of names, in its order."""
    return ((row.pk, name, row.names[name]) for row in rows for name in sorted(row.names))


def _put(table: str, columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """Put rows into a table as fast as the database takes them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        for chunk in _chunks(rows):
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608
                chunk,
            )


def _parts() -> dict[str, str]:
    """Return what the statements are made of: names of tables and columns, and nothing else."""
    changing = PLACE_COLUMNS[1:]
    place = Place._meta.db_table
    used = [
        f"SELECT {relation.field.column} AS id FROM {relation.related_model._meta.db_table} "  # noqa: S608
        f"WHERE {relation.field.column} IS NOT NULL"
        for relation in _uses()
    ]
    return {
        "place": place,
        "name": PlaceName._meta.db_table,
        "columns": ", ".join(PLACE_COLUMNS),
        "used": " UNION ".join(used),
        "changes": ", ".join(f"{column} = excluded.{column}" for column in changing),
        "differs": " OR ".join(f"{place}.{column} <> excluded.{column}" for column in changing),
    }


def _uses() -> list:
    """Return the relations by which other tables point at places."""
    return [
        relation
        for relation in Place._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
        if relation.related_model is not PlaceName
    ]


def _used_places() -> dict[int, tuple]:
    """Return what entries of the directory are made of, of each place that a teacher has."""
    used = Place.objects.filter(pk__in=Teacher.objects.values("place"))
    return {
        row[0]: row for row in used.values_list("pk", "country", "region", "latitude", "longitude")
    }


def _statements(text: str, **parts: str) -> list[str]:
    return [step.strip() for step in text.format(**parts).split(";")]


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _chunks(rows: Iterable[tuple]) -> Iterator[list[tuple]]:
    rest = iter(rows)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
