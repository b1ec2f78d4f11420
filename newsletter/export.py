"""The chosen subscribers as a file for a spreadsheet or for the program that sends newsletters.

Each file that leaves the house is noted, with who took it.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.links import leave_link, preferences_link
from newsletter.models import Subscriber, SubscriberExport
from newsletter.subscriber_filters import chosen_subscribers, how_chosen
from pages.transfers.exports import ExportPages

ROWS_AT_ONCE = 2000


def rows(subscribers: QuerySet) -> Iterator[list[str]]:
    """Yield the heads of the columns, then a row for each; times are in the site's zone."""
    yield [
        _("Address"),
        _("Name"),
        _("State"),
        _("Language"),
        _("Topics"),
        _("Signed up at"),
        _("First signed up"),
        _("Confirmed"),
        _("Left"),
        _("Link to leave"),
        _("Link to preferences"),
    ]
    for one in subscribers.prefetch_related("topics").iterator(chunk_size=ROWS_AT_ONCE):
        yield _row(one)


def _row(one: Subscriber) -> list[str]:
    return [
        one.address,
        one.name,
        one.get_state_display(),
        one.language,
        "; ".join(topic.name for topic in one.topics.all()),
        one.source,
        _moment(one.created_at),
        _moment(one.confirmed_at),
        _moment(one.left_at),
        leave_link(one),
        preferences_link(one),
    ]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


exports = ExportPages(
    model=SubscriberExport,
    app="newsletter",
    name="subscribers",
    sheet=gettext_lazy("Subscribers"),
    list_address="newsletter_subscribers",
    may_take="newsletter.export_subscriber",
    may_look="newsletter.view_subscriberexport",
    chosen=chosen_subscribers,
    how_chosen=how_chosen,
    rows=rows,
)
