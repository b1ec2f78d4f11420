"""What is private is private by every way in, and what is kept is kept for the right asker."""

import logging

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image as PillowImage
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    Site,
)

from library.models import Rendition
from pages.generation import generation_for
from pages.models import HomePage, MissionPage, PageText, SectionPage, StandardPage
from pages.social_image import title_of
from people.models import LeadershipPage, PeopleGroup, Person
from people.search import find_people, reindex_changed_seats
from tests.factories import (
    DocumentFactory,
    ImageFactory,
    SeatFactory,
    StandardPageFactory,
    UserFactory,
    home,
    picture_bytes,
)

pytestmark = pytest.mark.django_db


def text_of(client, path: str) -> str:
    return client.get(path).content.decode()


def make_private(page: Page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


@pytest.mark.parametrize("way", ["../", "%2e%2e/", "..%2f", "x/../../", "./../"])
@pytest.mark.parametrize("folder", ["documents", "original_images"])
def test_no_upload_but_renditions_is_reached_below_media(client, way, folder, settings):
    secret = settings.MEDIA_ROOT / folder / "secret.txt"
    secret.parent.mkdir(parents=True)
    secret.write_text("secret")
    assert client.get(f"/media/images/{way}{folder}/secret.txt").status_code == 404


def test_a_document_of_a_private_collection_asks_who_is_there(client):
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    response = client.get(DocumentFactory(collection=collection).url)
    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]


def test_a_draft_is_not_in_the_search_nor_its_excerpts(client, committed):
    page = StandardPageFactory(title="A page", introduction="Published words about zebras.")
    page.introduction = "Draft words about zebras and unannounced things."
    with committed():
        page.save_revision()
    assert "unannounced" not in PageText.objects.get(page=page).text
    assert "unannounced" not in text_of(client, "/search/?q=zebras")
    assert "Published words" in text_of(client, "/search/?q=zebras")


def test_a_private_mission_page_leaves_the_home_page(client):
    mission = MissionPage.objects.get()
    make_private(mission)
    assert mission.points.first().text not in text_of(client, "/")


def test_a_card_to_a_page_that_became_private_shows_neither_title_nor_summary(client):
    page = StandardPageFactory(title="Confidential title", search_description="Confidential words")
    front = HomePage.objects.get()
    cards = {"heading": "Cards", "tint": "paper", "cards": [{"page": page}]}
    front.sections = [("cards", cards)]
    front.hero_links = [("link", {"page": page})]
    front.save()
    make_private(page)
    assert "Confidential" not in text_of(client, "/")


def test_an_alias_is_as_private_as_its_source(client, committed):
    section = SectionPage.objects.get(slug="about")
    source = StandardPageFactory(title="Quokka minutes", introduction="Quokka words")
    alias = source.create_alias(parent=section, update_slug="quokka")
    with committed():
        make_private(source)
    assert client.get(alias.url).status_code == 302
    for path in ("/about/", "/about/financials/", "/search/?q=quokka", "/sitemap.xml"):
        found = text_of(client, path)
        assert "Quokka minutes" not in found
        assert "Quokka words" not in found
        assert "/quokka/" not in found


def test_a_private_page_stays_so_while_it_is_moved(client, committed):
    """Between the move's commit and the moment in which the site hears of it."""
    other = StandardPageFactory(title="Beside it")
    secret = StandardPageFactory(slug="secret", title="Quokka minutes")
    with committed():
        make_private(secret)
    assert client.get("/secret/").status_code == 302
    Page.objects.get(pk=secret.pk).move(Page.objects.get(pk=other.pk), pos="left")
    assert client.get("/secret/").status_code == 302
    assert client.get("/beside-it/").status_code == 200
    assert "Quokka" not in text_of(client, "/search/?q=quokka")


def test_where_the_root_is_private_everything_is(client, committed):
    with committed():
        make_private(Page.objects.get(depth=1))
    assert client.get("/about/mission/").status_code == 302
    assert client.get("/search/?q=mission").context["counts"] == []


@pytest.fixture
def guarded():
    page = StandardPageFactory(slug="guarded", title="Guarded title", introduction="Guarded words")
    PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="a sample secret"
    )
    return page


def unlock(client, page) -> None:
    action = client.get(page.url).context["action_url"]
    client.post(action, {"password": "a sample secret", "return_url": page.url})


@pytest.mark.parametrize("first", ["visitor", "member"])
def test_a_page_with_a_password_is_never_mixed_up_with_its_question(guarded, first):
    visitor, member = Client(), Client()
    unlock(member, guarded)
    cache.clear()
    for who in [visitor, member] if first == "visitor" else [member, visitor]:
        who.get(guarded.url)
    assert "Guarded words" in text_of(member, guarded.url)
    asked = text_of(visitor, guarded.url)
    assert "A password is needed" in asked
    assert "Guarded" not in asked


def test_words_read_before_a_change_are_not_kept_as_of_after_it(client, committed, monkeypatch):
    page = StandardPageFactory(slug="raced", introduction="Old words.")
    get_context = StandardPage.get_context

    def publish_meanwhile(self, request, *args, **kwargs):
        monkeypatch.setattr(StandardPage, "get_context", get_context)
        fresh = StandardPage.objects.get(pk=page.pk)
        fresh.introduction = "New words."
        with committed():
            fresh.save_revision().publish()
        return get_context(self, request, *args, **kwargs)

    monkeypatch.setattr(StandardPage, "get_context", publish_meanwhile)
    assert "Old words." in text_of(client, "/raced/")
    assert "New words." in text_of(client, "/raced/")


def test_a_request_keeps_the_generation_with_which_it_began(rf, committed):
    request = rf.get("/")
    began = generation_for(request)
    with committed():
        home().save()
    assert generation_for(request) == began


def test_what_a_visitor_types_is_drawn_into_no_picture(client):
    body = text_of(client, "/search/?q=Send+money+to+evil.example")
    token = body.split("/social/")[1].split(".png")[0]
    assert title_of(token) == "Center for Mindful Self-Compassion"


def test_links_that_hold_a_secret_are_not_logged(client, caplog):
    caplog.set_level(logging.INFO, logger="cmsc_site.requests")
    client.get(reverse("account_reset_password_from_key", args=["1", "abc-secretkey"]))
    paths = [record.path for record in caplog.records if record.message == "request"]
    assert paths
    assert not any("secretkey" in path for path in paths)


def test_a_draft_of_a_person_changes_no_redirect(client):
    person = Person.objects.get(slug="lisa-baylis")
    person.slug = "second-name"
    person.save()
    person.slug = "draft-name"
    person.save_revision()
    response = client.get("/about/leadership/lisa-baylis/")
    assert response["Location"] == "/about/leadership/second-name/"


def test_the_search_knows_the_titles_of_today_alone(time_machine):
    group = PeopleGroup.objects.get(slug="staff")
    seat = SeatFactory(group=group, title="Former Zookeeper", ends_on="2026-06-30")
    SeatFactory(group=group, person=seat.person, title="Gardener")
    assert not find_people("Zookeeper")
    assert find_people("Gardener") == [seat.person_id]
    time_machine.move_to("2026-06-30T12:00:00+00:00")
    reindex_changed_seats(seat.person.seats.first().ends_on)
    seat.save()
    assert find_people("Zookeeper") == [seat.person_id]


def test_a_new_day_takes_a_former_title_out_of_the_search(time_machine):
    import datetime

    time_machine.move_to("2026-06-30T12:00:00+00:00")
    group = PeopleGroup.objects.get(slug="staff")
    seat = SeatFactory(group=group, title="Zookeeper", ends_on=datetime.date(2026, 6, 30))
    SeatFactory(group=group, person=seat.person, title="Gardener")
    assert find_people("Zookeeper") == [seat.person_id]
    time_machine.move_to("2026-07-01T00:00:01+00:00")
    assert reindex_changed_seats(datetime.date(2026, 7, 1)) == 1
    assert not find_people("Zookeeper")


def test_a_picture_that_no_page_shows_cannot_be_guessed(client, committed):
    with committed():
        image = ImageFactory()
    rendition = Rendition.objects.filter(image=image).first()
    _images, secret, name = rendition.file.name.split("/")
    assert len(secret) == 16
    assert client.get(f"/media/images/{name}").status_code == 404
    assert client.get(rendition.url).status_code == 200


def test_a_comment_in_a_picture_does_not_reach_visitors(committed):
    with committed():
        image = ImageFactory(
            file=ContentFile(picture_bytes(comment=b"taken at home"), name="comment.jpg")
        )
    for rendition in image.renditions.all():
        with PillowImage.open(rendition.file) as picture:
            assert "comment" not in picture.info


def test_odd_parts_of_the_sitemap_are_not_kept(client):
    client.get("/sitemap.xml")
    client.get("/no/such/page/")
    keys = len(cache._cache)
    for part in ("01", "0001", "+1", "x", "2", "9999"):
        assert client.get("/sitemap.xml", {"p": part}).status_code in {200, 404}
    assert len(cache._cache) == keys


def test_two_sites_of_one_tree_keep_their_own_pages(client):
    from pages.models import OrganisationSettings

    other = Site.objects.create(hostname="testserver", port=80, root_page=home(), site_name="Other")
    OrganisationSettings.objects.create(site=other, name="The Other Organization")
    assert "The Other Organization" in text_of(client, "/privacy/")
    first = client.get("/privacy/", headers={"host": "localhost"}).content.decode()
    assert "The Other Organization" not in first


def test_a_parent_that_is_not_published_is_not_named_by_its_children(client):
    parent = StandardPageFactory(title="Unannounced parent", slug="parent")
    StandardPageFactory(parent=parent, title="Child", slug="child")
    parent.unpublish()
    assert "Unannounced parent" not in text_of(client, "/parent/child/")


@pytest.mark.parametrize("slug", ["search", "admin", "account", "media"])
def test_a_page_cannot_take_an_address_of_the_sites_own(slug):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="uses this address itself"):
        StandardPageFactory(slug=slug)


@pytest.mark.parametrize("path", ["/", "/about/mission/", "/search/", "/robots.txt"])
def test_a_post_to_what_is_only_read_is_405_even_without_a_forms_secret(path):
    assert Client(enforce_csrf_checks=True).post(path).status_code == 405


def test_early_answers_have_the_headers_too(client, settings):
    refused = client.get("/", headers={"host": "evil.example"})
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["testserver"]
    for response in (refused, Client().get("/")):
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert response.has_header("Cache-Control")
    unchanged = client.get("/healthz")
    assert unchanged.has_header("X-Content-Type-Options")


def test_an_unchanged_page_says_what_it_varies_by(client):
    etag = client.get("/privacy/")["ETag"]
    unchanged = client.get("/privacy/", headers={"if-none-match": etag})
    assert unchanged.status_code == 304
    assert unchanged["Vary"] == "Accept-Encoding"
    assert "public" in unchanged["Cache-Control"]


def test_a_document_names_no_encoding_that_it_has_not(client):
    assert "Content-Encoding" not in client.get(DocumentFactory().url)


def test_a_private_leadership_page_takes_its_profiles_along(client):
    make_private(LeadershipPage.objects.get())
    assert client.get("/about/leadership/lisa-baylis/").status_code == 302
    assert "/about/leadership/lisa-baylis/" not in text_of(client, "/search/?q=Baylis")
    assert "lisa-baylis" not in text_of(client, "/sitemap.xml")


def test_staff_may_read_what_is_private(client):
    page = StandardPageFactory(slug="inside", introduction="For those inside.")
    make_private(page)
    client.force_login(UserFactory())
    response = client.get("/inside/")
    assert "For those inside." in response.content.decode()
    assert "no-store" in response["Cache-Control"]
