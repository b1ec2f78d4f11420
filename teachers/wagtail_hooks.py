"""What teachers add to the Wagtail admin and to the site's search."""

from django.contrib.auth.models import Permission
from django.forms import Media
from django.urls import path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from wagtail import hooks
from wagtail.admin.search import SearchArea
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from teachers import own_hooks  # noqa: F401 - registers what teachers do themselves
from teachers.content import load_levels
from teachers.export import exports
from teachers.importing import ACTION as IMPORTED
from teachers.models import ChangeRequest, DirectoryEntry, Teacher
from teachers.place_chooser import place_chooser
from teachers.search import teachers_source
from teachers.staff_bulk import ACTIONS
from teachers.staff_changes import changes, decide_change
from teachers.staff_import import imports
from teachers.staff_renewals import CONFIRMED, confirm_teacher, renewals
from teachers.teacher_filters import to_renew
from teachers.viewsets import TeachersViewSetGroup, keep_what_is_in_use

register_snippet(TeachersViewSetGroup)

hooks.register("register_admin_urls", imports.addresses)
hooks.register("register_admin_urls", exports.addresses)
hooks.register("register_admin_viewset", lambda: place_chooser)
hooks.register("before_delete_snippet", keep_what_is_in_use)
hooks.register("load_site_part", load_levels)
hooks.register("register_search_source", teachers_source)
for action in ACTIONS:
    hooks.register("register_bulk_action", action)


class TownlessView(RedirectView):
    """Leads to the list, narrowed to those in it who have no town."""

    def get_redirect_url(self, *args, **kwargs) -> str:
        """Return the address of the list."""
        address = reverse("wagtailsnippets_teachers_teacher:list")
        return f"{address}?{urlencode({'town': 'no'})}"


@hooks.register("register_admin_urls")
def teacher_addresses() -> list:
    """Return the addresses of the pages about teachers."""
    settings = reverse_lazy("wagtailsettings:edit", args=("teachers", "teachersettings"))
    return [
        path("teachers/changes/", changes, name="teachers_changes"),
        path("teachers/changes/<int:pk>/", decide_change, name="teachers_decide_change"),
        path("teachers/renewals/", renewals, name="teachers_renewals"),
        path("teachers/renewals/<int:pk>/", confirm_teacher, name="teachers_confirm"),
        path("teachers/without-a-town/", TownlessView.as_view(), name="teachers_without_town"),
        path("teachers/settings/", RedirectView.as_view(url=settings), name="teachers_settings"),
    ]


@hooks.register("register_permissions")
def teacher_permissions():
    """Let administrators give the permissions to groups."""
    return Permission.objects.filter(
        content_type__app_label="teachers", content_type__model__in=["teacher", "changerequest"]
    )


@hooks.register("register_log_actions")
def name_teacher_actions(actions) -> None:
    """Name what stands in a teacher's history beside what Wagtail notes."""

    @actions.register_action(IMPORTED)
    class Imported(LogFormatter):
        label = _("Import")

        def format_message(self, entry) -> str:
            return _("From a list (import %(number)s)") % {"number": entry.data.get("import", "")}

    actions.register_action(CONFIRMED, _("Confirm"), _("Staff noted that the entry was confirmed"))
    actions.register_action("teachers.hide", _("Hide"), _("Staff hid the entry"))
    actions.register_action("teachers.list", _("List again"), _("Staff listed the entry again"))


@hooks.register("register_admin_search_area")
def find_teachers_in_admin() -> SearchArea:
    """Return the row that lets the admin's search look for teachers too."""
    return TeacherSearchArea(
        _("Teachers"),
        reverse("wagtailsnippets_teachers_teacher:list"),
        name="teachers",
        icon_name="user",
        order=210,
    )


class TeacherSearchArea(SearchArea):
    """The search among teachers, for those who keep them."""

    def is_shown(self, request) -> bool:
        """Tell whether the person may look at teachers."""
        return request.user.has_perm("teachers.change_teacher")


class TeachersPanel(Component):
    """What waits for those who keep the directory, on their dashboard."""

    name = "teachers"
    template_name = "teachers/staff/panel.html"
    order = 31
    media = Media()

    def get_context_data(self, parent_context: dict) -> dict:
        """Return how many are listed, wait, are overdue, and have no town."""
        waiting = ChangeRequest.objects.filter(outcome=ChangeRequest.Outcome.WAITING)
        entries = DirectoryEntry.objects.current()
        return {
            "listed": entries.count(),
            "changes": waiting.count(),
            "overdue": to_renew(Teacher.objects.all(), timezone.localdate()).count(),
            "townless": Teacher.objects.filter(place=None).count(),
        }


@hooks.register("construct_homepage_panels")
def show_teachers(request, panels: list[Component]) -> None:
    """Show the panel to those who keep the directory."""
    if request.user.has_perm("teachers.change_teacher"):
        panels.append(TeachersPanel())
