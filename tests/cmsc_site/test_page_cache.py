"""Public pages are answered from a copy: the same for all, fresh at once, and nothing private."""

import gzip
import threading
from datetime import timedelta
from types import SimpleNamespace

import brotli
import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cmsc_site.page_cache import middleware
from cmsc_site.page_cache.copies import coding_for
from cmsc_site.page_cache.kept import kept_pages
from cmsc_site.page_cache.memory import Memory
from cmsc_site.page_cache.middleware import PageCacheMiddleware
from pages.generation import current_generation, start_new_generation
from pages.models import StandardPage
from pages.remembered import declare
from tests.factories import AnnouncementFactory, StandardPageFactory, TeacherFactory, UserFactory

MISS, HIT = "page; fwd=miss; stored", "page; hit"


@pytest.fixture(autouse=True)
def remembering(settings):
    """Keep pages, as a site does and tests otherwise do not."""
    settings.PAGE_CACHE_BYTES = 4 * 1024 * 1024


def status(response) -> str:
    return response.get("Cache-Status", "")


@pytest.mark.django_db
class TestVisitors:
    def test_get_the_same_page_again_without_a_question_to_the_database(
        self, client, count_queries
    ):
        first = client.get("/about/mission/")
        answers = []
        assert count_queries(lambda: answers.append(client.get("/about/mission/"))) == 0
        assert (status(first), status(answers[0])) == (MISS, HIT)
        assert answers[0].content == first.content
        own = {"Cache-Status", "X-Request-ID"}
        assert {k: v for k, v in answers[0].items() if k not in own} == {
            k: v for k, v in first.items() if k not in own
        }

    def test_share_the_work_of_all_processes(self, client, count_queries):
        client.get("/about/mission/")
        kept_pages.cache_clear()
        another = Client()  # has nothing in its memory, as another process has not
        assert count_queries(lambda: another.get("/about/mission/")) == 0

    @pytest.mark.parametrize(
        ("accepted", "coding", "decode"),
        [
            ("", "", bytes),
            ("gzip", "gzip", gzip.decompress),
            ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ],
    )
    def test_get_the_coding_that_they_know(self, client, accepted, coding, decode):
        plain = client.get("/").content
        response = client.get("/", headers={"accept-encoding": accepted})
        assert response.get("Content-Encoding", "") == coding
        assert decode(response.content) == plain
        assert int(response["Content-Length"]) == len(response.content)
        assert response["Vary"] == "Accept-Encoding"

    def test_are_told_in_a_few_bytes_that_nothing_changed(self, client):
        for accepted in ("", "gzip", "br"):
            ask = {"accept-encoding": accepted}
            first = client.get("/", headers=ask)
            assert first["ETag"].startswith('"')
            for known in (first["ETag"], f'"other", W/{first["ETag"]}', "*"):
                again = client.get("/", headers={**ask, "if-none-match": known})
                assert (again.status_code, again.content) == (304, b"")
                assert again["ETag"] == first["ETag"]
                assert again["Cache-Control"] == first["Cache-Control"]
                assert not again.has_header("Content-Type")
            assert client.get("/", headers={**ask, "if-none-match": '"x"'}).status_code == 200

    def test_have_one_tag_for_each_coding(self, client):
        tags = {client.get("/", headers={"accept-encoding": one})["ETag"] for one in ("gzip", "br")}
        assert len(tags | {client.get("/")["ETag"]}) == 3

    @pytest.mark.parametrize("is_kept", [False, True])
    def test_may_ask_for_the_head_alone(self, client, is_kept):
        if is_kept:
            client.get("/")
        head = client.head("/")
        assert head.content == b""
        assert head["Content-Length"] == client.get("/")["Content-Length"]
        assert client.get("/").content

    def test_still_see_what_they_ask_for_when_it_is_not_there(self, client):
        assert client.get("/nothing-here/").status_code == 404
        assert client.get("/nothing-here/").status_code == 404
        assert client.get("/about").status_code == 301
        assert client.post("/").status_code == 405
        assert client.get("/").status_code == 200


@pytest.mark.django_db
class TestParameters:
    def test_that_no_page_reads_neither_split_nor_poison_a_page(self, client):
        odd = client.get("/about/", {"utm_source": "<script>x", "page": "2"})
        assert b"utm_source" not in odd.content
        plain = client.get("/about/")
        assert status(client.get("/about/?utm_source=other&fbclid=1")) == HIT
        assert plain.content == odd.content
        assert status(plain) == HIT

    def test_that_a_page_reads_find_each_their_own(self, client):
        TeacherFactory(name="Sample Anna")
        TeacherFactory(name="Sample Bruno")
        for name, other in (("Anna", "Bruno"), ("Bruno", "Anna")):
            for _again in range(2):
                text = client.get("/teachers/", {"q": name, "utm": name}).content.decode()
                assert f"Sample {name}" in text
                assert f"Sample {other}" not in text
                assert "utm" not in text
        assert status(client.get("/teachers/?q=Anna")) == HIT
        assert status(client.get("/teachers/?utm=9&q=Anna")) == HIT

    def test_are_kept_out_of_what_processes_share(self, client):
        client.get("/teachers/?q=Anna")
        kept_pages.cache_clear()
        kept = Client().get("/teachers/?q=Anna")
        assert status(kept) == MISS

    def test_too_long_to_keep_are_answered_all_the_same(self, client):
        for _again in range(2):
            response = client.get("/teachers/", {"q": "x" * 5000})
            assert response.status_code == 200
            assert not status(response)


@pytest.mark.django_db
class TestPrivate:
    @pytest.mark.parametrize(
        "headers", [{"cookie": "session=x"}, {"cookie": "messages=x"}, {"authorization": "Basic x"}]
    )
    def test_requests_pass_by(self, client, headers):
        client.get("/")
        assert not status(client.get("/", headers=headers))

    def test_cookies_of_others_do_not_matter(self, client):
        client.get("/")
        assert status(client.get("/", headers={"cookie": "other=1; csrf=2"})) == HIT

    def test_what_staff_see_is_kept_for_nobody(self, client):
        staff = Client()
        staff.force_login(UserFactory(admin=True))
        assert b"wagtail-userbar" in staff.get("/").content
        assert b"wagtail-userbar" not in client.get("/").content

    def test_a_page_with_a_password_is_kept_for_nobody(self, client, committed):
        about = Page.objects.get(slug="about").specific
        page = StandardPageFactory(parent=about, title="Sample secret", slug="sample-secret")
        address = page.get_url()
        assert b"Sample secret" in client.get(address).content
        with committed():
            PageViewRestriction.objects.create(
                page=page, restriction_type="password", password="sample"
            )
        for _again in range(2):
            response = client.get(address)
            assert b"Sample secret" not in response.content
            assert not status(response)

    def test_a_preview_shows_the_draft_and_leaves_no_copy(self, client, committed):
        page = StandardPage.objects.get(slug="privacy")
        client.get("/privacy/")
        page.introduction = "Unfinished words."
        preview = page.make_preview_request()
        preview.render() if hasattr(preview, "render") else None
        assert b"Unfinished words." in preview.content
        assert b"Unfinished words." not in client.get("/privacy/").content

    def test_a_made_up_beginning_of_all_paths_is_in_no_copy(self, client):
        client.get("/about/mission/", SCRIPT_NAME="/about/mission")
        assert b"<h1>Mission" in client.get("/about/mission/").content

    def test_a_broken_cookie_of_a_form_does_not_keep_others_from_copies(self, client):
        client.get("/about/", headers={"cookie": "csrf=x"})
        client.get("/about/")
        assert status(client.get("/about/")) == HIT

    def test_the_charset_of_a_request_changes_no_copy(self, client):
        TeacherFactory(name="Sample Bruno")
        odd = {"content-type": "text/plain; charset=utf-16"}
        client.get("/teachers/?q=Bruno", headers=odd)
        text = client.get("/teachers/?q=Bruno").content.decode()
        assert 'value="Bruno"' in text

    def test_a_host_may_be_written_in_many_ways_and_is_kept_once(self, client):
        client.get("/", headers={"host": "localhost"})
        for host in ("LOCALHOST", "localhost:1", "localhost:0099"):
            assert status(client.get("/", headers={"host": host})) == HIT

    def test_a_copy_that_cannot_be_read_is_made_anew(self, client, monkeypatch):
        def broken(*args):
            raise EOFError

        monkeypatch.setattr(caches["pages"], "get", broken)
        assert client.get("/").status_code == 200

    def test_a_host_that_is_not_the_sites_gets_nothing(self, client):
        client.get("/")
        assert client.get("/", headers={"host": "evil.example"}).status_code == 400
        assert status(client.get("/", headers={"host": "127.0.0.1"})) == MISS

    def test_the_admin_and_the_search_are_not_kept(self, client):
        for path in ("/search/?q=compassion", "/healthz", "/account/login/"):
            client.get(path)
            assert not status(client.get(path))


@pytest.mark.django_db
class TestFresh:
    def test_a_copy_ends_when_an_announcement_begins_and_when_it_ends(
        self, client, committed, time_machine
    ):
        now = timezone.now().replace(hour=9)
        time_machine.move_to(now)
        with committed():
            AnnouncementFactory(
                text="Sample: closed today",
                starts_at=now + timedelta(hours=1),
                ends_at=now + timedelta(hours=2),
            )
        for hours, is_shown in ((0.1, False), (1.1, True), (2.1, False)):
            time_machine.move_to(now + timedelta(hours=hours))
            assert (b"Sample: closed today" in client.get("/").content) == is_shown
            assert status(client.get("/")) == HIT

    def test_a_copy_ends_with_the_day(self, client, time_machine):
        time_machine.move_to(timezone.localtime().replace(hour=23, minute=59))
        client.get("/")
        assert status(client.get("/")) == HIT
        time_machine.shift(120)
        assert status(client.get("/")) == MISS

    def test_nobody_keeps_a_page_beyond_its_end(self, client, time_machine):
        late = timezone.localtime().replace(hour=23, minute=59, second=50, microsecond=0)
        time_machine.move_to(late, tick=False)
        client.get("/")
        time_machine.shift(5)
        assert "s-maxage=5," in client.get("/")["Cache-Control"]

    def test_a_cdn_keeps_longest_what_it_can_be_told_to_forget(self, settings):
        settings.PAGE_SHARED_CACHE_SECONDS = 600
        client = Client()
        assert "s-maxage=60," in client.get("/about/?utm_source=x")["Cache-Control"]
        assert "s-maxage=600," in client.get("/about/")["Cache-Control"]
        assert "s-maxage=60," in client.get("/about/?utm_source=x")["Cache-Control"]
        assert "s-maxage=60," in client.get("/search/?q=x")["Cache-Control"]

    def test_what_is_gone_is_gone_for_all(self, client, committed):
        page = StandardPage.objects.get(slug="privacy")
        assert client.get("/privacy/").status_code == 200
        with committed():
            page.unpublish()
        assert client.get("/privacy/").status_code == 404


class TestManyAtOnce:
    """Straight at the middleware, with pages that take as long as the test wants."""

    @pytest.fixture
    def site(self):
        """A page that waits until it is let go, and counts how often it is made."""
        site = SimpleNamespace(made=0, go_on=threading.Event(), begun=threading.Event())

        def page(request):
            site.made += 1
            site.begun.set()
            assert site.go_on.wait(20)
            declare(request)
            return HttpResponse(
                f"made {site.made}", headers={"Cache-Control": "public", "X-Sample": "1"}
            )

        site.page_cache = PageCacheMiddleware(page)
        site.answers = []
        site.ask = lambda: site.answers.append(
            site.page_cache(RequestFactory().get("/", headers={"host": "localhost"}))
        )
        return site

    def ask_at_once(self, site, number) -> list[threading.Thread]:
        threads = [threading.Thread(target=site.ask) for _ in range(number)]
        for thread in threads:
            thread.start()
        return threads

    def test_a_page_is_made_once_for_all_who_ask_meanwhile(self, site):
        threads = self.ask_at_once(site, 30)
        assert site.begun.wait(20)
        site.go_on.set()
        for thread in threads:
            thread.join(20)
        assert site.made == 1
        assert {answer.content for answer in site.answers} == {b"made 1"}
        assert len(site.answers) == 30

    def test_others_get_the_former_copy_where_the_new_takes_long(self, site, monkeypatch):
        monkeypatch.setattr(middleware, "BRIEFLY", 0.01)
        site.go_on.set()
        site.ask()
        site.go_on.clear()
        site.begun.clear()
        renew()
        (maker,) = self.ask_at_once(site, 1)
        assert site.begun.wait(20)
        site.ask()  # which does not wait until this test lets the page go
        former = site.answers[-1]
        assert (former.content, status(former)) == (b"made 1", "page; hit; detail=former")
        assert former["Cache-Control"] == "no-store"
        site.go_on.set()
        maker.join(20)
        site.ask()
        assert (site.answers[-1].content, status(site.answers[-1])) == (b"made 2", HIT)

    def test_whoever_asks_after_a_change_waits_for_the_new_page(self, site):
        site.go_on.set()
        site.ask()
        site.go_on.clear()
        site.begun.clear()
        renew()
        threads = self.ask_at_once(site, 10)
        assert site.begun.wait(20)
        site.go_on.set()
        for thread in threads:
            thread.join(20)
        assert {answer.content for answer in site.answers[1:]} == {b"made 2"}

    def test_nobody_waits_for_ever(self, site, monkeypatch):
        monkeypatch.setattr(middleware, "PATIENCE", 0.01)
        (maker,) = self.ask_at_once(site, 1)
        assert site.begun.wait(20)
        site.page_cache.get_response = lambda request: HttpResponse("made for one")
        site.ask()
        assert site.answers[-1].content == b"made for one"
        site.go_on.set()
        maker.join(20)

    def test_a_page_that_fails_leaves_nobody_waiting(self, site):
        site.page_cache.get_response = lambda request: 1 / 0
        for _again in range(2):
            with pytest.raises(ZeroDivisionError):
                site.ask()

    def test_what_may_not_be_kept_is_made_for_each_without_waiting(self, site):
        site.page_cache.get_response = lambda request: HttpResponse("for one alone")
        for _again in range(3):
            site.ask()
        assert [status(answer) for answer in site.answers] == ["", "", ""]


def renew() -> None:
    """Begin a new generation without a database."""
    from pages.generation import _renew

    _renew()


class TestMemory:
    def test_what_was_asked_for_longest_ago_goes_when_there_is_no_room(self):
        memory = Memory(1000)
        for name in "abcdefgh":
            memory.put(name, SimpleNamespace(size=125))
        memory.get("a")
        memory.put("i", SimpleNamespace(size=125))
        assert memory.get("b") is None
        assert memory.get("a") is not None
        assert (len(memory), memory.bytes) == (8, 1000)

    def test_what_is_too_large_is_not_kept_and_takes_the_former_with_it(self):
        memory = Memory(1000)
        memory.put("a", SimpleNamespace(size=100))
        memory.put("a", SimpleNamespace(size=126))
        assert memory.get("a") is None
        assert memory.bytes == 0


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("br", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("GZIP", "gzip"),
        ("gzip;q=0.2, identity;q=0.8", ""),
        ("gzip;q=x", ""),
        ("gzip;", "gzip"),
        (",;=,q", ""),
    ],
)
def test_the_coding_follows_what_the_browser_accepts(accepted, coding):
    assert coding_for(accepted) == coding


class TestGeneration:
    @pytest.fixture(autouse=True)
    def in_a_folder_of_its_own(self, settings, tmp_path):
        """Where nothing else is, and nothing was before."""
        settings.GENERATION_FILE = tmp_path / "below" / "generation"

    def test_lasts_until_something_changes(self):
        assert current_generation() == current_generation()

    def test_never_has_a_name_that_it_had_before(self):
        names = [current_generation()]
        for _again in range(200):
            renew()
            names.append(current_generation())
        assert len(set(names)) == len(names)

    @pytest.mark.django_db
    def test_begins_after_the_commit(self, committed):
        before = current_generation()
        with committed():
            start_new_generation()
            assert current_generation() == before
        assert current_generation() != before

    def test_leaves_no_other_file(self, settings):
        renew()
        assert [path.name for path in settings.GENERATION_FILE.parent.iterdir()] == ["generation"]


@pytest.mark.django_db
def test_without_memory_every_page_is_made_anew(settings):
    settings.PAGE_CACHE_BYTES = 0
    client = Client()
    client.get("/")
    response = client.get("/")
    assert response.status_code == 200
    assert not status(response)
    assert caches["pages"]
