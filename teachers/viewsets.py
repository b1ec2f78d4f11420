"""Teachers, levels and programs in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from teachers.models import Program, Teacher, TrainingLevel


class TeacherViewSet(SnippetViewSet):
    """Teachers in the admin."""

    model = Teacher
    icon = "user"
    menu_label = _("Teachers")
    list_display = ["name", "level", "place", "state", "live"]
    list_per_page = 50
    ordering = ["sort_name"]
    copy_view_enabled = False


class TrainingLevelViewSet(SnippetViewSet):
    """Levels of training, in their order."""

    model = TrainingLevel
    icon = "list-ol"
    menu_label = _("Levels")
    list_display = ["name", "may_teach", "rank"]
    ordering = ["rank"]
    copy_view_enabled = False


class ProgramViewSet(SnippetViewSet):
    """Programs that teachers teach."""

    model = Program
    icon = "tag"
    menu_label = _("Programs")
    list_display = ["name", "description", "sort_order"]
    ordering = ["sort_order", "name"]
    copy_view_enabled = False


class TeachersViewSetGroup(SnippetViewSetGroup):
    """The "Teachers" entry of the menu on the left."""

    items = (TeacherViewSet, TrainingLevelViewSet, ProgramViewSet)
    menu_icon = "group"
    menu_label = _("Teachers")
    menu_name = "teachers"
    menu_order = 210
