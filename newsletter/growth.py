"""How many are on the list, and how it grew: counted by month and drawn.

A month is one of the site's zone. Someone who left and came back counts from when they came
back, and someone who was erased counts nowhere.
"""

from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.cache import cache
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsletter.models import Subscriber

MONTHS = 24
# Beyond so many subscribers, counting takes a part of a second, and is then done every 5 minutes.
MANY = 20_000
REMEMBERED_SECONDS = 300
COUNTS_KEY, MONTHS_KEY = "newsletter.counts", "newsletter.months"
# The drawing, in its own units: two bands, the total above and what came and went below.
WIDTH, TOTAL_HEIGHT, CHANGE_HEIGHT, GAP, HAIR = 720, 140, 80, 34, 1.5


@dataclass(frozen=True)
class Month:
    """A month: its first moment, who joined and who left in it, and who was on the list then."""

    begins: datetime
    joined: int
    left: int
    total: int

    @property
    def name(self) -> str:
        """The month and its year, in the active language."""
        return date_format(timezone.localtime(self.begins), "YEAR_MONTH_FORMAT")


@dataclass(frozen=True)
class Bar:
    """A rectangle of the drawing; `kind` is total, joined or left."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    """Words at a place of the drawing; `anchor` is SVG's."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Chart:
    """The drawing, what it tells in a sentence, and the months as rows, the latest first."""

    width: int
    height: int
    bars: list[Bar]
    lines: list[float]
    labels: list[Label]
    lead: str
    months: list[Month]


def state_counts() -> dict[str, int]:
    """Return how many subscribers are in each state, also where there are none."""

    def count() -> dict[str, int]:
        rows = Subscriber.objects.order_by().values_list("state").annotate(Count("pk"))
        return dict.fromkeys(Subscriber.State.values, 0) | dict(rows)

    return _remembered(COUNTS_KEY, count, lambda counts: sum(counts.values()))


def growth_chart() -> Chart | None:
    """Return the drawing of the last 24 months; None while nobody ever was on the list."""
    months = _remembered(MONTHS_KEY, months_until_now, lambda months: months[-1].total)
    if not any(month.total or month.joined or month.left for month in months):
        return None
    return _drawn(months)


def months_until_now(now: datetime | None = None) -> list[Month]:
    """Return the last 24 months, the running one last: three questions, whatever their size.

    Who left are also those whose mail came back and those who complained of spam.
    """
    begins = _first_moments(timezone.localtime(now))
    people = Subscriber.objects.order_by()
    joined = _by_month(people, "confirmed_at", begins)
    left = _by_month(people.filter(confirmed_at__isnull=False), "left_at", begins)
    total = people.confirmed().count()
    months = []
    for number in reversed(range(len(begins))):
        came, went = joined.get(number, 0), left.get(number, 0)
        months.append(Month(begins[number], came, went, total))
        total -= came - went
    return months[::-1]


def _first_moments(now: datetime) -> list[datetime]:
    months = now.year * 12 + now.month - 1
    days = [divmod(months - ago, 12) for ago in reversed(range(MONTHS))]
    return [
        timezone.make_aware(datetime.combine(datetime(year, month + 1, 1), time.min))
        for year, month in days
    ]


def _by_month(people: QuerySet, column: str, begins: list[datetime]) -> dict[int, int]:
    """Return how many have the moment in each month, by the month's number.

    The months are told apart in SQL by their first moments: SQLite would call Python for each
    row to cut a moment down to its month.
    """
    numbers = [
        When(**{f"{column}__gte": first}, then=Value(number))
        for number, first in reversed(list(enumerate(begins)))
    ]
    since = people.filter(**{f"{column}__gte": begins[0]})
    rows = since.values_list(Case(*numbers, output_field=IntegerField())).annotate(Count("pk"))
    return dict(rows)


def _remembered(key: str, count, size):
    known = cache.get(key)
    if known is None:
        known = count()
        if size(known) > MANY:
            cache.set(key, known, REMEMBERED_SECONDS)
    return known


def _drawn(months: list[Month]) -> Chart:
    slot = WIDTH / len(months)
    highest = max(month.total for month in months) or 1
    most = max(max(month.joined, month.left) for month in months) or 1
    zero = TOTAL_HEIGHT + GAP + CHANGE_HEIGHT / 2
    half = CHANGE_HEIGHT / 2
    bars = []
    for number, month in enumerate(months):
        for kind, amount, scale, share in (
            ("total", month.total, TOTAL_HEIGHT / highest, 0.8),
            ("joined", month.joined, half / most, 0.4),
            ("left", month.left, half / most, 0.4),
        ):
            if amount:
                height = max(amount * scale, HAIR)
                y = {"total": TOTAL_HEIGHT - height, "joined": zero - height, "left": zero}[kind]
                x = slot * (number + 0.5 - share / 2)
                bars.append(Bar(kind, *(round(one, 1) for one in (x, y, slot * share, height))))
    return Chart(
        width=WIDTH,
        height=TOTAL_HEIGHT + GAP + CHANGE_HEIGHT + GAP // 2,
        bars=bars,
        lines=[TOTAL_HEIGHT, zero],
        labels=_labels(months, slot),
        lead=_lead(months),
        months=months[::-1],
    )


def _labels(months: list[Month], slot: float) -> list[Label]:
    """Name each half year below the totals; the first and the last month hold their edges."""
    y = TOTAL_HEIGHT + GAP / 2
    last = len(months) - 1
    named = [(0, "start"), *((number, "middle") for number in range(6, last - 3, 6)), (last, "end")]
    edges = {"start": 0, "middle": 0.5, "end": 1}
    return [
        Label(months[number].name, round(slot * (number + edges[anchor]), 1), y, anchor)
        for number, anchor in named
    ]


def _lead(months: list[Month]) -> str:
    before, latest = list(pairwise(months))[-1]
    return _(
        "%(total)s people get the newsletter. In %(month)s, %(joined)s joined and %(left)s left; "
        "the month before it was %(joined_before)s and %(left_before)s."
    ) % {
        "total": intcomma(latest.total),
        "month": latest.name,
        "joined": intcomma(latest.joined),
        "left": intcomma(latest.left),
        "joined_before": intcomma(before.joined),
        "left_before": intcomma(before.left),
    }
