"""Questions asked of filings: which there are for whom, and with what."""

from django.db import models
from django.db.models import Prefetch
from wagtail.search.queryset import SearchableQuerySetMixin

from finance.kinds import Visibility
from finance.models.filing_file import FilingFile


class FilingQuerySet(SearchableQuerySetMixin, models.QuerySet):
    """Questions asked of filings."""

    def public(self) -> "FilingQuerySet":
        """Return the filings that everyone may see now."""
        return self.filter(live=True, visibility=Visibility.PUBLIC, removed_at=None)

    def for_the_board(self) -> "FilingQuerySet":
        """Return the filings that the board may see now: its own papers and all that is public."""
        return self.filter(live=True, removed_at=None)

    def newest_first(self) -> "FilingQuerySet":
        """Return the filings by year; those of one year by kind."""
        return self.order_by("-fiscal_year", "kind_order", "-issued_on", "title", "pk")

    def with_files(self, *, for_the_board: bool = False) -> "FilingQuerySet":
        """Return the filings with all that their cards show, in a fixed number of queries.

        Everyone is shown the earlier versions that everyone could read; the board all of them.
        """
        files = FilingFile.objects
        earlier = files.replaced() if for_the_board else files.replaced_in_public()
        filings = self.model.objects
        amendments = filings.for_the_board() if for_the_board else filings.public()
        return self.select_related("file", "amends").prefetch_related(
            Prefetch("files", queryset=earlier, to_attr="earlier_versions"),
            Prefetch("amendments", queryset=amendments, to_attr="amended_by"),
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        """Take the filings down so that it can be undone, as `Filing.delete` does."""
        filings = list(self)
        for filing in filings:
            filing.delete()
        return len(filings), {self.model._meta.label: len(filings)}

    delete.alters_data = True
    delete.queryset_only = True  # as Django's own: no manager removes all there is


class KeptFilings(models.Manager.from_queryset(FilingQuerySet)):
    """All filings but the removed ones."""

    def get_queryset(self) -> FilingQuerySet:
        """Return the filings that nobody has removed."""
        return super().get_queryset().filter(removed_at=None)
