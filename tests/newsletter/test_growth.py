"""How the list grew: what is counted and what is drawn."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache

from newsletter.growth import growth_chart, months_until_now, state_counts
from newsletter.models.subscriber import State
from tests.factories import SubscriberFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)


def joined(*date: int, left: datetime | None = None, state: State | None = None):
    return SubscriberFactory(
        confirmed_at=datetime(*date, tzinfo=UTC),
        left_at=left,
        state=state or (State.UNSUBSCRIBED if left else State.CONFIRMED),
    )


def by_name() -> dict:
    return {month.name: month for month in months_until_now(NOW)}


def test_covers_24_months_the_running_one_last():
    months = months_until_now(NOW)
    assert len(months) == 24
    assert months[0].name == "August 2024"
    assert months[-1].name == "July 2026"


def test_counts_who_joined_and_left_and_who_was_there_at_each_months_end():
    joined(2020, 1, 1)  # long before
    joined(2026, 5, 31, 23, 59)
    joined(2026, 6, 1, 0, 0)
    joined(2026, 5, 10, left=datetime(2026, 7, 2, tzinfo=UTC))
    months = by_name()
    assert (months["April 2026"].joined, months["April 2026"].total) == (0, 1)
    assert (months["May 2026"].joined, months["May 2026"].total) == (2, 3)
    assert (months["June 2026"].joined, months["June 2026"].total) == (1, 4)
    july = months["July 2026"]
    assert (july.joined, july.left, july.total) == (0, 1, 3)


def test_a_month_begins_at_midnight_where_the_site_is(settings):
    settings.TIME_ZONE = "America/Los_Angeles"
    joined(2026, 6, 1, 3, 0)  # still May in California
    may, june = months_until_now(NOW)[-3:-1]
    assert (may.name, may.joined) == ("May 2026", 1)
    assert (june.name, june.joined) == ("June 2026", 0)


def test_who_never_confirmed_is_not_counted():
    SubscriberFactory(state=State.PENDING)
    SubscriberFactory(
        state=State.UNSUBSCRIBED, confirmed_at=None, left_at=datetime(2026, 6, 2, tzinfo=UTC)
    )
    assert all((m.joined, m.left, m.total) == (0, 0, 0) for m in months_until_now(NOW))


@pytest.mark.parametrize("state", [State.BOUNCED, State.COMPLAINED])
def test_whose_mail_came_back_or_who_complained_has_left(state):
    joined(2026, 5, 3, left=datetime(2026, 6, 2, tzinfo=UTC), state=state)
    months = months_until_now(NOW)
    assert [(m.joined, m.left, m.total) for m in months[-3:-1]] == [(1, 0, 1), (0, 1, 0)]


def test_asks_as_often_for_many_as_for_few(count_queries):
    joined(2026, 6, 1)
    few = count_queries(lambda: months_until_now(NOW))
    for day in range(1, 28):
        joined(2026, 5, day)
    assert count_queries(lambda: months_until_now(NOW)) == few == 3


def test_nothing_is_drawn_while_nobody_is_on_the_list(newsletter_staff):
    SubscriberFactory(state=State.PENDING)
    assert growth_chart() is None
    text = newsletter_staff.get("/admin/newsletter/subscribers/").content.decode()
    assert "Nobody is on the list yet" in text


def test_is_drawn_within_its_frame_with_the_same_figures_as_a_table(newsletter_staff):
    with time_machine.travel(NOW, tick=False):
        joined(2024, 9, 1)
        for day in range(1, 20):
            joined(2026, 6, day)
        joined(2026, 6, 1, left=datetime(2026, 7, 1, tzinfo=UTC))
        chart = growth_chart()
        text = newsletter_staff.get("/admin/newsletter/subscribers/").content.decode()
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= chart.width
        assert bar.y >= 0
        assert bar.y + bar.height <= chart.height
    assert {bar.kind for bar in chart.bars} == {"total", "joined", "left"}
    assert "20 people get the newsletter. In July 2026, 0 joined and 1 left" in text
    assert text.count("<rect class=") >= len(chart.bars)
    row = "<td>20</td><td>0</td><td>21</td>"
    assert f'<tr><th scope="row">June 2026</th>{row}</tr>' in text


def test_counts_are_remembered_only_where_counting_takes_time(monkeypatch):
    SubscriberFactory()
    assert state_counts()["confirmed"] == 1
    SubscriberFactory()
    assert state_counts()["confirmed"] == 2  # so few that staff see at once what they did
    monkeypatch.setattr("newsletter.growth.MANY", 1)
    assert state_counts()["confirmed"] == 2
    SubscriberFactory()
    assert state_counts()["confirmed"] == 2
    cache.clear()
    assert state_counts()["confirmed"] == 3
