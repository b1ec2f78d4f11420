"""What the tests of faults start from."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory, django_db_setup, django_db_blocker) -> Path:
    """A copy of the tests' own database, made while no test has begun a transaction in it."""
    path = tmp_path_factory.mktemp("filled") / "site.sqlite3"
    with django_db_blocker.unblock():
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
    return path
