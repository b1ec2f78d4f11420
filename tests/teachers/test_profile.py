"""A teacher's profile, as people and machines read it."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

from tests.factories import ImageFactory, ProgramFactory, TeacherFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(world, level):
    certified = level("Certified Teacher")
    certified.may_teach = "Sample words on what the level may teach."
    certified.save()
    return TeacherFactory(
        name="Zoë Sample-O’Brien",
        credentials="PhD",
        level=certified,
        is_trainer=True,
        place=world["Portland, OR"],
        languages=["es", "en"],
        teaches_online=True,
        programs=[ProgramFactory(name="Sample program", description="A sample.")],
        biography="<p>Sample <b>words</b>.</p>",
        website="https://www.example.org/zoe/",
        public_phone="+1 (503) 555-0100",
    )


def read(client, teacher) -> str:
    response = client.get(f"/teachers/{teacher.slug}/")
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_a_profile_says_who_the_teacher_is(client, teacher):
    text = read(client, teacher)
    for words in (
        '<h1 class="profile__name">Zoë Sample-O’Brien</h1>',
        "PhD",
        "Certified Teacher",
        "Teacher Trainer",
        "Sample words on what the level may teach.",
        "Portland, Oregon, United States",
        "In person, Online",
        "English, Spanish",
        "Sample program",
        ">example.org/zoe</a>",
        'href="tel:+15035550100"',
        "Sample <b>words</b>.",
    ):
        assert words in text


def test_machines_are_told_of_a_person(client, teacher):
    text = client.get(f"/teachers/{teacher.slug}/").content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
    person = next(item for item in data["@graph"] if item["@type"] == "Person")
    assert person["name"] == teacher.name
    assert person["jobTitle"] == "Certified Teacher"
    assert person["knowsLanguage"] == ["en", "es"]
    assert person["workLocation"]["name"] == "Portland, Oregon, United States"
    assert "email" not in person
    assert "geo" not in json.dumps(person)


def test_a_bare_profile_leaves_out_what_is_not_known(client):
    teacher = TeacherFactory(place=None, languages=[], teaches_in_person=False, contact_address="")
    text = read(client, teacher)
    assert "<dt>" not in text
    assert teacher.initials in text


def test_the_teacher_finds_the_way_to_the_own_entry(client, teacher):
    assert f'Is this you? <a href="{reverse("teachers_own")}">' in read(client, teacher)


def test_a_printed_profile_says_where_to_write(client, teacher):
    text = read(client, teacher)
    address = f"http://localhost:8000/teachers/{teacher.slug}/"
    assert f'"profile__printed">Write to {teacher.name} at {address}<' in text


def test_a_profile_takes_few_queries(client, teacher, count_queries):
    teacher.portrait = ImageFactory()
    teacher.save()
    read(client, teacher)
    assert count_queries(lambda: read(client, teacher)) <= 8


def test_a_profile_is_the_same_for_everyone_and_sets_no_cookie(client, teacher):
    response = client.get(f"/teachers/{teacher.slug}/")
    assert not response.cookies
    assert "csrf" not in response.content.decode()
    client.cookies["other"] = "1"
    assert client.get(f"/teachers/{teacher.slug}/").content == response.content


def test_no_cache_shows_a_teacher_who_left_while_the_site_is_down(client, teacher):
    for address in (f"/teachers/{teacher.slug}/", "/teachers/", "/teachers/?q=Zoe"):
        assert "stale-if-error" not in client.get(address)["Cache-Control"]
    assert "stale-if-error=86400" in client.get("/")["Cache-Control"]


def test_the_site_search_finds_teachers(client, teacher):
    text = unescape(client.get("/search/?q=Zoe").content.decode())
    assert f'href="/teachers/{teacher.slug}/"' in text
    assert "Certified Teacher" in text


def test_a_change_is_live_at_once(client, teacher, committed):
    read(client, teacher)
    with committed():
        teacher.credentials = "LCSW"
        teacher.save()
    assert "LCSW" in read(client, teacher)
