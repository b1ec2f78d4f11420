"""What the site adds to the Wagtail admin: its colours, its dashboard, announcements."""

from django.forms import Media
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from pages.models import Announcement, HomePage


class AnnouncementViewSet(SnippetViewSet):
    """Announcements in the admin, the latest first."""

    model = Announcement
    icon = "info-circle"
    menu_label = _("Announcements")
    menu_name = "announcements"
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["text", "starts_at", "ends_at"]


register_snippet(AnnouncementViewSet)


@hooks.register("insert_global_admin_css")
def admin_colours() -> SafeString:
    """Return the link to the stylesheet that gives the admin the organisation's colours."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


class TasksPanel(Component):
    """What staff come to do, at the top of the dashboard."""

    name = "site_tasks"
    template_name = "wagtailadmin/panels/tasks.html"
    order = 10
    media = Media()

    def get_context_data(self, parent_context: dict) -> dict:
        """Return what of it this user may do."""
        user = parent_context["request"].user
        home = HomePage.objects.first()
        settings_page = reverse("wagtailsettings:edit", args=["pages", "menusettings"])
        tasks = [
            (
                _("Change a page"),
                _("Words, pictures, files and the order of pages."),
                "doc-empty-inverse",
                reverse("wagtailadmin_explore", args=[home.pk]) if home else "",
                page_permission_policy.user_has_any_permission(user, {"add", "change", "publish"}),
            ),
            (
                _("Present people"),
                _("Board, staff and their portraits, titles and dates."),
                "group",
                reverse("wagtailsnippets_people_person:list"),
                user.has_perm("people.change_person"),
            ),
            (
                _("Publish a document"),
                _("Form 990s, statements, board papers and the figures of a year."),
                "doc-full-inverse",
                reverse("wagtailsnippets_finance_filing:list"),
                user.has_perm("finance.change_filing"),
            ),
            (
                _("Look after the newsletter"),
                _("Who is on the list, sign-ups that wait for you, and files of the list."),
                "mail",
                reverse("newsletter_subscribers"),
                user.has_perm("newsletter.view_subscriber"),
            ),
            (
                _("Look after the teachers"),
                _("Who is in the directory, changes and renewals that wait, lists."),
                "user",
                reverse("wagtailsnippets_teachers_teacher:list"),
                user.has_perm("teachers.change_teacher"),
            ),
            (
                _("Announce something"),
                _("A sentence above every page, from a day until a day."),
                "info-circle",
                reverse("wagtailsnippets_pages_announcement:add"),
                user.has_perm("pages.add_announcement"),
            ),
            (
                _("Arrange the menus"),
                _("What leads where, above and below every page."),
                "list-ul",
                settings_page,
                user.has_perm("pages.change_menusettings"),
            ),
        ]
        return {
            "tasks": [
                {"title": title, "text": text, "icon": icon, "url": url}
                for title, text, icon, url, allowed in tasks
                if allowed and url
            ]
        }


@hooks.register("construct_homepage_panels")
def put_tasks_first(request, panels: list[Component]) -> None:
    """Put what staff come to do first on the dashboard."""
    panels.insert(0, TasksPanel())
