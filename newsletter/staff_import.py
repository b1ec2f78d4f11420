"""Bringing a list of subscribers in, step by step: file, columns, terms; then it runs by itself."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.import_columns import Columns
from newsletter.import_forms import ColumnsForm, TermsForm
from newsletter.import_steps import start
from newsletter.importing import preview
from newsletter.models import ImportedRow, SubscriberImport
from pages.csv_reading import Row
from pages.transfers.staff_pages import ROWS_AT_ONCE, ImportPages, page_of


class SubscriberImportPages(ImportPages):
    """What is the newsletter's own of the pages on which a list is brought in."""

    model = SubscriberImport
    app = "newsletter"
    last_step = "terms"
    may_import = "newsletter.add_subscriberimport"
    may_look = "newsletter.view_subscriberimport"
    columns_form = ColumnsForm
    last_form = TermsForm
    rows_name = "import"
    shown_counts = {"added": gettext_lazy("Added")}

    def preview(
        self, one: SubscriberImport, columns: dict[str, int | None], rows: list[Row]
    ) -> list[tuple[Row, str, str]]:
        """Return each row with what would become of it, and why it would be refused."""
        return [
            (row, _in_words(outcome, refusal), refusal)
            for row, outcome, refusal in preview(one, Columns(**columns), rows)
        ]

    def start(self, one: SubscriberImport, **said) -> bool:
        """Let the worker read the list; `said` is where the people agreed, and the like."""
        return start(one, **said)

    def first_values(self, one: SubscriberImport) -> dict:
        """Return the language that is proposed."""
        return {"language": one.language}

    def counts(self, one: SubscriberImport) -> list[tuple[str, int]]:
        """Return how many were added, and why the others were not."""
        noted = one.added + one.known + one.suppressed + one.refused
        return [
            (_("Added"), one.added),
            (_("Known already"), one.known),
            (_("Twice in the file"), one.rows_done - noted),
            (_("Never to be written to again"), one.suppressed),
            (_("Not an address"), one.refused),
        ]

    def told_in_report(self, request: HttpRequest, one: SubscriberImport) -> dict:
        """Return the rows that were not simply added, and what was said of the people."""
        return {"page_of_rows": page_of(one.rows.all(), request), "topics": one.topics.all()}

    def rows_to_download(self, one: SubscriberImport) -> Iterator[list[str]]:
        """Yield the rows that were not simply added, which name nobody."""
        yield [_("Row"), _("What became of it"), _("Why")]
        labels_of = dict(ImportedRow.Outcome.choices)
        notes = one.rows.values_list("number", "outcome", "reason")
        for number, outcome, reason in notes.iterator(chunk_size=ROWS_AT_ONCE):
            yield [str(number), str(labels_of[outcome]), reason]


def _in_words(outcome: ImportedRow.Outcome | None, refusal: str) -> str:
    if outcome is None:
        return _("would be added")
    return _("not an address") if refusal else outcome.label


imports = SubscriberImportPages()
