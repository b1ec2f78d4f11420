"""Who may see what of the newsletter in the admin: every role at every address."""

import pytest
from django.test import Client

from newsletter.models import ConsentEvent, HeldSignUp, Subscriber, SubscriberExport, Topic
from newsletter.models.subscriber import State
from tests.factories import HeldSignUpFactory, SubscriberFactory, TopicFactory
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db

SIGN_IN = "sign in"
GROUPS = {
    "editor": "Editors",
    "moderator": "Moderators",
    "finance": "Finance",
    "board": "Board",
    "newsletter": "Newsletter",
}
ROLES = ["anonymous", "user", *GROUPS, "superuser"]
OTHERS = [role for role in ROLES if role not in {"newsletter", "superuser"}]
# Wagtail asks those who may not use the admin to sign in as someone who may, and sends those who
# may, but not for this, back to its first page.
NOT_FOR_THEM = {
    **dict.fromkeys(["anonymous", "user", "board"], SIGN_IN),
    **dict.fromkeys(["editor", "moderator", "finance"], 302),
}
FOR_STAFF = {**NOT_FOR_THEM, "newsletter": 200, "superuser": 200}
POST_ALONE = {**NOT_FOR_THEM, "newsletter": 405, "superuser": 405}
NOWHERE = {**NOT_FOR_THEM, "newsletter": 404, "superuser": 404}

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
    return {"person": person.pk, "topic": TopicFactory(name=SECRETS[2]).pk}


def browser_of(role: str) -> Client:
    if role == "anonymous":
        return Client()
    if role == "superuser":
        return signed_in(member(admin=True))
    return signed_in(member(GROUPS.get(role, "")))


def everything() -> list:
    return [
        *Subscriber.objects.order_by("pk").values(),
        *Topic.objects.order_by("pk").values(),
        *HeldSignUp.objects.order_by("pk").values(),
        ConsentEvent.objects.count(),
        SubscriberExport.objects.count(),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_is_for_it_and_nothing_else(role, known):
    client = browser_of(role)
    seen, expected = {}, {}
    for pattern, by_role in GET.items():
        response = client.get(f"/admin/{pattern.format(**known)}")
        asks = response.status_code == 302 and "/login/" in response["Location"]
        seen[pattern] = SIGN_IN if asks else response.status_code
        expected[pattern] = by_role[role]
    assert seen == expected


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
        "format": "csv",
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
