"""Each mission point and value has an address that stays, and a translation of its own."""

import pytest
from wagtail.models import Locale

from pages.models import MissionPage, MissionPoint

pytestmark = pytest.mark.django_db


def anchors(client) -> str:
    return client.get("/about/mission/").content.decode()


def test_every_point_and_value_can_be_linked_to(client):
    body = anchors(client)
    page = MissionPage.objects.get()
    assert page.points.count() == 8
    assert page.values.count() == 6
    for statement in [*page.points.all(), *page.values.all()]:
        assert f'id="{statement.anchor}"' in body
        assert f'href="#{statement.anchor}"' in body


def test_an_address_stays_when_the_words_or_the_order_change():
    page = MissionPage.objects.get()
    points = list(page.points.all())
    before = {point.pk: point.anchor for point in points}
    points[0].text = "Entirely other words"
    for order, point in enumerate(reversed(points)):
        point.sort_order = order
    page.points = points
    page.save_revision().publish()
    page = MissionPage.objects.get()
    assert {point.pk: point.anchor for point in page.points.all()} == before
    assert page.points.last().text == "Entirely other words"


def test_a_new_point_gets_an_address_from_its_words_that_no_other_has():
    page = MissionPage.objects.get()
    first = MissionPoint(page=page, text="Providing quality training and continuing hope")
    second = MissionPoint(page=page, text="東京")
    third = MissionPoint(page=page, text="Vision")
    page.points = [*page.points.all(), first, second, third]
    page.save_revision().publish()
    made = list(MissionPoint.objects.order_by("-pk")[:3])
    assert {point.anchor for point in made} == {
        "providing-quality-training-and-continuing-2",
        "point",
        "vision-2",
    }


def test_a_point_is_translated_on_its_own():
    french = Locale.objects.create(language_code="fr")
    page = MissionPage.objects.get()
    for above in [page.get_parent().get_parent(), page.get_parent(), page]:
        above.specific.copy_for_translation(french)
    translated = MissionPage.objects.get(locale=french)
    ours, theirs = page.points.first(), translated.points.first()
    assert theirs.translation_key == ours.translation_key
    assert theirs.locale == french
    theirs.text = "Donner à chacun de quoi apprendre"
    theirs.save()
    assert page.points.first().text == ours.text
    assert theirs.anchor == ours.anchor


def test_the_home_page_shows_as_many_points_as_staff_chose(client):
    body = client.get("/").content.decode()
    texts = [point.text for point in MissionPage.objects.get().points.all()]
    assert all(text in body for text in texts[:4])
    assert not any(text in body for text in texts[4:])


def test_the_pages_before_and_after_in_the_section_are_offered(client):
    body = client.get("/about/leadership/").content.decode()
    assert (
        'rel="prev" href="/about/mission/"' in body or 'href="/about/mission/" rel="prev"' in body
    )
    assert 'href="/about/financials/"' in body
