"""An index on the paths of pages, by which each page is found (`BasePage.route`).

Wagtail has none, so that finding one page would read all of them. It is made after each migration,
since a migration of Wagtail's own may make the table anew, without what is not Wagtail's.
"""

from django.db import connections, router
from wagtail.models import Page

NAME = "pages_by_url_path"
# A path may be longer than what PostgreSQL keeps in an ordered index.
_WAYS = {"postgresql": "USING hash (url_path)", "sqlite": "(url_path)"}


def index_url_paths(using: str, **_kwargs: object) -> None:
    """Make the index where there are pages and it is missing."""
    connection = connections[using]
    way = _WAYS.get(connection.vendor)
    if way is None or not router.allow_migrate_model(using, Page):
        return
    table = Page._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return
        if NAME not in connection.introspection.get_constraints(cursor, table):
            cursor.execute(f"CREATE INDEX {NAME} ON {table} {way}")
