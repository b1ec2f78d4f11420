"""The schema is told in migrations; the blocks of pages are not."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.search.models import IndexEntry

from pages.models import StandardPage

OURS = {"accounts", "finance", "library", "newsletter", "pages", "people", "teachers"}


@pytest.mark.django_db
def test_no_migration_is_missing():
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes detected" in out.getvalue()


def test_blocks_stay_out_of_migrations():
    _name, path, args, kwargs = StandardPage._meta.get_field("body").deconstruct()
    assert path == "wagtail.fields.StreamField"
    assert args == [[]]
    assert kwargs["block_lookup"] == {}


def test_there_is_one_migration_an_app_while_nothing_is_deployed():
    names = [key for key in MigrationLoader(None).disk_migrations if key[0] in OURS]
    assert sorted(names) == [(app, "0001_initial") for app in sorted(OURS)]


@pytest.mark.django_db
def test_searches_are_answered_from_an_index_where_wagtail_has_none():
    table = IndexEntry._meta.db_table
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, table)
    assert ("search_title_and_body" in indexes) == (connection.vendor == "postgresql")
