"""Chooses a teacher's town among all towns that the site knows."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, When
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from teachers.gazetteer.search import is_ready, resolve, suggest
from teachers.models import Place

MOST_SUGGESTED = 20
MOST_SHOWN = 10  # of the largest towns, before anything is searched for


class PlaceSearchForm(BaseFilterForm):
    """Asks for the name of a town."""

    q = forms.CharField(
        label=_("Town"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Lyon, or Portland, Maine")}),
    )

    def filter(self, objects: QuerySet) -> QuerySet:
        """Return the towns that are meant, likeliest first."""
        words = self.cleaned_data.get("q", "").strip()
        if not words:
            return objects
        self.is_searching, self.search_query = True, words
        pks = towns_named(words)
        order = Case(
            *(When(pk=pk, then=number) for number, pk in enumerate(pks)),
            default=len(pks),
            output_field=IntegerField(),
        )
        return Place.objects.filter(pk__in=pks).order_by(order)


def towns_named(words: str) -> list[int]:
    """Return the keys of the towns that the words mean or begin, likeliest first."""
    meant = resolve(words)
    places = [place for place in [meant.place, *meant.candidates, *meant.others] if place]
    found = [place.pk for place in places if getattr(place, "kind", "") == Place.Kind.TOWN]
    suggested = [one for one in suggest(words, MOST_SUGGESTED) if one.kind == Place.Kind.TOWN]
    return list(dict.fromkeys([*found, *(one.place for one in suggested)]))[:MOST_SUGGESTED]


class ForStaffOfTeachers:
    """What the views share: they are for those who keep teachers, and offer towns alone."""

    filter_form_class = PlaceSearchForm

    def dispatch(self, request, *args, **kwargs):
        """Refuse who may not keep teachers."""
        may = ("teachers.add_teacher", "teachers.change_teacher")
        if not any(map(request.user.has_perm, may)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_object_list(self) -> QuerySet:
        """Return the largest towns; counting them all takes too long."""
        towns = Place.objects.filter(kind=Place.Kind.TOWN).order_by("-population")
        return Place.objects.filter(pk__in=list(towns.values_list("pk", flat=True)[:MOST_SHOWN]))

    @property
    def title_column(self) -> TitleColumn:
        """Return the column of names: they are towns, and no titles."""
        column = super().title_column
        column.label = _("Town")
        return column

    def get_context_data(self, **kwargs) -> dict:
        """Tell the page whether there are any places at all."""
        return {**super().get_context_data(**kwargs), "has_places": is_ready()}


class PlaceChooseView(ForStaffOfTeachers, ChooseView):
    """The window in which a town is searched for."""

    results_template_name = "teachers/staff/place_results.html"


class PlaceChooseResultsView(ForStaffOfTeachers, ChooseResultsView):
    """The towns that were found."""

    results_template_name = "teachers/staff/place_results.html"


class PlaceChosenView(ForStaffOfTeachers, ChosenView):
    """Tells the form which town was chosen."""


class PlaceChooserViewSet(ChooserViewSet):
    """Chooses a town."""

    model = Place
    icon = "site"
    choose_one_text = _("Choose a town")
    choose_another_text = _("Choose another town")
    per_page = MOST_SUGGESTED  # all on one page: whoever does not see theirs types more
    choose_view_class = PlaceChooseView
    choose_results_view_class = PlaceChooseResultsView
    chosen_view_class = PlaceChosenView
    # Nothing is chosen many at once, and a town is never edited.
    edit_item_text = ""


place_chooser = PlaceChooserViewSet("teachers_place_chooser", url_prefix="teachers/places")
