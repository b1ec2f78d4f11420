"""An index on the paths of pages, by which each page is found (`BasePage.route`).

Wagtail has none, so that finding one page would read all of them. It is made after each migration,
since a migration of Wagtail's own may make the table anew, without what is not Wagtail's.
"""

from django.db import connections
from wagtail.models import Page

# A path may be longer than what PostgreSQL keeps in an ordered index.
_WAYS = {"postgresql": "USING hash (url_path)", "sqlite": "(url_path)"}


def index_url_paths(using: str, **_kwargs: object) -> None:
    """Make the index where it is missing."""
    connection = connections[using]
    table = Page._meta.db_table
    way = _WAYS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX IF NOT EXISTS pages_by_url_path ON {table} {way}")
