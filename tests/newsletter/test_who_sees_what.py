"""Who may see what of the newsletter in the admin: every role at every address."""

import pytest
from django.test import Client

from newsletter.models import (
    ConsentEvent,
    HeldSignUp,
    Subscriber,
    SubscriberExport,
    SubscriberImport,
    Topic,
)
from newsletter.models.subscriber import State
from tests.factories import HeldSignUpFactory, SubscriberFactory, TopicFactory
from tests.signing_in import ROLES, browser_of, for_keepers_alone, member, seen_by

pytestmark = pytest.mark.django_db

OTHERS = [role for role in ROLES if role not in {"newsletter", "superuser"}]
FOR_STAFF = for_keepers_alone("newsletter", 200)
POST_ALONE = for_keepers_alone("newsletter", 405)
LEADS_ON = for_keepers_alone("newsletter", 302)
NOWHERE = for_keepers_alone("newsletter", 404)

GET = {
    "newsletter/subscribers/": FOR_STAFF,
    "newsletter/subscribers/results/": FOR_STAFF,
    "newsletter/subscribers/?q=secret": FOR_STAFF,
    "newsletter/subscribers/add/": FOR_STAFF,
    "newsletter/subscribers/{person}/": FOR_STAFF,
    "newsletter/subscribers/{person}/change/": FOR_STAFF,
    "newsletter/subscribers/{person}/send/": POST_ALONE,
    "newsletter/subscribers/{person}/suppress/": FOR_STAFF,
    "newsletter/subscribers/{person}/erase/": FOR_STAFF,
    "newsletter/held/": FOR_STAFF,
    "newsletter/held/decide/": POST_ALONE,
    "newsletter/exports/": FOR_STAFF,
    "newsletter/exports/take/": POST_ALONE,
    "newsletter/imports/": FOR_STAFF,
    "newsletter/imports/{import}/": FOR_STAFF,
    "newsletter/imports/{import}/progress/": FOR_STAFF,
    "newsletter/imports/{import}/rows.csv": FOR_STAFF,
    "newsletter/imports/{import}/columns/": LEADS_ON,
    "newsletter/imports/{import}/terms/": LEADS_ON,
    "newsletter/imports/{import}/cancel/": LEADS_ON,
    "bulk/newsletter/subscriber/resend/?id=all": FOR_STAFF,
    "bulk/newsletter/subscriber/add-topic/?id=all": FOR_STAFF,
    "bulk/newsletter/subscriber/remove-topic/?id=all": FOR_STAFF,
    "bulk/newsletter/subscriber/suppress/?id=all": FOR_STAFF,
    "bulk/newsletter/subscriber/erase/?id=all": FOR_STAFF,
    "bulk/newsletter/subscriber/delete/?id=all": NOWHERE,
    "snippets/newsletter/subscriber/": NOWHERE,
    "snippets/choose/newsletter/subscriber/": NOWHERE,
    "snippets/newsletter/topic/": FOR_STAFF,
    "snippets/newsletter/topic/add/": FOR_STAFF,
    "snippets/newsletter/topic/edit/{topic}/": FOR_STAFF,
    "snippets/newsletter/topic/delete/{topic}/": FOR_STAFF,
    "snippets/newsletter/topic/history/{topic}/": FOR_STAFF,
    "snippets/newsletter/topic/usage/{topic}/": FOR_STAFF,
    "snippets/choose/newsletter/topic/": FOR_STAFF,
    "snippets/choose/newsletter/topic/results/": FOR_STAFF,
    "bulk/newsletter/topic/delete/?id={topic}": FOR_STAFF,
}
SECRETS = ("secret@example.org", "held-secret@example.org", "Sample secret topic")


@pytest.fixture
def known() -> dict[str, int]:
    person = SubscriberFactory(address=SECRETS[0], state=State.PENDING)
    HeldSignUpFactory(address=SECRETS[1])
    return {
        "person": person.pk,
        "topic": TopicFactory(name=SECRETS[2]).pk,
        "import": SubscriberImport.objects.create(original_name="list.csv", state="done").pk,
    }


def everything() -> list:
    return [
        *Subscriber.objects.order_by("pk").values(),
        *Topic.objects.order_by("pk").values(),
        *HeldSignUp.objects.order_by("pk").values(),
        *SubscriberImport.objects.order_by("pk").values(),
        ConsentEvent.objects.count(),
        SubscriberExport.objects.count(),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_is_for_it_and_nothing_else(role, known):
    client = browser_of(role)
    addresses = {f"/admin/{pattern.format(**known)}": GET[pattern] for pattern in GET}
    expected = {address: by_role[role] for address, by_role in addresses.items()}
    assert seen_by(client, addresses) == expected


@pytest.mark.parametrize("role", ROLES)
def test_no_address_changes_anything_by_get(role, known):
    client, before = browser_of(role), everything()
    for pattern in GET:
        client.get(f"/admin/{pattern.format(**known)}")
    assert everything() == before


@pytest.mark.parametrize("role", OTHERS)
def test_who_does_not_look_after_the_newsletter_changes_nothing(role, known):
    client, before = browser_of(role), everything()
    values = {
        "address": "new@example.org",
        "language": "en",
        "name": "Changed",
        "note": "A note",
        "how": "at-once",
        "act": "throw-away",
        "which": "all",
        "confirmed": "yes",
        "file": "csv",
        "topic": known["topic"],
        "sort_order": "1",
    }
    for pattern in GET:
        response = client.post(f"/admin/{pattern.format(**known)}", values)
        assert response.status_code in {302, 403}, pattern
    assert everything() == before


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize(
    "path",
    [
        "",
        "reports/site-history/",
        "pages/search/?q=secret",
        "snippets/",
        "newsletter/subscribers/?q=secret",
        "snippets/choose/newsletter/topic/",
    ],
)
def test_others_read_of_nobody_anywhere_in_the_admin(role, path, known):
    text = browser_of(role).get(f"/admin/{path}", follow=True).content.decode()
    for secret in SECRETS:
        assert secret not in text
    assert 'href="/admin/newsletter/' not in text
    assert "Look after the newsletter" not in text


def test_the_role_finds_everything_in_its_menu(newsletter_staff):
    text = newsletter_staff.get("/admin/").content.decode()
    for words in ("Subscribers", "Add by hand", "Held sign-ups", "Exports", "Topics"):
        assert words in text


def test_the_role_sees_nothing_of_finance(newsletter_staff):
    assert newsletter_staff.get("/admin/snippets/finance/filing/").status_code == 302
    assert "Filings" not in newsletter_staff.get("/admin/").content.decode()


def test_a_post_without_the_forms_token_is_refused(known):
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        member("Newsletter"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    before = everything()
    for path in (f"subscribers/{known['person']}/erase/", "held/decide/", "exports/take/"):
        assert client.post(f"/admin/newsletter/{path}").status_code == 403
    assert everything() == before
