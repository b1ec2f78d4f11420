"""New filings for feed readers, as Atom (RFC 4287)."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.translation import get_language

from pages.chrome import chrome_for
from pages.metadata import absolute

if TYPE_CHECKING:
    from finance.models import FinancialReportsPage

LATEST = 30


def filing_feed(page: "FinancialReportsPage", request: HttpRequest) -> HttpResponse:
    """Return the filings that came last, each an entry that is updated with its file."""
    organisation = chrome_for(request).organisation
    address = page.get_url(request)
    feed = Atom1Feed(
        title=f"{page.title} · {organisation.name}",
        link=absolute(address),
        description=page.summary,
        feed_url=absolute(f"{address}feed.atom"),
        author_name=organisation.name,
        language=get_language(),
    )
    filings = page.filings().select_related("file").filter(file__current_since__isnull=False)
    for filing in filings.order_by("-file__current_since", "-pk")[:LATEST]:
        link = absolute(f"{address}{filing.path}")
        feed.add_item(
            title=str(filing),
            link=link,
            unique_id=link,
            description=filing.summary or filing.period or filing.kind_label,
            pubdate=filing.first_published_at or filing.file.public_since,
            updateddate=filing.file.current_since,
            categories=[filing.kind_label],
            enclosures=[Enclosure(link, str(filing.file.size), "application/pdf")],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
