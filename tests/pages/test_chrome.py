"""What stands around every page: menus in two levels, facts, announcements."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Page, Site

from pages.chrome import build_chrome
from pages.models import Announcement, MenuSettings, OrganisationSettings
from tests.factories import AnnouncementFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


def menu_of(*entries: dict):
    site = Site.objects.get()
    menus = MenuSettings.for_site(site)
    menus.main = [("item", entry) for entry in entries]
    menus.save()
    return build_chrome(site).main_menu


def test_a_menu_has_two_levels_and_says_the_pages_titles():
    about = Page.objects.get(slug="about")
    mission = Page.objects.get(slug="mission")
    (entry,) = menu_of(
        {"page": about, "items": [{"page": mission}, {"text": "S", "address": "/s/"}]}
    )
    assert (entry.label, entry.url) == ("About CMSC", "/about/")
    assert [(child.label, child.url) for child in entry.children] == [
        ("Mission and Vision", "/about/mission/"),
        ("S", "/s/"),
    ]


def test_an_entry_whose_page_is_not_published_is_left_out():
    draft = StandardPageFactory(live=False)
    assert menu_of({"page": draft, "items": []}, {"page": None, "text": "Empty", "items": []}) == ()


def test_an_entry_stays_for_those_below_it_when_its_own_page_goes():
    draft = StandardPageFactory(live=False)
    mission = Page.objects.get(slug="mission")
    (entry,) = menu_of({"page": draft, "text": "More", "items": [{"page": mission}]})
    assert entry.url == ""
    assert len(entry.children) == 1


def test_menus_are_read_in_a_fixed_number_of_queries(count_queries):
    site = Site.objects.get()
    few = count_queries(lambda: build_chrome(Site.objects.get()))
    pages = [StandardPageFactory() for _n in range(8)]
    menu_of(*({"page": page, "items": [{"page": other} for other in pages]} for page in pages))
    assert count_queries(lambda: build_chrome(Site.objects.get())) <= few
    assert site


def test_a_site_without_settings_has_the_defaults():
    OrganisationSettings.objects.all().delete()
    MenuSettings.objects.all().delete()
    chrome = build_chrome(Site.objects.get())
    assert chrome.organisation.short_name == "CMSC"
    assert chrome.main_menu == ()


def test_what_is_not_filled_in_is_not_shown(client):
    body = client.get("/").content.decode()
    assert "mailto:" not in body
    assert "EIN" not in body
    assert "None" not in body


def test_what_is_filled_in_is_shown(client):
    facts = OrganisationSettings.objects.get()
    facts.ein, facts.email = "12-3456789", "sample@example.org"
    facts.postal_address = "1 Sample Street\nSampletown"
    facts.donation_url = "https://example.org/give"
    facts.social_profiles = [
        ("profile", {"name": "Samplegram", "address": "https://example.org/s"})
    ]
    facts.save()
    body = client.get("/").content.decode()
    for shown in (
        "12-3456789",
        "mailto:sample@example.org",
        "Sampletown",
        "https://example.org/give",
    ):
        assert shown in body
    assert "Samplegram" in body


@pytest.mark.parametrize("ein", ["123456789", "12-34567", "ab-1234567"])
def test_an_ein_that_is_none_is_refused(ein):
    with pytest.raises(ValidationError, match="12-3456789"):
        OrganisationSettings(site=Site.objects.get(), ein=ein).full_clean()


class TestAnnouncement:
    def test_cannot_end_before_it_starts(self):
        now = timezone.now()
        with pytest.raises(ValidationError, match="must end after"):
            Announcement(text="x", starts_at=now, ends_at=now - timedelta(hours=1)).clean()

    @pytest.mark.parametrize("half", [{"link_text": "x"}, {"link_address": "/x/"}])
    def test_needs_a_whole_link_or_none(self, half):
        with pytest.raises(ValidationError, match="both words and an address"):
            Announcement(text="x", **half).clean()

    def test_shows_its_link(self, client):
        AnnouncementFactory(link_text="Read it", link_address="/about/")
        body = client.get("/privacy/").content.decode()
        assert "This is a sample announcement" in body
        assert "Read it" in body

    def test_can_be_previewed(self):
        announcement = Announcement(text="Not saved yet", starts_at=timezone.now())
        response = announcement.make_preview_request(preview_mode="")
        assert "Not saved yet" in response.content.decode()
