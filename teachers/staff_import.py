"""Bringing a list of teachers in, step by step: file, columns, a look; then it runs by itself."""

from collections import Counter
from collections.abc import Iterator

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.csv_reading import Row
from pages.transfers.forms import ColumnChoiceForm, column_field
from pages.transfers.staff_pages import A_PAGE, ROWS_AT_ONCE, ImportPages, page_of
from teachers.gazetteer.search import is_ready
from teachers.import_columns import HEADS, Columns, guessed_columns
from teachers.importing import look_ahead, preview, start
from teachers.models import ImportedTeacherRow, TeacherImport

LOOKED_AT = 300  # rows, of which the last step says what would become of them
REFUSED_SHOWN = 20  # of these, with the reason
Outcome = ImportedTeacherRow.Outcome

HELP = {
    "contact_address": gettext_lazy("Teachers are told apart by it. It is never shown."),
    "level": gettext_lazy("By its name under Teachers → Levels."),
    "languages": gettext_lazy("Names or codes: “English; French” or “en; fr”."),
    "formats": gettext_lazy("“in person”, “online” or both."),
    "programs": gettext_lazy("By their names under Teachers → Programs, parted by semicolons."),
    "place": gettext_lazy("With its country, or its state: “Lyon, France”."),
    "agreed_to_be_listed": gettext_lazy(
        "“yes” or “no”. Without it nobody who is new is shown to visitors."
    ),
    "last_confirmed": gettext_lazy(
        "As 2026-05-31 or 5/31/2026. The entry is shown for a year from this day."
    ),
    "biography": gettext_lazy("Plain text."),
}


class _AColumnForEach(ColumnChoiceForm):
    held = tuple(HEADS)

    @staticmethod
    def guessed(beginning: list[Row]) -> Columns:
        """Return which column is likely to hold what."""
        return guessed_columns(beginning)


TeacherColumnsForm = type(
    "TeacherColumnsForm",
    (_AColumnForEach,),
    {
        name: column_field(head, required=name == "contact_address", help_text=HELP.get(name, ""))
        for name, head in HEADS.items()
    },
)


class StartForm(forms.Form):
    """Asks what an empty cell means."""

    empty_clears = forms.TypedChoiceField(
        label=gettext_lazy("Where a cell is empty and the teacher is known"),
        choices=[
            ("no", gettext_lazy("leave what is stored as it is")),
            ("yes", gettext_lazy("delete what is stored there")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
        help_text=gettext_lazy(
            "Name, level, formats and consent stay in any case; an empty cell says nothing of them."
        ),
    )


class TeacherImportPages(ImportPages):
    """What is the directory's own of the pages on which a list is brought in."""

    model = TeacherImport
    app = "teachers"
    last_step = "start"
    may_import = may_look = "teachers.import_teacher"
    columns_form = TeacherColumnsForm
    last_form = StartForm
    rows_name = "refused-rows"
    shown_counts = {
        "added": gettext_lazy("Added"),
        "changed": gettext_lazy("Changed"),
        "refused": gettext_lazy("Refused"),
    }

    def told_at_first(self) -> dict:
        """Return what may be in a list, and whether towns can be found."""
        return {"heads": HEADS.values(), "has_places": is_ready()}

    def preview(
        self, one: TeacherImport, columns: Columns, rows: list[Row]
    ) -> list[tuple[Row, str, str]]:
        """Return each row with what would become of it, and why."""
        return [(plan.row, plan.outcome.label, plan.reason) for plan in preview(one, columns, rows)]

    def told_before_start(self, one: TeacherImport) -> dict:
        """Return what would become of the first rows, and which columns are missed."""
        plans = look_ahead(one, most=LOOKED_AT)
        counts = Counter(plan.outcome for plan in plans)
        refused = [plan for plan in plans if plan.outcome == Outcome.REFUSED]
        return {
            "looked_at": len(plans),
            "counts": [(outcome.label, counts[outcome]) for outcome in Outcome],
            "refused": refused[:REFUSED_SHOWN],
            "others_refused": len(refused[REFUSED_SHOWN:]),
            "lacks_consent": one.reading["columns"].get("agreed_to_be_listed") is None,
            "lacks_confirmation": one.reading["columns"].get("last_confirmed") is None,
        }

    def start(self, one: TeacherImport, **said) -> bool:
        """Let the worker read the list; `said` is what an empty cell means."""
        return start(one, **said)

    def counts(self, one: TeacherImport) -> list[tuple[str, int]]:
        """Return what became of how many rows."""
        return [(outcome.label, getattr(one, outcome.value)) for outcome in Outcome]

    def told_in_report(self, request: HttpRequest, one: TeacherImport) -> dict:
        """Return the rows that were refused, and those of which something was not taken over."""
        refused = one.rows.filter(outcome=Outcome.REFUSED).defer("cells")
        noted = one.rows.exclude(outcome=Outcome.REFUSED).exclude(reason="").defer("cells")
        return {
            "page_of_rows": page_of(refused, request),
            "noted": noted[:A_PAGE],
            "others_noted": max(noted.count() - A_PAGE, 0),
        }

    def rows_to_download(self, one: TeacherImport) -> Iterator[list[str]]:
        """Yield what the refused rows held, and why each was refused.

        Mended, the file can be brought in as it is.
        """
        columns = one.reading.get("columns", {})
        held = {column: str(HEADS[name]) for name, column in columns.items() if column is not None}
        width = max(held, default=-1) + 1
        heads = [held.get(column, _("(not read)")) for column in range(width)]
        yield [*heads, _("Row"), _("Why")]
        refused = one.rows.filter(outcome=Outcome.REFUSED).values_list("number", "reason", "cells")
        for number, reason, cells in refused.iterator(chunk_size=ROWS_AT_ONCE):
            yield [*cells[:width], *[""] * (width - len(cells)), str(number), reason]


imports = TeacherImportPages()
