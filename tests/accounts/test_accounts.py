"""Signing in by e-mail, and what someone may not do."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import User
from accounts.roles import grant
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_in(client, email: str, password: str = PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password, **extra})


def test_wagtails_sign_in_hands_over_to_the_sites_own(client):
    response = client.get("/admin/pages/", follow=True)
    assert response.redirect_chain[-1][0] == "/account/login/?next=/admin/pages/"
    assert response.status_code == 200
    assert (
        client.get("/admin/login/?next=/admin/x/")["Location"] == "/account/login/?next=/admin/x/"
    )


def test_staff_sign_in_by_e_mail_in_any_capitals(client):
    UserFactory(email="staff@example.org", admin=True)
    response = sign_in(client, "Staff@Example.ORG", next="/admin/")
    assert response.status_code == 302
    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_wrong_password_is_refused_with_a_sentence_and_the_address_kept(client):
    UserFactory(email="staff@example.org")
    response = sign_in(client, "staff@example.org", "wrong")
    assert response.status_code == 200
    body = response.content.decode()
    assert 'value="staff@example.org"' in body
    assert 'role="alert"' in body


def test_signing_in_goes_nowhere_else(client):
    UserFactory(email="staff@example.org", admin=True)
    response = sign_in(client, "staff@example.org", next="https://evil.example/")
    assert response["Location"] == reverse("account_welcome")


def test_after_signing_in_everyone_lands_where_they_may_be(client):
    client.force_login(UserFactory(admin=True))
    assert client.get(reverse("account_welcome"))["Location"] == "/admin/"
    client.force_login(UserFactory())
    assert client.get(reverse("account_welcome"))["Location"] == reverse("mfa_index")


def test_someone_who_may_not_edit_is_told_so_and_not_sent_in_circles(client):
    client.force_login(UserFactory())
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) == 1
    assert "not allowed to use the editing pages" in response.content.decode()


def test_nobody_can_make_an_account_for_themselves(client):
    response = client.post(
        reverse("account_signup"),
        {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "Accounts are made by staff" in response.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_guessing_is_slowed_down(client):
    UserFactory(email="staff@example.org")
    answers = [sign_in(client, "staff@example.org", f"wrong {n}") for n in range(7)]
    assert "Too many failed" in answers[-1].content.decode()
    assert sign_in(client, "staff@example.org").status_code == 200


@pytest.mark.parametrize("email", ["staff@example.org", "nobody@example.org"])
def test_asking_for_a_new_password_tells_nobody_who_has_an_account(client, email):
    UserFactory(email="staff@example.org")
    response = client.post(reverse("account_reset_password"), {"email": email})
    assert response["Location"] == reverse("account_reset_password_done")


def test_a_code_by_e_mail_signs_in(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    UserFactory(email="staff@example.org", admin=True)
    client.post(reverse("account_request_login_code"), {"email": "staff@example.org"})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[0].body, re.M)[1]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_request_login_code",
    ],
)
def test_pages_before_signing_in_are_private_and_work(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_list_webauthn",
        "account_change_password",
        "account_email",
        "account_logout",
    ],
)
def test_pages_of_ones_own_account_work(client, name):
    UserFactory(email="staff@example.org")
    sign_in(client, "staff@example.org")
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.fixture
def sure_of_it(client):
    """Sign in and give the password once more, as changing how one signs in asks for."""
    UserFactory(email="staff@example.org")
    sign_in(client, "staff@example.org")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_changing_how_one_signs_in_asks_for_the_password_again(client, name):
    UserFactory(email="staff@example.org")
    sign_in(client, "staff@example.org")
    response = client.get(reverse(name))
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    client.post(response["Location"], {"password": PASSWORD})
    assert client.get(reverse(name)).status_code == 200


def test_the_code_for_an_authenticator_app_may_be_shown(sure_of_it):
    response = sure_of_it.get(reverse("mfa_activate_totp"))
    assert "img-src 'self' data:" in response["Content-Security-Policy"]


def test_an_address_is_one_account_in_any_capitals():
    UserFactory(email="one@example.org")
    with pytest.raises(IntegrityError):
        UserFactory(email="ONE@example.org")


class TestUser:
    def test_needs_an_address(self):
        with pytest.raises(ValueError, match="e-mail address"):
            User.objects.create_user("")

    def test_is_made_with_a_small_address_and_a_hidden_password(self):
        user = User.objects.create_superuser(" Big@Example.org ", "secret secret")
        assert user.email == "big@example.org"
        assert user.is_superuser
        assert user.check_password("secret secret")
        assert User.objects.get_by_natural_key("BIG@example.org") == user

    def test_is_called_by_name_else_by_address(self):
        assert str(User(email="a@example.org")) == "a@example.org"
        assert str(User(first_name="Ada", last_name="L")) == "Ada L"


def test_a_permission_that_does_not_exist_cannot_be_granted():
    with pytest.raises(LookupError, match=r"people\.fly_person"):
        grant("Editors", ["people.fly_person"])


def test_editors_may_change_people_and_moderators_publish_them():
    editor, moderator = UserFactory(), UserFactory()
    from django.contrib.auth.models import Group

    editor.groups.add(Group.objects.get(name="Editors"))
    moderator.groups.add(Group.objects.get(name="Moderators"))
    assert editor.has_perm("people.change_person")
    assert not editor.has_perm("people.publish_person")
    assert moderator.has_perm("people.publish_person")


def test_the_account_page_of_wagtail_leads_to_passkeys(client):
    client.force_login(UserFactory(admin=True))
    assert reverse("mfa_index") in client.get("/admin/account/").content.decode()


def test_staff_make_accounts_in_the_admin(client):
    client.force_login(UserFactory(admin=True))
    response = client.post(
        "/admin/users/new/",
        {
            "email": "made@example.org",
            "first_name": "Made",
            "last_name": "By Staff",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert response.status_code == 302
    assert User.objects.get(email="made@example.org").check_password(PASSWORD)


@pytest.mark.parametrize("address", ["/_util/login/", "/admin/login/"])
def test_there_is_no_way_in_beside_the_one_that_knows_codes(client, address):
    UserFactory(email="staff@example.org", admin=True)
    response = client.post(address, {"username": "staff@example.org", "password": PASSWORD})
    assert response["Location"].startswith(reverse("account_login"))
    assert "session" not in client.cookies
