"""Teachers, levels and programs in the Wagtail admin."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from pages.bounded_paginator import BoundedPaginator
from pages.staff_menu import menu_items
from pages.transfers.exports import OffersExport
from teachers.export import exports
from teachers.mail_viewset import TeacherMailTextViewSet
from teachers.models import Program, Teacher, TeacherSettings, TrainingLevel
from teachers.models.settings import first_listed_rank
from teachers.panels import teacher_panels
from teachers.staff_menu import STAFF_MENU
from teachers.staff_standing import told_unlisted
from teachers.teacher_filters import TeacherFilter, matching

MOST_NAMED = 4  # languages in a row of the list


def _level(teacher: Teacher) -> str:
    if not teacher.is_trainer:
        return str(teacher.level)
    return _("%(level)s, Teacher Trainer") % {"level": teacher.level}


def _languages(teacher: Teacher) -> str:
    names = teacher.language_names
    more = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return _("%(names)s and %(n)s more") % {"names": shown, "n": more} if more > 0 else shown


def _confirmed(teacher: Teacher) -> str:
    day = teacher.last_confirmed
    return date_format(day, "DATE_FORMAT") if day else _("never")


def _name(teacher: Teacher) -> str:
    return _("%(name)s [sample]") % {"name": teacher.name} if teacher.is_sample else teacher.name


def _standing(teacher: Teacher) -> str:
    entry = getattr(teacher, "entry", None)
    if entry and entry.listed_until >= timezone.localdate():
        return _("In the directory")
    if not teacher.live:
        return _("Draft")
    if teacher.state != Teacher.State.LISTED:
        return teacher.get_state_display()
    if not teacher.agreed_to_be_listed:
        return _("Not listed: has not agreed")
    if teacher.last_confirmed is None:
        return _("Not listed: never confirmed")
    if teacher.renewal_due < timezone.localdate():
        return _("Not listed: renewal overdue")
    return _("Not listed: in training")


class TeacherIndexView(OffersExport, IndexView):
    """The list of teachers: a fixed number of queries however many there are."""

    exports = exports
    paginator_class = BoundedPaginator

    def get_base_queryset(self) -> QuerySet:
        """Return the teachers with what the list shows of them."""
        return Teacher.objects.select_related("level", "place", "entry")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns; those that can be sorted by have an index."""
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet"),
            self._get_title_column_class(TitleColumn)(
                "name",
                label=_("Name"),
                accessor=_name,
                sort_key="sort_name",
                get_url=self.get_edit_url,
                get_title_id=lambda teacher: f"snippet_{teacher.pk}_title",
            ),
            Column("level", label=_("Level"), accessor=_level),
            Column("place", label=_("Town")),
            Column("languages", label=_("Languages"), accessor=_languages),
            Column("standing", label=_("Shown?"), accessor=_standing),
            Column(
                "last_confirmed",
                label=_("Last confirmed"),
                accessor=_confirmed,
                sort_key="last_confirmed",
            ),
        ]

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Return those who match, asking the table itself: no index holds contact addresses."""
        return matching(queryset, self.search_query) if self.is_searching else queryset


class TellsWhetherListed:
    """Says after publishing why visitors do not find a teacher, where they do not."""

    def get_success_message(self, instance: Teacher | None = None) -> str:
        """Return what was done, and what is still in the way of being found."""
        told = super().get_success_message(instance)
        day = (instance or self.object).go_live_at
        if self.action != "publish" or (day and day > timezone.now()):
            return told
        stored = Teacher.objects.select_related("level").get(pk=self.object.pk)
        return " ".join(filter(None, [told, told_unlisted(stored)]))


class TeacherCreateView(TellsWhetherListed, CreateView):
    """Adds a teacher: of the first listed level, confirmed today, not yet agreed to be listed."""

    def get_initial(self) -> dict:
        """Return what is likely."""
        first = TrainingLevel.objects.filter(rank__gte=first_listed_rank())
        return {"level": first.order_by("rank").first(), "last_confirmed": timezone.localdate()}


class TeacherEditView(TellsWhetherListed, EditView):
    """Changes a teacher."""


class TeacherViewSet(SnippetViewSet):
    """Teachers in the admin: found by name and by contact address."""

    model = Teacher
    icon = "user"
    menu_label = gettext_lazy("Teachers")
    index_view_class = TeacherIndexView
    index_results_template_name = "teachers/staff/teachers_results.html"
    add_view_class = TeacherCreateView
    edit_view_class = TeacherEditView
    filterset_class = TeacherFilter
    search_backend_name = None
    search_fields = ["search_name"]
    list_per_page = 50
    ordering = ["sort_name", "pk"]
    copy_view_enabled = False
    delete_template_name = "teachers/staff/delete.html"
    edit_handler = teacher_panels()


class TrainingLevelViewSet(SnippetViewSet):
    """Levels of training, in their order."""

    model = TrainingLevel
    icon = "list-ol"
    menu_label = gettext_lazy("Levels")
    list_display = ["name", "may_teach", "rank"]
    ordering = ["rank"]
    copy_view_enabled = False


class ProgramViewSet(SnippetViewSet):
    """Programs that teachers teach."""

    model = Program
    icon = "tag"
    menu_label = gettext_lazy("Programs")
    list_display = ["name", "description", "sort_order"]
    ordering = ["sort_order", "name"]
    copy_view_enabled = False


class TeachersViewSetGroup(SnippetViewSetGroup):
    """The "Teachers" entry of the menu on the left."""

    items = (TeacherViewSet, TrainingLevelViewSet, ProgramViewSet, TeacherMailTextViewSet)
    menu_icon = "group"
    menu_label = gettext_lazy("Teachers")
    menu_name = "teachers"
    menu_order = 215

    def get_submenu_items(self) -> list[MenuItem]:
        """Return the teachers and what is done with them, then what is set up once."""
        teachers, *settings = super().get_submenu_items()
        acts = menu_items(STAFF_MENU, first_order=teachers.order + 1)
        for number, item in enumerate(settings, start=1):
            item.order = acts[-1].order + number
        return [teachers, *acts, *settings]


def keep_what_is_in_use(request: HttpRequest, instances) -> HttpResponse | None:
    """Refuse to delete a level or program that is in use, and many teachers at once.

    The list of teachers is offered, narrowed to those in whose way it is.
    """
    teachers = reverse("wagtailsnippets_teachers_teacher:list")
    back = ""
    for instance in instances:
        for told, chosen_by in _uses(instance):
            address = f"{teachers}?{urlencode(chosen_by)}"
            buttons = [messages.button(address, _("Show them"))] if chosen_by else None
            messages.error(request, told, buttons=buttons)
            back = reverse(f"wagtailsnippets_teachers_{instance._meta.model_name}:list")
    if not back and sum(isinstance(one, Teacher) for one in instances) > 1:
        told = _(
            "Teachers are deleted one by one, since it cannot be undone. To take many out of "
            "the directory, choose “Hide”."
        )
        messages.error(request, told)
        back = teachers
    return redirect(back) if back else None


def _uses(instance) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield why a level or program is kept, with the filter that finds the teachers who have it."""
    if isinstance(instance, TrainingLevel):
        if number := Teacher.objects.filter(level=instance).count():
            told = ngettext(
                "%(count)s teacher has the level “%(name)s”. Give them another level, then delete "
                "this one.",
                "%(count)s teachers have the level “%(name)s”. Give them another level, then "
                "delete this one.",
                number,
            )
            yield told % {"count": f"{number:,}", "name": instance}, {"level": instance.pk}
        if TeacherSettings.objects.filter(listed_from=instance).exists():
            told = _(
                "The directory begins with the level “%(name)s”. Choose another under "
                "Teachers → The directory, then delete this one."
            )
            yield told % {"name": instance}, {}
    elif isinstance(instance, Program) and (
        number := Teacher.programs.through.objects.filter(program=instance).count()
    ):
        told = ngettext(
            "%(count)s teacher teaches “%(name)s”. Take it out of the entry, then delete it.",
            "%(count)s teachers teach “%(name)s”. Take it out of their entries, then delete it.",
            number,
        )
        yield told % {"count": f"{number:,}", "name": instance}, {"program": instance.pk}
