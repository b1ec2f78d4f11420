"""Every public answer: no cookie, a place in any cache, a strict policy, the right status."""

import pytest
from django.test import Client
from wagtail.models import Page

from pages.models import OrganisationSettings
from tests.factories import StandardPageFactory, UserFactory

PUBLIC = [
    "/",
    "/about/",
    "/about/mission/",
    "/about/leadership/",
    "/about/leadership/lisa-baylis/",
    "/about/financials/",
    "/teachers/",
    "/newsletter/",
    "/privacy/",
    "/accessibility/",
    "/search/",
    "/search/?q=compassion",
    "/sitemap.xml",
    "/robots.txt",
    "/manifest.webmanifest",
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", PUBLIC)
class TestEveryPublicAddress:
    def test_sets_no_cookie_and_varies_by_nothing_but_encoding(self, client, path):
        response = client.get(path)
        assert response.status_code == 200
        assert not response.cookies
        assert response.get("Vary", "Accept-Encoding") == "Accept-Encoding"

    def test_may_be_kept_by_a_cdn_and_checked_by_an_etag(self, client, path):
        response = client.get(path)
        assert "public" in response["Cache-Control"]
        assert "s-maxage=60" in response["Cache-Control"]
        again = client.get(path, headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304
        assert not again.content

    def test_is_the_same_for_everyone(self, path):
        plain = Client().get(path)
        odd = Client(headers={"accept-language": "fr", "cookie": "other=1"}).get(path)
        assert plain.content == odd.content

    def test_has_the_strict_headers(self, client, path):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_answers_head_like_get(self, client, path):
        response = client.head(path)
        assert response.status_code == 200
        assert not response.content

    def test_has_no_inline_script_or_style(self, client, path):
        body = client.get(path).content.decode()
        assert " style=" not in body
        assert "<style" not in body
        assert " onclick=" not in body
        scripts = body.count("<script")
        assert scripts == body.count('<script type="application/ld+json"') + body.count(
            ' src="/static/js/'
        )

    def test_takes_few_queries(self, client, count_queries, path):
        from django.core.cache import caches

        client.get(path)
        for cache in caches.all():
            cache.clear()
        # A search asks each kind of thing, for each where it is, and for pages which are private.
        cold, warm = (20, 10) if "?q=" in path else (16, 8)
        assert count_queries(lambda: client.get(path)) <= cold
        assert count_queries(lambda: client.get(path)) <= warm


def test_pages_are_compressed(client):
    response = client.get("/", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert response["ETag"].startswith("W/")


def test_staff_see_the_userbar_and_their_copy_is_kept_by_nobody(client):
    visitors = client.get("/").content
    assert b"wagtail-userbar" not in visitors
    client.force_login(UserFactory(admin=True))
    response = client.get("/")
    assert b"wagtail-userbar" in response.content
    assert response["Cache-Control"] == "private, no-store"


def test_a_made_up_session_changes_nothing_that_is_shown(client):
    plain = client.get("/").content
    client.cookies["session"] = "made-up"
    response = client.get("/")
    assert response.content == plain
    assert "no-store" in response["Cache-Control"]


def test_the_admin_may_be_framed_by_itself_alone(client):
    client.force_login(UserFactory(admin=True))
    policy = client.get("/admin/")["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/no/such/page/", 404),
        ("/about/leadership/nobody/", 404),
        ("/about/mission/extra/", 404),
        ("/account/nothing/", 404),
        ("/media/original_images/x.jpg", 404),
        ("/" + "x" * 3000 + "/", 404),
        ("/%00/", 404),
        ("/%F0%9F%99%82/", 404),
    ],
)
def test_an_unknown_address_is_404_in_the_sites_look(client, path, status):
    response = client.get(path)
    assert response.status_code == status
    body = response.content.decode()
    assert "We could not find this page" in body
    assert 'id="main"' in body
    assert 'content="noindex' in body
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_a_broken_request_is_400_in_the_sites_look(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()
    assert "site.css" in response.content.decode()


@pytest.mark.parametrize("path", ["/robots.txt", "/search/", "/healthz", "/sitemap.xml"])
def test_writing_to_what_is_only_read_is_405(client, path):
    response = client.post(path)
    assert response.status_code == 405
    assert "GET" in response["Allow"]


def test_a_form_without_its_secret_is_403_with_a_sentence():
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "x"})
    assert response.status_code == 403
    assert "send the form again" in response.content.decode()


def test_a_crash_is_500_without_database_or_template(client, monkeypatch, caplog):
    client.raise_request_exception = False

    def crash(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("pages.chrome.build_chrome", crash)
    monkeypatch.setattr("django.template.base.Template.render", crash)
    response = client.get("/")
    assert response.status_code == 500
    body = response.content.decode()
    assert "site.css" in body
    assert "broken on purpose" not in body
    assert response["Cache-Control"] == "no-store"


def test_a_moved_and_renamed_page_leaves_a_redirect(client, committed):
    page = StandardPageFactory(slug="first-name")
    with committed():
        page.slug = "second-name"
        page.save()
    assert client.get("/first-name/")["Location"] == "/second-name/"
    with committed():
        page.move(Page.objects.get(slug="about"), pos="last-child")
    assert client.get("/second-name/")["Location"] == "/about/second-name/"
    assert client.get("/first-name/")["Location"] == "/about/second-name/"


def test_a_missing_slash_is_added(client):
    assert client.get("/about")["Location"] == "/about/"


class TestMachines:
    def test_robots_are_led_to_the_sitemap(self, client):
        body = client.get("/robots.txt").content.decode()
        assert "Sitemap: http://localhost:8000/sitemap.xml" in body
        assert "Disallow: /admin/" in body

    def test_the_sitemap_names_every_public_page_once(self, client):
        body = client.get("/sitemap.xml").content.decode()
        for path in ("/about/mission/", "/about/leadership/lisa-baylis/", "/privacy/"):
            assert body.count(f"<loc>http://localhost:8000{path}</loc>") == 1

    def test_security_txt_says_where_to_report_a_weakness(self, client, settings):
        body = client.get("/.well-known/security.txt").content.decode()
        assert "Contact: http://localhost:8000/\n" in body
        settings.SECURITY_CONTACT = "security@example.org"
        body = client.get("/.well-known/security.txt").content.decode()
        assert "Contact: mailto:security@example.org" in body
        assert "Expires: " in body
        assert "Canonical: http://localhost:8000/.well-known/security.txt" in body

    def test_the_manifest_names_icons_that_exist(self, client):
        manifest = client.get("/manifest.webmanifest").json()
        assert manifest["short_name"] == "CMSC"
        from django.contrib.staticfiles import finders

        for icon in manifest["icons"]:
            assert finders.find(icon["src"].removeprefix("/static/"))

    @pytest.mark.usefixtures("no_event_loop")
    def test_alive_and_ready_say_so(self, client):
        assert client.get("/healthz").content == b"ok\n"
        response = client.get("/readyz")
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"] or "no-cache" in response["Cache-Control"]


class TestHead:
    def test_says_what_the_page_is_to_those_who_share_it(self, client):
        body = client.get("/about/mission/").content.decode()
        assert '<link rel="canonical" href="http://localhost:8000/about/mission/">' in body
        assert 'property="og:title"' in body
        assert 'property="og:image" content="http://localhost:8000/social/' in body
        assert 'name="twitter:card" content="summary_large_image"' in body

    def test_shows_the_sites_picture_where_staff_chose_one(self, client, committed):
        from tests.factories import ImageFactory

        page = Page.objects.get(slug="mission").specific
        with committed():
            page.social_image = ImageFactory()
            page.save()
        assert "/media/images/" in client.get("/about/mission/").content.decode()

    def test_never_lets_an_editors_words_end_the_structured_data(self, client, committed):
        with committed():
            StandardPageFactory(slug="x", title="</script><script>alert(1)</script>")
        assert "<script>alert(1)" not in client.get("/x/").content.decode()

    def test_names_what_staff_filled_in(self, client, committed):
        facts = OrganisationSettings.objects.get()
        facts.ein, facts.email = "12-3456789", "sample@example.org"
        with committed():
            facts.save()
        body = client.get("/").content.decode()
        assert '"taxID":"12-3456789"' in body
        assert '"@type":"NGO"' in body
