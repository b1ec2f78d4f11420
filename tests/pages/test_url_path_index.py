"""A page is found by its path without reading all pages."""

import pytest
from django.db import connection
from wagtail.models import Page

from pages.url_path_index import index_url_paths

pytestmark = pytest.mark.django_db


def indexes() -> dict:
    """The indexes of the pages' table, by name."""
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, Page._meta.db_table)


def test_the_migrations_leave_an_index_on_paths():
    assert indexes()["pages_by_url_path"]["columns"] == ["url_path"]


def test_it_is_made_again_where_a_migration_lost_it():
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX pages_by_url_path")
    for _again in range(2):
        index_url_paths(using="default")
    assert "pages_by_url_path" in indexes()


def test_nothing_is_made_where_there_are_no_pages_yet(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX pages_by_url_path")
    monkeypatch.setattr(connection.introspection, "table_names", lambda cursor: [])
    index_url_paths(using="default")
    assert "pages_by_url_path" not in indexes()
