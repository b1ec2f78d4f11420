"""Which teachers staff chose: the filters of the list, for its page, its files and its acts."""

import datetime

import django_filters
from babel import Locale
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _
from wagtail.admin.filters import WagtailFilterSet

from teachers.folding import fold
from teachers.languages import language_choices
from teachers.models import ChangeRequest, DirectoryEntry, Program, Teacher, TrainingLevel
from teachers.models.teacher import RENEWED_FOR

SOON = datetime.timedelta(days=30)
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


def country_choices() -> list[tuple[str, str]]:
    """Return the codes of countries with their names in the active language, by name."""
    names = Locale.parse(to_locale(get_language() or "en")).territories
    countries = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    return sorted(countries, key=lambda item: item[1].casefold())


def to_renew(teachers: QuerySet[Teacher], until: datetime.date | None) -> QuerySet[Teacher]:
    """Return those who are to be in the directory and whose renewal is due up to a day.

    Without a day, those who never confirmed anything.
    """
    meant = teachers.filter(live=True, state=Teacher.State.LISTED, agreed_to_be_listed=True)
    if until is None:
        return meant.filter(last_confirmed=None)
    return meant.filter(last_confirmed__lt=until - RENEWED_FOR)


class TeacherFilter(WagtailFilterSet):
    """Narrows the list of teachers."""

    listed = django_filters.ChoiceFilter(
        label=gettext_lazy("In the directory now"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        method="is_listed",
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=Teacher.State.choices, widget=forms.RadioSelect
    )
    level = django_filters.ModelMultipleChoiceFilter(
        label=gettext_lazy("Training level"),
        queryset=TrainingLevel.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )
    is_trainer = django_filters.ChoiceFilter(
        label=gettext_lazy("Teacher Trainer"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        method="trains",
    )
    renewal = django_filters.ChoiceFilter(
        label=gettext_lazy("Renewal"),
        choices=[
            ("soon", gettext_lazy("Due within 30 days")),
            ("over", gettext_lazy("Overdue")),
            ("never", gettext_lazy("Never confirmed")),
        ],
        widget=forms.RadioSelect,
        method="renews",
    )
    country = django_filters.ChoiceFilter(
        label=gettext_lazy("Country"), choices=country_choices, field_name="place__country"
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"), choices=language_choices, method="speaks"
    )
    format = django_filters.ChoiceFilter(
        label=gettext_lazy("Format"),
        choices=[
            ("in-person", gettext_lazy("In person")),
            ("online", gettext_lazy("Online")),
        ],
        widget=forms.RadioSelect,
        method="teaches",
    )
    program = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Program"), queryset=Program.objects.all(), method="teaches_program"
    )
    town = django_filters.ChoiceFilter(
        label=gettext_lazy("Has a town"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        method="has_town",
    )
    changes = django_filters.ChoiceFilter(
        label=gettext_lazy("Own changes wait for review"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        method="has_changes",
    )
    is_sample = django_filters.ChoiceFilter(
        label=gettext_lazy("Sample"), choices=YES_NO, widget=forms.RadioSelect, method="samples"
    )

    class Meta:
        model = Teacher
        fields = []

    def is_listed(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those who are in the directory, or those who are not."""
        entry = Exists(DirectoryEntry.objects.current().filter(pk=OuterRef("pk")))
        return teachers.filter(entry) if value == "yes" else teachers.filter(~entry)

    def trains(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        """Keep Teacher Trainers, or all others."""
        return teachers.filter(is_trainer=value == "yes")

    def renews(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those whose renewal is near, over, or was never done."""
        today = timezone.localdate()
        if value == "never":
            return to_renew(teachers, None)
        over = to_renew(teachers, today)
        if value == "over":
            return over
        return to_renew(teachers, today + SOON).exclude(last_confirmed__lt=today - RENEWED_FOR)

    def speaks(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those who teach in a language; it is found in the list as text, on any database."""
        text = teachers.annotate(languages_text=Cast("languages", TextField()))
        return text.filter(languages_text__contains=f'"{value}"')

    def teaches(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those who teach in a format."""
        field = "teaches_online" if value == "online" else "teaches_in_person"
        return teachers.filter(**{field: True})

    def teaches_program(self, teachers: QuerySet, name: str, program: Program) -> QuerySet:
        """Keep those who teach a program."""
        through = Teacher.programs.through.objects.filter(program_id=program.pk)
        return teachers.filter(pk__in=through.values("teacher_id"))

    def has_town(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those with a town, or those without."""
        return teachers.filter(place__isnull=value == "no")

    def has_changes(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those who sent changes that wait, or all others."""
        waiting = ChangeRequest.objects.filter(outcome=ChangeRequest.Outcome.WAITING)
        who = Q(pk__in=waiting.values("teacher_id"))
        return teachers.filter(who if value == "yes" else ~who)

    def samples(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        """Keep samples, or real teachers."""
        return teachers.filter(is_sample=value == "yes")


def matching(teachers: QuerySet[Teacher], words: str) -> QuerySet[Teacher]:
    """Return those with the words in name or contact address, accents making no difference."""
    folded = fold(words)
    by_address = Q(contact_key__icontains=words.strip())
    if not folded:
        return teachers.filter(by_address)
    by_name = Q()
    for word in folded.split():
        by_name &= Q(search_name__contains=word)
    return teachers.filter(by_name | by_address)


def chosen_teachers(request: HttpRequest, values: QueryDict) -> QuerySet[Teacher]:
    """Return the teachers that filters and search choose, by name.

    Where a filter makes no sense it is nobody, rather than everybody.
    """
    filters = TeacherFilter(values, Teacher.objects.all(), request=request)
    if not filters.is_valid():
        return Teacher.objects.none()
    words = values.get("q", "").strip()
    chosen = filters.qs.order_by("sort_name", "pk")
    return matching(chosen, words) if words else chosen


def how_chosen(request: HttpRequest, values: QueryDict) -> str:
    """Return which filters are set; of a search that there was one, since it may be an address."""
    form = TeacherFilter(values, request=request).form
    form.is_valid()
    parts = [str(form[name].label) for name in form.changed_data if name in form.cleaned_data]
    if values.get("q", "").strip():
        parts.append(_("a search"))
    longest = 300
    return Truncator("; ".join(parts)).chars(longest)
