"""What staff publish is live at the next request, and not before it is committed."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from newsletter.models import NewsletterPage
from pages.generation import current_generation, start_new_generation
from pages.models import MenuSettings, MissionPage, OrganisationSettings, StandardPage
from people.models import PeopleGroup, Person
from tests.factories import (
    AnnouncementFactory,
    FilingFactory,
    ImageFactory,
    StandardPageFactory,
    TeacherFactory,
)

pytestmark = pytest.mark.django_db


def page_text(client, path="/") -> str:
    return client.get(path).content.decode()


@pytest.fixture(autouse=True, params=[0, 4 * 1024 * 1024], ids=["made anew", "from copies"])
def page_cache(request, settings):
    """Look at pages that are made for each who asks, and at copies of them."""
    settings.PAGE_CACHE_BYTES = request.param


@pytest.fixture
def warm(client):
    """Fill the cache with every page that the tests look at."""
    paths = (
        "/", "/about/", "/about/mission/", "/about/leadership/", "/about/financials/", "/privacy/",
        "/teachers/", "/sitemap.xml",
    )  # fmt: skip
    for path in paths:
        client.get(path)


def test_a_changed_page_is_live_at_once(client, warm, committed):
    page = StandardPage.objects.get(slug="privacy")
    page.introduction = "New words."
    with committed():
        page.save_revision().publish()
    assert "New words." in page_text(client, "/privacy/")


def test_a_changed_mission_point_is_live_at_once_on_both_pages(client, warm, committed):
    mission = MissionPage.objects.get()
    mission.points = [*mission.points.all()[1:]]
    with committed():
        mission.save_revision().publish()
    assert "Providing resources and training" not in page_text(client, "/about/mission/")
    assert "Providing resources and training" not in page_text(client)


def test_a_renamed_person_is_live_at_once(client, warm, committed):
    person = Person.objects.get(slug="lisa-baylis")
    person.name = "Lisa Renamed"
    with committed():
        person.save_revision().publish()
    assert "Lisa Renamed" in page_text(client, "/about/leadership/")
    assert "Lisa Renamed" in page_text(client)


def test_seats_in_another_order_are_live_at_once(client, warm, committed):
    group = PeopleGroup.objects.get(slug="staff")
    seats = list(group.seats.all())
    for order, seat in enumerate(reversed(seats)):
        seat.sort_order = order
    group.seats = seats
    with committed():
        group.save_revision().publish()
    text = page_text(client, "/about/leadership/")
    assert text.index("Elijah Zimmerman") < text.index("Lisa Baylis")


def test_changed_settings_and_menus_are_live_at_once(client, warm, committed):
    site = Site.objects.get()
    facts = OrganisationSettings.for_site(site)
    facts.footer_text = "A new footer."
    menus = MenuSettings.for_site(site)
    menus.main = [("item", {"text": "A new entry", "address": "/new/", "items": []})]
    with committed():
        facts.save()
        menus.save()
    assert "A new footer." in page_text(client)
    assert "A new entry" in page_text(client)


def test_a_moved_page_is_live_at_once(client, warm, committed):
    page = StandardPage.objects.get(slug="privacy")
    with committed():
        page.move(Page.objects.get(slug="about"), pos="last-child")
    assert 'href="/about/privacy/"' in page_text(client)


def test_an_unpublished_page_leaves_the_menu_at_once(client, warm, committed):
    assert 'href="/newsletter/"' in page_text(client, "/privacy/")
    with committed():
        NewsletterPage.objects.get().unpublish()
    assert 'href="/newsletter/"' not in page_text(client, "/privacy/")


def test_a_page_made_private_leaves_menu_and_lists_at_once(client, warm, committed):
    with committed():
        PageViewRestriction.objects.create(
            page=Page.objects.get(slug="mission"), restriction_type="login"
        )
    assert 'href="/about/mission/"' not in page_text(client, "/about/")
    assert client.get("/about/mission/").status_code == 302


def test_an_announcement_stands_from_its_start_to_its_end(client, committed, time_machine):
    now = timezone.now()
    with committed():
        AnnouncementFactory(
            text="Sample: closed today",
            starts_at=now + timedelta(hours=1),
            ends_at=now + timedelta(hours=2),
        )
    assert "Sample: closed today" not in page_text(client)
    time_machine.move_to(now + timedelta(minutes=90))
    assert "Sample: closed today" in page_text(client)
    time_machine.move_to(now + timedelta(hours=3))
    assert "Sample: closed today" not in page_text(client)


def test_a_draft_changes_nothing_for_visitors(client, warm, committed):
    page = StandardPage.objects.get(slug="privacy")
    page.introduction = "Unfinished words."
    with committed():
        page.save_revision()
    assert "Unfinished words." not in page_text(client, "/privacy/")


def test_a_new_generation_begins_after_the_commit_and_never_before(
    django_capture_on_commit_callbacks,
):
    before = current_generation()
    with django_capture_on_commit_callbacks() as callbacks:
        start_new_generation()
    assert current_generation() == before
    for callback in callbacks:
        callback()
    assert current_generation() != before


def test_a_lost_generation_is_a_new_one(settings):
    before = current_generation()
    settings.GENERATION_FILE.unlink()
    assert current_generation() not in {"", before}


def test_pages_that_staff_cannot_see_the_insides_of_are_listed_nowhere(client):
    private = StandardPageFactory(
        parent=Page.objects.get(slug="about").specific, title="Hidden one"
    )
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert "Hidden one" not in page_text(client, "/about/")
    assert "Hidden one" not in page_text(client, "/about/financials/")
    assert "hidden-one" not in page_text(client, "/sitemap.xml")


def test_a_redirect_leads_on_at_once(client, warm, committed):
    assert client.get("/former/").status_code == 404
    with committed():
        Redirect.objects.create(old_path="/former", redirect_link="/about/", site=None)
    assert client.get("/former/")["Location"] == "/about/"


def test_a_filing_is_there_at_once_and_gone_at_once(client, warm, committed):
    with committed():
        filing = FilingFactory(title="Sample new filing")
    assert "Sample new filing" in page_text(client, "/about/financials/")
    with committed():
        filing.unpublish()
    assert "Sample new filing" not in page_text(client, "/about/financials/")


def test_a_teacher_is_found_at_once_and_hidden_at_once(client, warm, committed):
    with committed():
        teacher = TeacherFactory(name="Sample Newcomer")
        teacher.save()
    assert "Sample Newcomer" in page_text(client, "/teachers/")
    address = f"/teachers/{teacher.slug}/"
    assert client.get(address).status_code == 200
    with committed():
        teacher.unpublish()
    assert "Sample Newcomer" not in page_text(client, "/teachers/")
    assert client.get(address).status_code == 404


def test_a_pictures_description_is_live_at_once(client, warm, committed):
    with committed():
        person = Person.objects.get(slug="lisa-baylis")
        person.portrait = ImageFactory(title="Sample portrait")
        person.save_revision().publish()
    before = page_text(client, "/about/leadership/lisa-baylis/")
    with committed():
        picture = person.portrait
        picture.focal_point_x = picture.focal_point_y = 10
        picture.focal_point_width = picture.focal_point_height = 5
        picture.save()
    assert page_text(client, "/about/leadership/lisa-baylis/") != before


def test_a_deleted_page_is_gone_at_once_from_its_address_and_the_sitemap(client, warm, committed):
    assert "/privacy/" in page_text(client, "/sitemap.xml")
    with committed():
        StandardPage.objects.get(slug="privacy").delete()
    assert client.get("/privacy/").status_code == 404
    assert "/privacy/" not in page_text(client, "/sitemap.xml")


def test_pages_in_another_order_are_live_at_once(client, warm, committed):
    first, second = Page.objects.get(slug="about").get_children().live().public()[:2]
    with committed():
        second.move(first, pos="left")
    text = page_text(client, "/about/")
    main = text[text.index("<main") :]
    assert main.index(f'href="{second.url}"') < main.index(f'href="{first.url}"')


def test_what_is_scheduled_comes_and_goes_when_its_hour_comes(
    client, warm, committed, time_machine
):
    now = timezone.now()
    about = Page.objects.get(slug="about").specific
    with committed():
        page = StandardPageFactory(
            parent=about, title="Sample scheduled", slug="sample-scheduled", live=False
        )
        page.go_live_at, page.expire_at = now + timedelta(hours=1), now + timedelta(hours=2)
        page.save_revision().publish()
    for hours, status in ((0.5, 404), (1.5, 200), (2.5, 404)):
        time_machine.move_to(now + timedelta(hours=hours))
        with committed():
            call_command("publish_scheduled")
        assert client.get("/about/sample-scheduled/").status_code == status
        assert ("Sample scheduled" in page_text(client, "/about/")) == (status == 200)
