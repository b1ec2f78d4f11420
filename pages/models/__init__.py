"""Page types, the site's settings and menus, announcements, and the record of loaded content."""

from pages.models.announcement import Announcement
from pages.models.base import BasePage
from pages.models.home import HomePage
from pages.models.loaded import LoadedItem
from pages.models.mission import MissionPage, MissionPoint, MissionValue
from pages.models.page_text import PageText
from pages.models.settings import MenuSettings, OrganisationSettings
from pages.models.text import SectionPage, StandardPage

__all__ = [
    "Announcement",
    "BasePage",
    "HomePage",
    "LoadedItem",
    "MenuSettings",
    "MissionPage",
    "MissionPoint",
    "MissionValue",
    "OrganisationSettings",
    "PageText",
    "SectionPage",
    "StandardPage",
]
