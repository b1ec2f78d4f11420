"""What staff see of subscribers: the list, a person's page, the dashboard."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from newsletter.membership import record
from newsletter.models import ConsentEvent, Subscriber, SubscriberMail, wording_of
from newsletter.models.subscriber import Act, State
from newsletter.viewsets import NewestFirstPaginator
from tests.factories import SubscriberFactory, TopicFactory
from tests.newsletter.conftest import page_of, text_of
from tests.signing_in import member

pytestmark = pytest.mark.django_db

LIST = "/admin/newsletter/subscribers/"


def listed(client: Client, query: str = "") -> set[str]:
    """Return whose addresses the list shows."""
    text = text_of(client.get(f"{LIST}{query}"))
    return {one for one in Subscriber.objects.values_list("address", flat=True) if one in text}


class TestTheList:
    def test_shows_the_newest_first_and_50_a_page(self, newsletter_staff):
        now = timezone.now()
        for days in range(51):
            SubscriberFactory(
                address=f"day-{days:02}@example.org", created_at=now - timedelta(days=days)
            )
        text = text_of(newsletter_staff.get(LIST))
        assert text.index("day-00@") < text.index("day-01@") < text.index("day-49@")
        assert "day-50@" not in text
        assert "day-50@" in text_of(newsletter_staff.get(f"{LIST}?p=2"))

    @pytest.mark.parametrize("words", ["FINDME", "rosa", "me@exam"])
    def test_is_searched_by_parts_of_address_and_name(self, newsletter_staff, words):
        SubscriberFactory(address="findme@example.org", name="Rosa Sample")
        SubscriberFactory(address="other@example.com", name="Somebody Else")
        assert listed(newsletter_staff, f"?q={words}") == {"findme@example.org"}

    def test_a_search_finds_many_as_it_finds_few(self, newsletter_staff, monkeypatch):
        monkeypatch.setattr("newsletter.viewsets.FEW", 2)
        for number in range(3):
            SubscriberFactory(address=f"wanted-{number}@example.org")
        SubscriberFactory(address="other@example.com")
        assert len(listed(newsletter_staff, "?q=wanted")) == 3
        assert listed(newsletter_staff, "?q=wanted-2") == {"wanted-2@example.org"}

    @pytest.mark.parametrize(
        "query",
        [
            "?state=pending",
            "?source=/wanted/",
            "?language=en",
            "?created_at_from=2020-01-01&created_at_to=2020-12-31",
        ],
    )
    def test_is_narrowed_by_filters(self, newsletter_staff, query):
        SubscriberFactory(
            address="wanted@example.org",
            state=State.PENDING,
            source="/wanted/",
            created_at=timezone.now().replace(year=2020, month=6, day=15),
        )
        SubscriberFactory(address="other@example.com", source="/other/", language="xx")
        assert listed(newsletter_staff, query) == {"wanted@example.org"}

    def test_who_chose_no_topic_hears_of_each(self, newsletter_staff):
        breath, walking = TopicFactory(name="Sample breath"), TopicFactory(name="Sample walking")
        SubscriberFactory(address="all@example.org")
        SubscriberFactory(address="breath@example.org").topics.add(breath)
        SubscriberFactory(address="walking@example.org").topics.add(walking)
        assert listed(newsletter_staff, f"?topic={breath.pk}") == {
            "all@example.org",
            "breath@example.org",
        }

    def test_says_above_how_many_are_in_each_state(self, newsletter_staff):
        SubscriberFactory.create_batch(3)
        SubscriberFactory(state=State.PENDING)
        text = " ".join(text_of(newsletter_staff.get(LIST)).split())
        assert "<strong>3</strong> Subscribed" in text
        assert "<strong>1</strong> Not confirmed yet" in text

    def test_asks_as_often_for_many_people_as_for_few(self, newsletter_staff, count_queries):
        topic = TopicFactory()
        for _number in range(3):
            SubscriberFactory(source="/sample/").topics.add(topic)
        newsletter_staff.get(LIST)
        few = count_queries(lambda: newsletter_staff.get(LIST))
        for number in range(40):
            SubscriberFactory(source=f"/sample/{number}/").topics.add(topic)
        assert count_queries(lambda: newsletter_staff.get(LIST)) == few
        assert few < 30

    def test_counts_no_further_than_it_pages(self, monkeypatch):
        monkeypatch.setattr("pages.bounded_paginator.MOST_PAGED", 5)
        SubscriberFactory.create_batch(7)
        paginator = NewestFirstPaginator(Subscriber.objects.all(), 2)
        assert paginator.count == 5
        assert "the newest 5" in paginator.items_count_label


class TestAPersonsPage:
    def test_tells_what_they_agreed_to_and_when(self, newsletter_staff):
        subscriber = SubscriberFactory(name="Rosa Sample")
        wording = wording_of("These sample words were shown.", "en")
        record(
            subscriber, Act.ASKED, wording=wording, network="192.0.2.0/24", source="/sample-page/"
        )
        record(subscriber, Act.EDITED, note="A sample note", by=member(first_name="Samplestaff"))
        text = text_of(newsletter_staff.get(page_of(subscriber)))
        for words in (
            subscriber.address,
            "Rosa Sample",
            "These sample words were shown.",
            wording.digest,
            "192.0.2.0/24",
            "/sample-page/",
            "A sample note",
            "Signed up",
        ):
            assert words in text

    @pytest.mark.parametrize(
        ("status", "words"),
        [(0, "sent, "), (1, "could not be sent"), (2, "waiting"), (3, "is tried again")],
    )
    def test_tells_how_far_each_mail_is(self, newsletter_staff, status, words):
        subscriber = SubscriberFactory()
        mail = Email.objects.create(from_email="a@example.org", to="b@example.org", status=status)
        SubscriberMail.objects.create(subscriber=subscriber, kind="welcome", mail=mail)
        assert words in text_of(newsletter_staff.get(page_of(subscriber))).split("How far")[1]

    def test_asks_as_often_for_a_long_history_as_for_a_short_one(
        self, newsletter_staff, count_queries
    ):
        subscriber, staff = SubscriberFactory(), member()
        wording = wording_of("Sample words", "en")
        record(subscriber, Act.ASKED, wording=wording, by=staff)
        newsletter_staff.get(page_of(subscriber))
        few = count_queries(lambda: newsletter_staff.get(page_of(subscriber)))
        for _number in range(20):
            record(subscriber, Act.ASKED_AGAIN, wording=wording, by=staff)
            SubscriberMail.objects.create(subscriber=subscriber, kind="confirm")
        assert count_queries(lambda: newsletter_staff.get(page_of(subscriber))) == few

    def test_shows_the_latest_lines_of_a_history_without_end(self, newsletter_staff, monkeypatch):
        monkeypatch.setattr("newsletter.staff_subscribers.MOST_LINES", 2)
        subscriber = SubscriberFactory()
        for _number in range(5):
            record(subscriber, Act.ASKED_AGAIN)
        text = text_of(newsletter_staff.get(page_of(subscriber)))
        assert text.count("Signed up again") == 2
        assert "3 older lines are not shown" in text

    def test_one_who_was_erased_is_not_found(self, newsletter_staff):
        assert newsletter_staff.get(f"{LIST}999999/").status_code == 404

    def test_opening_it_and_every_question_changes_nothing(self, newsletter_staff):
        subscriber = SubscriberFactory(state=State.PENDING)
        before = list(Subscriber.objects.values()), ConsentEvent.objects.count()
        for act in ("", "change/", "send/", "suppress/", "erase/"):
            newsletter_staff.get(f"{page_of(subscriber)}{act}")
        assert (list(Subscriber.objects.values()), ConsentEvent.objects.count()) == before
        assert not Email.objects.exists()

    def test_wagtails_own_views_do_not_exist_for_people(self, newsletter_staff):
        subscriber = SubscriberFactory()
        for path in (
            "snippets/newsletter/subscriber/",
            f"snippets/newsletter/subscriber/edit/{subscriber.pk}/",
            f"snippets/newsletter/subscriber/delete/{subscriber.pk}/",
            "snippets/choose/newsletter/subscriber/",
            f"bulk/newsletter/subscriber/delete/?id={subscriber.pk}",
        ):
            assert newsletter_staff.post(f"/admin/{path}").status_code == 404, path
        assert Subscriber.objects.filter(pk=subscriber.pk).exists()


class TestTheDashboard:
    def test_leads_to_what_waits(self, newsletter_staff):
        SubscriberFactory.create_batch(2)
        text = text_of(newsletter_staff.get("/admin/"))
        assert "2 people get the newsletter" in text
        assert "No sign-up is held" in text
        assert "Look after the newsletter" in text

    def test_tells_of_mails_that_do_not_go_out(self, newsletter_staff):
        mail = Email.objects.create(from_email="a@example.org", to="b@example.org", status=2)
        assert "over 15 minutes" not in text_of(newsletter_staff.get("/admin/"))
        Email.objects.filter(pk=mail.pk).update(created=timezone.now() - timedelta(minutes=16))
        assert "1 mail has waited for over 15 minutes" in text_of(newsletter_staff.get("/admin/"))
