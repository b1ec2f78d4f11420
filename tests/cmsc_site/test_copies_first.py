"""What gunicorn asks: a copy answers before Django begins, and as Django would have answered."""

from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections

from cmsc_site.page_cache.application import copies_first
from cmsc_site.page_cache.kept import kept_pages
from pages.generation import start_new_generation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def remembering(settings):
    """Keep pages, as a site does and tests otherwise do not."""
    settings.PAGE_CACHE_BYTES = 4 * 1024 * 1024


@pytest.fixture
def django():
    """The site as Django answers it, which leaves the test's own connection open."""
    around = (signals.request_started, signals.request_finished)
    for signal in around:
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in around:
        signal.connect(close_old_connections)


@pytest.fixture
def site(django):
    """The site as gunicorn asks it."""
    return copies_first(django)


@pytest.fixture
def begun():
    """The requests that Django began, as they come."""
    seen = []

    def see(environ, **_kwargs):
        seen.append(environ["PATH_INFO"])

    signals.request_started.connect(see)
    yield seen
    signals.request_started.disconnect(see)


def ask(application, path="/", method="GET", **meta):
    """Return status, headers (but the request's own) and body."""
    path, _mark, query = path.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, **meta}
    environ.setdefault("HTTP_HOST", "localhost")
    setup_testing_defaults(environ)
    said = []
    answer = application(environ, lambda status, headers: said.extend((status, headers)))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return said[0], {k: v for k, v in said[1] if k != "X-Request-ID"}, body


def test_a_copy_is_sent_before_django_begins(site, begun):
    first = ask(site)
    again = ask(site)
    assert begun == ["/"]
    assert again[0] == first[0] == "200 OK"
    assert again[2] == first[2]
    assert again[1]["Cache-Status"] == "page; hit"


ASKED = [
    {"path": "/about/mission/"},
    {"path": "/about/mission/", "method": "HEAD"},
    {"path": "/about/mission/?utm_source=sample"},
    {"path": "/about/mission/", "HTTP_ACCEPT_ENCODING": "gzip"},
    {"path": "/about/mission/", "HTTP_ACCEPT_ENCODING": "gzip, deflate, br"},
    {"path": "/about/mission/", "HTTP_IF_NONE_MATCH": "*"},
    {"path": "/about/mission/", "method": "HEAD", "HTTP_IF_NONE_MATCH": "*"},
    {"path": "/about/mission/", "HTTP_COOKIE": "other=1"},
    {"path": "/about/mission/", "HTTP_HOST": "localhost:8000"},
    {"path": "/about/mission/", "HTTP_HOST": "elsewhere.example"},
    {"path": "/about/mission/", "HTTP_X_FORWARDED_PROTO": "https"},
    {"path": "/about/mission", "method": "GET"},
    {"path": "/about/mission/", "method": "POST"},
    {"path": "/about/mission/", "method": "BREW"},
    {"path": "/about/miss\xc3\xa9/"},
    {"path": "/about/\xff/"},
    {"path": ""},
    {"path": "//about/mission/"},
]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_it_is_what_django_would_have_answered(site, django, asked):
    for path in ("/", "/about/mission/"):
        ask(site, path)
    ask(django, **asked)
    assert ask(site, **asked) == ask(django, **asked)


@pytest.mark.parametrize(
    "meta",
    [
        {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=x"},
        {"HTTP_COOKIE": "messages=x"},
        {"HTTP_AUTHORIZATION": "Basic x"},
        {"method": "POST"},
        {"SCRIPT_NAME": "/x"},
    ],
    ids=str,
)
def test_what_is_for_one_visitor_is_left_to_django(site, begun, meta):
    ask(site)
    ask(site, **meta)
    assert len(begun) == 2


def test_whoever_is_signed_in_sees_a_page_of_their_own(site, client):
    ask(site, "/about/mission/")
    client.force_login(UserFactory(is_superuser=True))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].OutputString()
    assert b"wagtail-userbar" in ask(site, "/about/mission/", HTTP_COOKIE=cookie)[2]
    assert b"wagtail-userbar" not in ask(site, "/about/mission/")[2]


def test_a_change_is_seen_by_the_next_request(site, begun, committed):
    ask(site)
    with committed():
        start_new_generation()
    ask(site)
    assert begun == ["/", "/"]


def test_what_fails_before_django_is_answered_by_django(site, monkeypatch):
    ask(site)

    def fails():
        raise ConnectionError("the cache is away")

    monkeypatch.setattr("pages.generation.current_generation", fails)
    status, headers, body = ask(site)
    assert status.startswith("500")
    assert headers["Content-Type"].startswith("text/html")
    assert b"</html>" in body


def test_what_is_no_page_is_answered_where_the_generation_cannot_be_asked(site, monkeypatch):
    """Whether the site lives is told without the cache in which all machines keep it."""

    def fails():
        raise ConnectionError("the cache is away")

    monkeypatch.setattr("pages.generation.current_generation", fails)
    assert ask(site, "/healthz")[0] == "200 OK"


@pytest.mark.parametrize("host", ["", "bad/host"])
def test_a_host_that_cannot_be_read_gets_nobodys_copy(site, client, host):
    client.get("/")  # names no host
    assert ask(site, HTTP_HOST=host)[0].startswith("400")


def test_without_memory_django_is_asked_for_everything(django, settings):
    settings.PAGE_CACHE_BYTES = 0
    assert copies_first(django) is django


def test_the_copies_are_those_that_the_middleware_made(site):
    ask(site)
    assert len(kept_pages().memory) == 1
