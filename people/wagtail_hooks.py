"""What people add to the Wagtail admin and to the site's search."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.search import SearchArea
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from people.content import load_people
from people.models import PeopleGroup, Person
from people.search import people_source


class PersonViewSet(SnippetViewSet):
    """People in the admin: found by name, filed by last name."""

    model = Person
    icon = "user"
    menu_label = _("People")
    list_display = ["name", "credentials", "live", "last_published_at"]
    list_filter = ["live", "seats__group"]
    list_per_page = 50
    ordering = ["sort_name"]
    copy_view_enabled = False


class PeopleGroupViewSet(SnippetViewSet):
    """Groups in the admin, dragged into the order in which the page shows them."""

    model = PeopleGroup
    icon = "group"
    menu_label = _("Groups")
    list_display = ["name", "is_board", "live"]
    ordering = ["sort_order"]
    sort_order_field = "sort_order"
    copy_view_enabled = False


class PeopleViewSetGroup(SnippetViewSetGroup):
    """The "People" entry of the menu on the left."""

    items = (PersonViewSet, PeopleGroupViewSet)
    menu_icon = "group"
    menu_label = _("People")
    menu_name = "people"
    menu_order = 200


register_snippet(PeopleViewSetGroup)


@hooks.register("register_admin_search_area")
def find_people_in_admin() -> SearchArea:
    """Return the row that lets the admin's search look for people too."""
    url = reverse("wagtailsnippets_people_person:list")
    return SearchArea(_("People"), url, name="people", icon_name="user", order=200)


hooks.register("register_search_source", people_source)
hooks.register("load_site_part", load_people)
