"""A CDN in front of the site forgets what it keeps when staff change anything."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import boto3
import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import override_settings
from moto.server import ThreadedMotoServer
from wagtail.contrib.frontend_cache.signal_handlers import (
    page_published_signal_handler,
    page_unpublished_signal_handler,
    register_signal_handlers,
)
from wagtail.contrib.frontend_cache.utils import purge_page_from_cache
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished

from cmsc_site import cdn
from cmsc_site.cdn import Telling
from cmsc_site.worker import site_jobs
from pages.generation import start_new_generation
from pages.models import StandardPage
from people.models import Person

pytestmark = pytest.mark.django_db


class Server:
    """An HTTP server that notes what it is asked, and answers it all alike."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, bytes]] = []
        self.status = 200
        self.tokens: set[str | None] = set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def note(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.asked.append((self.command, self.path, self.headers["Host"], sent))
                server.tokens.add(self.headers.get("Authorization"))
                self.send_response(server.status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            do_PURGE = do_POST = note  # noqa: N815

            def log_message(self, *_said) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def purged(self) -> list[str]:
        """The paths that were to be forgotten, and nothing since the last look."""
        paths = [path for method, path, _host, _sent in self.asked if method == "PURGE"]
        self.asked.clear()
        return paths

    @contextmanager
    def running(self) -> Iterator["Server"]:
        Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


@pytest.fixture
def server():
    with Server().running() as server:
        yield server


def told(backend: str, **options: object) -> dict:
    return {"cdn": {"BACKEND": f"cmsc_site.cdn.{backend}", **options}}


@pytest.fixture
def cache_in_front(settings, server):
    """A cache that takes PURGE requests, and Wagtail's signals, as CDN=purge sets them up."""
    settings.CDN = "purge"
    settings.WAGTAILFRONTENDCACHE = told("HttpPurge", LOCATION=server.address)
    register_signal_handlers()
    yield server
    for model in apps.get_models():
        page_published.disconnect(page_published_signal_handler, sender=model)
        page_unpublished.disconnect(page_unpublished_signal_handler, sender=model)


def tell() -> int:
    """Have the worker's job do all that it has to do; return in how many steps."""
    job, steps = Telling(), 0
    while job():
        steps += 1
    return steps


class TestPurge:
    def test_a_published_page_is_forgotten_at_once(self, cache_in_front, committed):
        with committed():
            StandardPage.objects.get(slug="privacy").save_revision().publish()
        assert "/privacy/" in cache_in_front.purged

    def test_a_page_that_is_taken_down_is_forgotten_at_once(self, cache_in_front, committed):
        with committed():
            StandardPage.objects.get(slug="privacy").unpublish()
        assert "/privacy/" in cache_in_front.purged

    def test_a_change_of_anything_is_told_of_all_pages(self, cache_in_front, committed):
        tell()
        cache_in_front.purged  # noqa: B018 - forgets what was asked so far
        person = Person.objects.get(slug="lisa-baylis")
        with committed():
            person.save()
        tell()
        purged = cache_in_front.purged
        assert {"/", "/about/leadership/", "/about/leadership/lisa-baylis/"} <= set(purged)
        assert "/sitemap.xml" in purged
        assert len(purged) == len(set(purged))

    def test_fifty_changes_are_told_once(self, cache_in_front, committed):
        tell()
        cache_in_front.purged  # noqa: B018
        person = Person.objects.get(slug="lisa-baylis")
        for _ in range(50):
            with committed():
                person.save()
        assert tell() == 1
        assert cache_in_front.purged.count("/about/leadership/") == 1
        assert tell() == 0
        assert cache_in_front.purged == []

    def test_nobody_who_saves_waits_for_it(self, cache_in_front, committed):
        with committed():
            Person.objects.get(slug="lisa-baylis").save()
        assert cache_in_front.purged == []

    def test_a_change_while_it_is_told_is_told_after(self, cache_in_front, committed):
        job = Telling()
        assert job() == 1
        with committed():
            start_new_generation()
        while job():
            pass
        assert job() == 1

    def test_what_was_private_or_gone_since_is_forgotten_too(self, cache_in_front, committed):
        tell()
        cache_in_front.purged  # noqa: B018
        with committed():
            PageViewRestriction.objects.create(
                page=Page.objects.get(slug="mission"), restriction_type="login"
            )
            Person.objects.get(slug="lisa-baylis").unpublish()
        tell()
        purged = cache_in_front.purged
        assert {"/about/mission/", "/about/leadership/lisa-baylis/"} <= set(purged)
        with committed():
            start_new_generation()
        tell()
        assert "/about/leadership/lisa-baylis/" not in cache_in_front.purged

    def test_very_many_addresses_are_told_in_steps(self, cache_in_front, monkeypatch):
        monkeypatch.setattr(cdn, "AT_ONCE", 5)
        assert tell() > 1

    def test_a_cache_that_is_away_is_told_when_it_is_back(self, settings, cache_in_front):
        address = settings.WAGTAILFRONTENDCACHE
        settings.WAGTAILFRONTENDCACHE = told("HttpPurge", LOCATION="http://127.0.0.1:9")
        with pytest.raises(OSError, match="refused"):
            tell()
        settings.WAGTAILFRONTENDCACHE = address
        assert tell() == 1

    def test_a_cache_that_refuses_is_in_the_log(self, cache_in_front, caplog):
        cache_in_front.status = 405
        tell()
        assert "cache refused to forget" in caplog.messages

    def test_what_it_did_not_keep_is_no_fault(self, cache_in_front, caplog):
        cache_in_front.status = 404
        tell()
        assert "cache refused to forget" not in caplog.messages


class TestCloudflare:
    @pytest.fixture(autouse=True)
    def cloudflare(self, settings, server, monkeypatch):
        settings.WAGTAILFRONTENDCACHE = told("Cloudflare", ZONEID="z1", BEARER_TOKEN="secret")
        made = cdn.Cloudflare.__init__

        def here(self, params) -> None:
            made(self, params)
            wanted = "https://api.cloudflare.com/client/v4/zones/z1/purge_cache"
            assert self.cloudflare_purge_endpoint_url == wanted
            self.cloudflare_purge_endpoint_url = f"{server.address}/zones/z1/purge_cache"

        monkeypatch.setattr(cdn.Cloudflare, "__init__", here)

    def test_is_asked_once_to_forget_everything(self, server):
        assert tell() == 1
        ((method, path, _host, sent),) = server.asked
        assert (method, path) == ("POST", "/zones/z1/purge_cache")
        assert json.loads(sent) == {"purge_everything": True}
        assert server.tokens == {"Bearer secret"}

    def test_is_asked_to_forget_a_page_by_its_address(self, server):
        page = StandardPage.objects.get(slug="privacy")
        purge_page_from_cache(page)
        assert [json.loads(sent) for *_, sent in server.asked] == [{"files": [page.full_url]}]

    def test_is_asked_again_where_it_refused(self, server):
        server.status = 429
        with pytest.raises(OSError, match="429"):
            tell()
        assert cache.get(cdn.TOLD) is None


class TestCloudFront:
    def test_is_asked_once_to_forget_every_path(self, settings, monkeypatch):
        server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        server.start()
        try:
            endpoint = "http://{}:{}".format(*server.get_host_and_port())
            monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFRONT", endpoint)
            monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")  # asked for elsewhere than Amazon
            keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
            client = boto3.client("cloudfront", **{name.lower(): keys[name] for name in keys})
            number = client.create_distribution(DistributionConfig=DISTRIBUTION)["Distribution"][
                "Id"
            ]
            settings.WAGTAILFRONTENDCACHE = told("CloudFront", DISTRIBUTION_ID=number, **keys)
            assert tell() == 1
            made = client.list_invalidations(DistributionId=number)["InvalidationList"]["Items"]
            assert len(made) == 1
            found = client.get_invalidation(DistributionId=number, Id=made[0]["Id"])
            assert found["Invalidation"]["InvalidationBatch"]["Paths"]["Items"] == ["/*"]
        finally:
            server.stop()


DISTRIBUTION = {
    "CallerReference": "tests",
    "Comment": "",
    "Enabled": True,
    "Origins": {
        "Quantity": 1,
        "Items": [
            {
                "Id": "site",
                "DomainName": "www.example.org",
                "CustomOriginConfig": {
                    "HTTPPort": 80,
                    "HTTPSPort": 443,
                    "OriginProtocolPolicy": "https-only",
                },
            }
        ],
    },
    "DefaultCacheBehavior": {
        "TargetOriginId": "site",
        "ViewerProtocolPolicy": "redirect-to-https",
        "MinTTL": 0,
        "ForwardedValues": {"QueryString": True, "Cookies": {"Forward": "none"}},
    },
}


def test_without_a_cdn_the_worker_has_no_such_job(settings):
    assert "CDN" not in {job.name for job in site_jobs("worker")}
    with override_settings(CDN="cloudflare"):
        assert "CDN" in {job.name for job in site_jobs("worker")}
