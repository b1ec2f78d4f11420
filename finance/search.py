"""Public filings, as the site's search finds them: by title, and by the words inside the files."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from finance.models import FileText, Filing, reports_address
from pages.search import SearchResult, SearchSource
from pages.search_index import best_with, in_order
from pages.snippets import snippet


def filings_source() -> SearchSource:
    """Return filings as something that can be found."""
    return SearchSource("filings", gettext_lazy("Documents"), find_filings, show_filings)


def find_filings(query: str) -> list[int]:
    """Return the keys of the public filings with the words; none without a page for them."""
    if not reports_address():
        return []
    return best_with(query, Filing.search_kind, Filing.objects.public())


def show_filings(keys: list[int], query: str, request: HttpRequest) -> list[SearchResult]:
    """Return results for filings, with the words of the file around what was asked for."""
    address = reports_address()
    filings = in_order(keys, Filing.objects.public())
    files = [filing.file_id for filing in filings if filing.file_id]
    words = dict(
        FileText.objects.filter(file__in=files, file__state="accepted").values_list(
            "file_id", "words"
        )
    )
    results = []
    for filing in filings:
        text = " — ".join(
            part for part in (filing.period, filing.summary, words.get(filing.file_id, "")) if part
        )
        url = f"{address}{filing.path}" if filing.file_id in words else address
        results.append(
            SearchResult(
                title=snippet(str(filing), query, whole=True),
                url=url,
                kind=filing.kind_label,
                excerpt=snippet(text, query),
                path=url,
            )
        )
    return results
