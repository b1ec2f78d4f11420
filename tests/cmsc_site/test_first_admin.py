"""A newcomer is let in once, on their own machine; nobody is let in by a script elsewhere."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import call_command

User = get_user_model()
pytestmark = pytest.mark.django_db


def first_admin() -> str:
    out = StringIO()
    call_command("first_admin", stdout=out)
    return out.getvalue()


def shown_password(text: str) -> str:
    return re.search(r"Sign in as admin@example\.org with the password (\S+)", text)[1]


def test_the_first_time_an_administrator_is_made_and_shown(rf):
    password = shown_password(first_admin())
    user = authenticate(rf.post("/account/login/"), email="admin@example.org", password=password)
    assert user.is_superuser
    assert user.is_staff


def test_the_password_is_fresh_and_long():
    password = shown_password(first_admin())
    User.objects.all().delete()
    assert len(password) >= 16
    assert shown_password(first_admin()) != password


def test_the_second_time_nobody_is_made_and_nothing_secret_shown():
    password = shown_password(first_admin())
    before = User.objects.get().password
    text = first_admin()
    assert "password" not in text
    assert password not in text
    assert User.objects.get().password == before


def test_where_someone_may_do_everything_already_nobody_is_made():
    User.objects.create_superuser("director@example.org", "a long enough password")
    assert "Sign in" not in first_admin()
    assert User.objects.count() == 1


def test_the_address_of_the_site_is_shown_each_time(settings):
    settings.SITE_URL = "http://localhost:9000"
    assert "http://localhost:9000/admin/" in first_admin()
    assert "http://localhost:9000/admin/" in first_admin()


def test_on_a_public_site_nobody_is_made(settings):
    settings.SITE_URL, settings.IS_LOCAL = "https://www.example.org", False
    text = first_admin()
    assert "createsuperuser" in text
    assert not User.objects.exists()


def test_preparing_the_site_again_changes_nothing(django_assert_max_num_queries):
    User.objects.create_superuser("director@example.org", "a long enough password")
    out = StringIO()
    call_command("prepare", "--first-admin", stdout=out)
    assert "nothing to do" in out.getvalue()
    assert "up to date" not in out.getvalue()
    assert User.objects.count() == 1
