"""What staff do with many at once, chosen by ticking or by a list's filters.

Wagtail takes everything for "all in the listing", whatever the filters; here it is what the
filters choose. It loads and lists each; here they are counted first, and too many are refused.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

MOST_AT_ONCE = 500  # each is locked, changed and noted, in one transaction


class ChosenAction(BulkAction):
    """An act with what was chosen: who may, whom it takes, and an answer that counts.

    A list's own acts say `models`, `template_name`, `permission`, and what follows here in words.
    """

    permission = explanation = button = ""

    def chosen_by_filters(self) -> QuerySet:
        """Return what the filters of the list choose, as the address says them."""
        raise NotImplementedError

    def too_many(self, most: int) -> str:
        """Return the sentence that refuses more than `most`."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse who may not, and more than can be done at once."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        if self.chosen.count() > MOST_AT_ONCE:
            messages.error(request, self.too_many(MOST_AT_ONCE))
            return redirect(self.next_url)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def chosen(self) -> QuerySet:
        """Those that were ticked, or that the list's filters choose."""
        asked = self.request.GET.getlist("id")
        if "all" in asked:
            return self.chosen_by_filters()
        numbers = [int(text) for text in asked if text.isascii() and text.isdigit()]
        return self.models[0].objects.filter(pk__in=[n for n in numbers if n < 2**63])

    def get_actionable_objects(self) -> tuple[list[Model], dict]:
        """Return them all: who may do this may do it with each."""
        return list(self.chosen), {"items_with_no_access": []}

    def get_context_data(self, **kwargs) -> dict:
        """Tell the page what is asked, and of how many."""
        return {
            **super().get_context_data(**kwargs),
            "number": self.chosen.count(),
            "title": self.display_name,
            "explanation": self.explanation,
            "button": self.button,
            "is_serious": "serious" in self.classes,
        }

    def get_execution_context(self) -> dict:
        """Give the act who does it and what was entered."""
        return {"user": self.request.user, "entered": self.cleaned_form.cleaned_data}
