"""What of teachers is nobody's business is in no public answer, and who is hidden is nowhere."""

import datetime
import re
from html import unescape

import pytest
from django.utils import timezone

from teachers.models import DirectoryEntry
from teachers.models.teacher import RENEWED_FOR, State
from teachers.search import find_teachers
from tests.factories import TeacherFactory

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.localdate() - RENEWED_FOR - datetime.timedelta(days=1)
HIDDEN = {
    "a draft": {"live": False},
    "hidden": {"state": State.HIDDEN},
    "withdrawn": {"state": State.WITHDRAWN},
    "expired": {"last_confirmed": LONG_AGO},
    "without consent": {"agreed_to_be_listed": False},
    "in training": {},
}


@pytest.fixture
def hidden(world, level):
    """One teacher of each kind who may not be seen."""
    levels = {"in training": level("Teacher-in-Training")}
    return [
        TeacherFactory(
            name=f"Quirina Hiddenwell {why}",
            biography="<p>Quincunx.</p>",
            place=world["Lyon"],
            languages=["sw"],
            teaches_online=True,
            level=levels.get(why, level("Certified Teacher")),
            **fields,
        )
        for why, fields in HIDDEN.items()
    ]


def text_of(client, path: str) -> str:
    return unescape(client.get(path).content.decode())


def locations(client) -> list[str]:
    found = re.findall(r"<loc>http://localhost:8000([^<]*)</loc>", text_of(client, "/sitemap.xml"))
    assert found
    return found


class TestWhoeverIsHidden:
    def test_has_no_address(self, client, hidden):
        for teacher in hidden:
            for below in ("", "write/"):
                for ask in (client.get, client.head, client.post):
                    assert ask(f"/teachers/{teacher.slug}/{below}").status_code == 404

    @pytest.mark.parametrize(
        "path",
        [
            "/teachers/",
            "/teachers/?near=Lyon",
            "/teachers/?near=France",
            "/teachers/?near=Suva",  # whose nearest three they would be among
            "/teachers/?q=Quirina+Hiddenwell",
            "/teachers/?q=Quincunx",
            "/teachers/?language=sw",
            "/teachers/?format=online",
            "/teachers/?level=1",
            "/teachers/places.json?q=qui",
            "/search/?q=Hiddenwell",
            "/search/?q=Quincunx",
            "/search/?q=Quirina&type=teachers",
            "/sitemap.xml",
        ],
    )
    def test_is_in_no_answer(self, client, hidden, path):
        text = text_of(client, path)
        assert "/quirina-hiddenwell" not in text
        assert "1 teacher" not in text

    def test_had_they_been_listed_they_would_be_found(self, client, hidden, level):
        for teacher in hidden:
            teacher.live, teacher.state, teacher.agreed_to_be_listed = True, State.LISTED, True
            teacher.last_confirmed = timezone.localdate()
            teacher.level = level("Certified Teacher")
            teacher.save()
        for path in ("/teachers/", "/teachers/?q=Quincunx", "/search/?q=Quirina"):
            text = text_of(client, path)
            for teacher in hidden:
                assert teacher.slug in text
        addresses = locations(client)
        for teacher in hidden:
            assert f"/teachers/{teacher.slug}/" in addresses
            assert client.get(f"/teachers/{teacher.slug}/").status_code == 200


def test_no_public_answer_holds_an_address_or_an_exact_position(client, world):
    teachers = [
        TeacherFactory(
            name=f"Sample Teacher {number}",
            contact_address=f"secret{number}@nowhere.example.org",
            place=place,
            teaches_online=number % 2 == 0,
            website="https://example.org/teacher",
            public_phone="+33 1 23 45 67 89",
        )
        for number, place in enumerate(world.values())
    ]
    paths = {
        "/teachers/",
        "/teachers/?near=Lyon",
        "/teachers/?near=45.7,4.8",
        "/teachers/?near=France",
        "/teachers/?near=Suva&distance=20000",
        "/teachers/?near=Portland",
        "/teachers/?q=sample",
        "/teachers/?q=secret1",
        "/teachers/?q=secret1@nowhere.example.org",
        "/teachers/places.json?q=ly",
        "/search/?q=secret1",
        "/search/?q=sample",
        "/sitemap.xml",
        *locations(client),
        *(f"/teachers/{teacher.slug}/write/" for teacher in teachers),
    }
    positions = {
        str(number)
        for place in world.values()
        for number in (place.latitude, place.longitude)
        if number != round(number, 1)
    }
    vectors = {str(number)[:8] for one in teachers for number in (one.entry.x, one.entry.y)}
    assert len(positions) > 8
    for path in sorted(paths):
        response = client.get(path)
        assert response.status_code == 200, path
        text = unescape(response.content.decode()) + str(response.headers)
        asked_for = "q=secret1@" in path
        assert asked_for or "nowhere.example.org" not in text, path
        assert "secret2@" not in text, path
        for number in positions | vectors:
            assert number not in text, (path, number)


def test_an_old_address_leads_to_the_new_one(client, world):
    teacher = TeacherFactory(name="Sample Name", place=world["Lyon"])
    teacher.slug = "another-name"
    teacher.save()
    response = client.get("/teachers/sample-name/")
    assert response.status_code == 301
    assert response["Location"] == "/teachers/another-name/"
    assert client.get(response["Location"]).status_code == 200


def test_an_old_address_tells_nothing_of_who_is_hidden(client, world):
    teacher = TeacherFactory(name="Sample Name", place=world["Lyon"])
    teacher.slug = "another-name"
    teacher.save()
    teacher.state = State.WITHDRAWN
    teacher.save()
    assert client.get("/teachers/sample-name/").status_code == 404
    teacher.slug = "third-name"
    teacher.save()
    for slug in ("sample-name", "another-name", "third-name"):
        assert client.get(f"/teachers/{slug}/").status_code == 404
    teacher.state = State.LISTED
    teacher.save()
    for slug in ("sample-name", "another-name"):
        assert client.get(f"/teachers/{slug}/")["Location"] == "/teachers/third-name/"


def test_an_address_that_someone_else_has_now_is_theirs(client, world):
    first = TeacherFactory(name="Sample Name", place=world["Lyon"])
    first.slug = "another-name"
    first.save()
    second = TeacherFactory(name="Sample Name", slug="sample-name", place=world["Lyon"])
    assert client.get("/teachers/sample-name/").status_code == 200
    second.state = State.HIDDEN
    second.save()
    assert client.get("/teachers/sample-name/")["Location"] == "/teachers/another-name/"


def test_whoever_expires_while_the_worker_is_down_is_found_by_no_words(client, world):
    teacher = TeacherFactory(name="Quirina Hiddenwell", place=world["Lyon"])
    DirectoryEntry.objects.update(listed_until=timezone.localdate() - datetime.timedelta(days=1))
    assert find_teachers("Quirina") == []
    assert "1 teacher" not in text_of(client, "/teachers/?q=Quirina")
    assert client.get(f"/teachers/{teacher.slug}/").status_code == 404
    assert "1 result" not in text_of(client, "/search/?q=Quirina")
