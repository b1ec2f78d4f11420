"""The page on which staff edit a teacher."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.widgets import SlugInput

from pages.day_input import DayInput
from teachers.models import Teacher
from teachers.own_changes import waiting_change
from teachers.staff_forms import LanguageChoice, TeacherForm
from teachers.staff_standing import is_listed_now, why_not_listed


class StandingPanel(Panel):
    """Whether the teacher is in the directory now, and if not, why not."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on the page of one teacher."""

        template_name = "teachers/staff/standing_panel.html"

        def get_context_data(self, parent_context=None) -> dict:
            """Return how the stored teacher stands; what is typed does not count yet."""
            context = super().get_context_data(parent_context)
            stored = Teacher.objects.select_related("level").filter(pk=self.instance.pk).first()
            if stored is None:
                return {**context, "is_new": True}
            return {
                **context,
                "stored": stored,
                "is_listed": is_listed_now(stored),
                "reasons": why_not_listed(stored),
                "change": waiting_change(stored),
            }


def teacher_panels() -> TabbedInterface:
    """Return the tabs: who the teacher is, what for, whether listed, and the rest."""
    return TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("credentials"),
                    FieldPanel("portrait"),
                    FieldPanel("biography"),
                    FieldPanel("place"),
                    FieldPanel("languages", widget=LanguageChoice),
                    MultiFieldPanel(
                        [
                            FieldPanel("contact_address"),
                            FieldPanel("public_phone"),
                            FieldPanel("website"),
                        ],
                        heading=_("How to reach them"),
                    ),
                ],
                heading=_("Profile"),
            ),
            ObjectList(
                [
                    FieldPanel("level"),
                    FieldPanel("level_date", widget=DayInput),
                    FieldPanel("is_trainer"),
                    FieldRowPanel(
                        [FieldPanel("teaches_in_person"), FieldPanel("teaches_online")],
                        heading=_("Formats"),
                    ),
                    FieldPanel("programs", widget=forms.CheckboxSelectMultiple),
                ],
                heading=_("Training"),
            ),
            ObjectList(
                [
                    StandingPanel(heading=_("In the directory now?")),
                    FieldPanel("state", widget=forms.RadioSelect),
                    FieldPanel("agreed_to_be_listed"),
                    FieldPanel("last_confirmed", widget=DayInput),
                    FieldPanel("wants_reminders"),
                ],
                heading=_("Directory"),
            ),
            ObjectList(
                [
                    FieldPanel("slug", widget=SlugInput),
                    FieldPanel("sort_name"),
                    PublishingPanel(),
                ],
                heading=_("Address and order"),
            ),
        ],
        base_form_class=TeacherForm,
    )
