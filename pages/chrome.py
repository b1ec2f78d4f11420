"""What stands around every page: the organisation's facts, the menus, the announcements.

It is read in a fixed few queries and kept in the cache until staff change anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.blocks import StreamValue
from wagtail.models import Page, Site

from pages.fragments import fragment
from pages.generation import fragment_key
from pages.visibility import public


@dataclass(frozen=True)
class MenuLink:
    """An entry of a menu, ready to show."""

    label: str
    url: str
    prominent: bool = False
    children: tuple["MenuLink", ...] = ()


@dataclass(frozen=True)
class Profile:
    """The organisation on a social network."""

    name: str
    url: str


@dataclass(frozen=True)
class Organisation:
    """The organisation's facts; what staff have not filled in is empty."""

    name: str
    short_name: str
    ein: str
    postal_address: str
    email: str
    donation_url: str
    footer_text: str
    profiles: tuple[Profile, ...]


@dataclass(frozen=True)
class Notice:
    """An announcement, from a time until a time."""

    text: str
    link_text: str
    link_address: str
    starts_at: datetime
    ends_at: datetime | None

    def is_current(self, now: datetime) -> bool:
        """Tell whether the announcement stands at `now`."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True)
class Chrome:
    """What stands around every page."""

    organisation: Organisation
    social_image: object | None
    main_menu: tuple[MenuLink, ...]
    footer_menu: tuple[MenuLink, ...]
    notices: tuple[Notice, ...]

    @property
    def current_notices(self) -> list[Notice]:
        """The announcements that stand now."""
        now = timezone.now()
        return [notice for notice in self.notices if notice.is_current(now)]


def chrome_for(request: HttpRequest) -> Chrome:
    """Return what stands around the pages of the request's site, from the cache where it is."""
    chrome = getattr(request, "_site_chrome", None)
    if chrome is None:
        site = Site.find_for_request(request)
        key = fragment_key("chrome", site.pk if site else 0, get_language())
        chrome = fragment(key, lambda: build_chrome(site))
        request._site_chrome = chrome
    return chrome


def next_change(request: HttpRequest, since: datetime) -> datetime:
    """Return when an answer changes though nobody changes anything; it was begun at `since`.

    That is at midnight, when seats, entries and dates may end, or when an announcement begins or
    ends before.
    """
    now = timezone.localtime(since)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    times = [midnight]
    chrome = getattr(request, "_site_chrome", None)
    for notice in chrome.notices if chrome else ():
        times += [time for time in (notice.starts_at, notice.ends_at) if time and time > now]
    return min(times)


def build_chrome(site: Site | None) -> Chrome:
    """Read the chrome of `site` from the database; a site without settings gets the defaults."""
    from pages.models import Announcement, MenuSettings, OrganisationSettings

    organisation = OrganisationSettings.objects.select_related("default_social_image")
    facts = organisation.filter(site=site).first() or OrganisationSettings()
    menus = MenuSettings.objects.filter(site=site).first() or MenuSettings()
    pages = _menu_pages(menus.main, menus.footer)
    notices = Announcement.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=timezone.now()), locale__language_code=get_language()
    )
    return Chrome(
        organisation=Organisation(
            name=facts.name,
            short_name=facts.short_name,
            ein=facts.ein,
            postal_address=facts.postal_address,
            email=facts.email,
            donation_url=facts.donation_url,
            footer_text=facts.footer_text,
            profiles=tuple(
                Profile(block.value["name"], block.value["address"])
                for block in facts.social_profiles
            ),
        ),
        social_image=facts.default_social_image,
        main_menu=_menu(menus.main, pages),
        footer_menu=_menu(menus.footer, pages),
        notices=tuple(
            Notice(n.text, n.link_text, n.link_address, n.starts_at, n.ends_at) for n in notices
        ),
    )


def _menu_pages(*menus: StreamValue) -> dict[int, Page]:
    """Return the published, public pages that the menus name, in one query.

    They are read from the stored JSON, since Wagtail would ask once for each menu and level.
    """
    entries = [entry["value"] for menu in menus for entry in menu.raw_data]
    entries += [item for entry in entries for item in _items(entry)]
    wanted = {entry["page"] for entry in entries if entry.get("page")}
    return public(Page.objects.filter(pk__in=wanted).live()).in_bulk() if wanted else {}


def _menu(menu: StreamValue, pages: dict[int, Page]) -> tuple[MenuLink, ...]:
    links = []
    for entry in menu.raw_data:
        value = entry["value"]
        children = [_menu_link(item, pages) for item in _items(value)]
        links.append(_menu_link(value, pages, children=children))
    return tuple(link for link in links if link is not None)


def _items(value: dict) -> list[dict]:
    """The entries below one; stored with an id each by the editor, without by a program."""
    return [item.get("value", item) for item in value.get("items") or []]


def _menu_link(value: dict, pages: dict[int, Page], *, children=()) -> MenuLink | None:
    """Return the entry, or None where neither it nor an entry below it leads anywhere."""
    page = pages.get(value.get("page"))
    url = page.url if page else value.get("address") or ""
    children = tuple(child for child in children if child is not None)
    if value.get("page") and page is None:
        url = ""
    label = value.get("text") or (page.title if page else "")
    if not label or (not url and not children):
        return None
    return MenuLink(label, url, bool(value.get("prominent")), children)
