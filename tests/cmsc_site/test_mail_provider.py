"""The mail provider that is set sends the mails or tells of bounces, and nobody else can tell."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
from base64 import b64encode
from types import ModuleType

import pytest
from anymail.signals import tracking
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client

from cmsc_site import urls
from cmsc_site.environment import MAIL_PROVIDERS
from cmsc_site.mail_provider import webhook_address

pytestmark = pytest.mark.django_db
ADDRESS = "/newsletter/webhook/"
MAIL_VARIABLES = ("EMAIL_URL", "MAIL_PROVIDER", "MAIL_PROVIDER_SETTINGS", "MAIL_WEBHOOK_SECRET")
SECRET = "provider:a long password"
BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "Email": "ana@example.org",
    "BouncedAt": "2031-03-05T12:00:00Z",
    "ID": 1,
    "MessageID": "00000000-0000-0000-0000-000000000001",
}


@pytest.fixture
def provider(settings):
    """Return a function that sets a provider, as the environment does before the site starts."""

    def choose(name: str, **its_settings: str) -> Client:
        settings.MAIL_PROVIDER, settings.ANYMAIL = name, its_settings
        addresses = ModuleType("addresses")
        addresses.urlpatterns = [*webhook_address(ADDRESS[1:]), *urls.urlpatterns]
        for number in (400, 403, 404, 500):
            setattr(addresses, f"handler{number}", getattr(urls, f"handler{number}"))
        settings.ROOT_URLCONF = addresses
        return Client(enforce_csrf_checks=True, raise_request_exception=False)

    return choose


@pytest.fixture
def told():
    """What was heard of mails, as (what, whom)."""
    events = []

    def note(event, **kwargs):
        events.append((event.event_type, event.recipient))

    tracking.connect(note)
    yield events
    tracking.disconnect(note)


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}


def post(client: Client, event: object, headers: dict[str, str] | None = None) -> int:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    answer = client.post(ADDRESS, body, content_type="application/json", headers=headers or {})
    return answer.status_code


def mailgun_bounce(*, key: str = "key", nonce: str = "one") -> dict:
    sign = hmac.new(key.encode(), f"1930478400{nonce}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": "1930478400", "token": nonce, "signature": sign},
        "event-data": {
            "event": "failed",
            "severity": "permanent",
            "timestamp": 1930478400.5,
            "recipient": "ana@example.org",
            "reason": "bounce",
        },
    }


# --- With a name and a password ------------------------------------------------------------------


def test_a_bounce_is_heard_of_whoever_knows_the_password(provider, told):
    postmark = provider("postmark", WEBHOOK_SECRET=SECRET)
    assert post(postmark, BOUNCE, basic(SECRET)) == 200
    assert told == [("bounced", "ana@example.org")]


@pytest.mark.parametrize(
    "headers",
    [{}, basic("provider:wrong"), basic(""), {"Authorization": "Basic ~"}, {"Authorization": "?"}],
)
def test_without_the_password_nothing_is_heard(provider, told, headers, caplog):
    assert post(provider("postmark", WEBHOOK_SECRET=SECRET), BOUNCE, headers) == 403
    assert told == []
    assert [(one.message, one.provider) for one in caplog.records if "webhook" in one.message] == [
        ("webhook refused", "postmark")
    ]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b"null", b"\xff", b'{"RecordType": []}', b"[" * 100_000],
    ids=["nothing", "half", "list", "number", "null", "bytes", "odd", "deep"],
)
def test_an_event_that_cannot_be_read_is_400_and_not_a_crash(provider, told, body):
    postmark = provider("postmark", WEBHOOK_SECRET=SECRET)
    assert post(postmark, body, basic(SECRET)) == 400
    assert told == []


def test_an_event_of_megabytes_is_refused_before_it_is_read(provider, told):
    postmark = provider("postmark", WEBHOOK_SECRET=SECRET)
    assert post(postmark, BOUNCE | {"Details": "x" * 3_000_000}, basic(SECRET)) == 413
    assert told == []


def test_where_it_cannot_be_written_down_the_provider_is_asked_to_try_again(provider):
    def fail(**kwargs):
        raise OperationalError("the database is away")

    tracking.connect(fail)
    try:
        postmark = provider("postmark", WEBHOOK_SECRET=SECRET)
        assert post(postmark, BOUNCE, basic(SECRET)) == 500
    finally:
        tracking.disconnect(fail)


def test_the_answer_is_kept_by_nobody_and_sets_no_cookie(provider):
    postmark = provider("postmark", WEBHOOK_SECRET=SECRET)
    answer = postmark.post(
        ADDRESS, json.dumps(BOUNCE), content_type="application/json", headers=basic(SECRET)
    )
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_the_address_tells_nothing_to_whoever_looks(provider):
    assert provider("postmark", WEBHOOK_SECRET=SECRET).get(ADDRESS).status_code == 405


# --- With a signature ----------------------------------------------------------------------------


def test_a_signed_bounce_is_heard_of(provider, told):
    mailgun = provider("mailgun", MAILGUN_WEBHOOK_SIGNING_KEY="key")
    assert post(mailgun, mailgun_bounce()) == 200
    assert told == [("bounced", "ana@example.org")]


@pytest.mark.parametrize(
    "event",
    [
        mailgun_bounce(key="another"),
        mailgun_bounce() | {"signature": {"timestamp": "1", "token": "t", "signature": ""}},
        {"event-data": mailgun_bounce()["event-data"]},
        mailgun_bounce(nonce="\u00fc"),
        {"signature": "text"},
        [],
        {},
    ],
    ids=["other key", "empty", "none", "odd token", "text", "list", "nothing"],
)
def test_an_unsigned_bounce_is_refused_without_a_crash(provider, told, event):
    mailgun = provider("mailgun", MAILGUN_WEBHOOK_SIGNING_KEY="key")
    assert post(mailgun, event) in {400, 403}
    assert told == []


def test_a_password_that_is_set_is_asked_for_beside_the_signature(provider, told):
    mailgun = provider("mailgun", MAILGUN_API_KEY="key", WEBHOOK_SECRET=SECRET)
    assert post(mailgun, mailgun_bounce()) == 403
    assert post(mailgun, mailgun_bounce(), basic(SECRET)) == 200
    assert len(told) == 1


# --- Where there is nothing to call --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "its_settings"),
    [
        ("", {}),
        ("", {"WEBHOOK_SECRET": SECRET}),
        ("postmark", {}),
        ("postmark", {"POSTMARK_SERVER_TOKEN": "token", "WEBHOOK_SECRET": ""}),
        ("resend", {"RESEND_SIGNING_SECRET": ""}),
        ("mailtrap", {"MAILTRAP_API_TOKEN": "token"}),
    ],
)
def test_without_a_way_to_verify_who_calls_there_is_no_address(provider, told, name, its_settings):
    client = provider(name, **its_settings)
    assert post(client, BOUNCE, basic(SECRET)) == 404
    assert told == []


def test_what_the_providers_signature_needs_is_asked_for_at_the_start(provider):
    with pytest.raises(ImproperlyConfigured, match=r"MAIL_PROVIDER_SETTINGS .*SIGNING_SECRET"):
        provider("mailersend", WEBHOOK_SECRET=SECRET)


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
@pytest.mark.parametrize("name", sorted({*MAIL_PROVIDERS} - {"amazon_ses", "resend"}))
def test_each_provider_refuses_whoever_does_not_know_the_secret(provider, told, name):
    keys = ["MAILGUN_API_KEY", "MANDRILL_API_KEY", "MANDRILL_WEBHOOK_KEY", "POSTAL_WEBHOOK_KEY"]
    keys += ["MAILERSEND_SIGNING_SECRET", "UNISENDER_GO_API_KEY"]
    its_settings = dict.fromkeys(keys, "key")
    client = provider(name, WEBHOOK_SECRET=SECRET, **its_settings)
    for event in ({}, [], [{"event": "bounce", "email": "ana@example.org"}], BOUNCE):
        assert post(client, event) in {400, 403}
    assert told == []


# --- What the environment says -------------------------------------------------------------------


def in_a_site_with(words: str, **environment: str) -> subprocess.CompletedProcess:
    """Return what a process says that reads the settings in such an environment."""
    return subprocess.run(
        [sys.executable, "-c", words],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "cmsc_site.settings",
            "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
            "SITE_URL": "http://localhost:8000",
            **dict.fromkeys(MAIL_VARIABLES, ""),  # whatever the developer's own .env says
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def settings_with(**environment: str) -> dict:
    """Return the mail settings in such an environment."""
    words = (
        "import json; from cmsc_site import settings as s;"
        "print(json.dumps({'transport': s.POST_OFFICE['BACKENDS']['default'],"
        "'anymail': s.ANYMAIL, 'timeout': s.EMAIL_TIMEOUT}))"
    )
    done = in_a_site_with(words, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.own_site
def test_a_providers_interface_sends_the_mails():
    found = settings_with(
        MAIL_PROVIDER="postmark",
        MAIL_PROVIDER_SETTINGS="POSTMARK_SERVER_TOKEN=abc==,POSTMARK_MESSAGE_STREAM=news",
        MAIL_WEBHOOK_SECRET=SECRET,
    )
    assert found["transport"] == "anymail.backends.postmark.EmailBackend"
    assert found["anymail"] == {
        "POSTMARK_SERVER_TOKEN": "abc==",
        "POSTMARK_MESSAGE_STREAM": "news",
        "WEBHOOK_SECRET": SECRET,
        "REQUESTS_TIMEOUT": [10, 10],
    }


@pytest.mark.own_site
def test_with_an_smtp_server_the_provider_only_tells_of_bounces():
    found = settings_with(EMAIL_URL="smtp+tls://u:p@mail.example.org:587", MAIL_PROVIDER="postmark")
    assert found["transport"] == "django.core.mail.backends.smtp.EmailBackend"
    assert found["timeout"] == 10


@pytest.mark.own_site
def test_without_either_mails_are_kept_on_the_machine():
    assert settings_with()["transport"] == "cmsc_site.local_mail.EmailBackend"


@pytest.mark.own_site
def test_an_unknown_provider_stops_the_start_with_a_sentence():
    done = in_a_site_with("from cmsc_site import settings", MAIL_PROVIDER="pigeon")
    assert done.returncode != 0
    assert "MAIL_PROVIDER is 'pigeon'; it must be one of amazon_ses, brevo" in done.stderr


@pytest.mark.own_site
def test_the_site_has_the_address_when_it_is_started_with_a_provider():
    words = (
        "import django; django.setup();"
        "from django.urls import reverse; print(reverse('newsletter_webhook'))"
    )
    done = in_a_site_with(words, MAIL_PROVIDER="postmark", MAIL_WEBHOOK_SECRET=SECRET)
    assert done.stdout.strip() == ADDRESS, done.stderr
