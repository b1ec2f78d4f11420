"""What staff can do about one person: add, change, write again, suppress, erase."""

import pytest
from post_office.models import Email

from newsletter.membership import resend
from newsletter.models import ConsentEvent, Subscriber, Suppression, suppress, suppression_of
from newsletter.models.subscriber import Act, State
from tests.factories import SubscriberFactory, TopicFactory
from tests.newsletter.conftest import acts_of, page_of, text_of
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db

ADD = "/admin/newsletter/subscribers/add/"


class TestAddingByHand:
    VALUES = {
        "address": "New@Example.org",
        "name": "Rosa Sample",
        "language": "en",
        "note": "A sample event on May 3",
        "how": "at-once",
    }

    def test_puts_someone_on_the_list_with_the_note(self, newsletter_staff):
        topic = TopicFactory()
        response = newsletter_staff.post(ADD, {**self.VALUES, "topics": [topic.pk]}, follow=True)
        subscriber = Subscriber.objects.get()
        assert subscriber.state == State.CONFIRMED
        assert subscriber.address == "New@Example.org"
        assert subscriber.key == "new@example.org"
        assert list(subscriber.topics.all()) == [topic]
        event = subscriber.events.get(act=Act.ADDED)
        assert event.note == "A sample event on May 3"
        assert event.by is not None
        assert "on the list now" in text_of(response)

    def test_or_sends_them_a_mail_to_confirm_first(self, newsletter_staff):
        newsletter_staff.post(ADD, {**self.VALUES, "how": "mail"})
        assert Subscriber.objects.get().state == State.PENDING
        assert Email.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong", [{"note": ""}, {"address": "no address"}, {"how": ""}, {"name": "a\nb"}]
    )
    def test_what_is_missing_or_wrong_is_said_and_nobody_is_added(self, newsletter_staff, wrong):
        response = newsletter_staff.post(ADD, {**self.VALUES, **wrong})
        assert response.status_code == 400
        assert "A sample event" in text_of(response) or "note" in wrong
        assert not Subscriber.objects.exists()

    def test_someone_on_the_list_is_pointed_to_and_stays_as_they_are(self, newsletter_staff):
        subscriber = SubscriberFactory(address="new@example.org", name="Before")
        response = newsletter_staff.post(ADD, {**self.VALUES, "asked_again": "on"})
        assert page_of(subscriber) in text_of(response)
        subscriber.refresh_from_db()
        assert subscriber.name == "Before"
        assert acts_of(subscriber) == []

    def test_someone_who_left_comes_back_when_staff_say_that_they_asked(self, newsletter_staff):
        subscriber = SubscriberFactory(address="new@example.org", state=State.UNSUBSCRIBED)
        response = newsletter_staff.post(ADD, self.VALUES)
        assert response.status_code == 400
        assert page_of(subscriber) in text_of(response)
        assert 'name="asked_again"' in text_of(response)
        newsletter_staff.post(ADD, {**self.VALUES, "asked_again": "on"})
        subscriber.refresh_from_db()
        assert subscriber.state == State.CONFIRMED

    def test_a_suppressed_address_needs_the_tick_and_keeps_the_note(self, newsletter_staff):
        suppress("new@example.org", Suppression.Reason.STAFF)
        assert 'name="asked_again"' not in text_of(newsletter_staff.get(ADD))
        response = newsletter_staff.post(ADD, self.VALUES)
        assert "never to be written to again" in text_of(response)
        assert 'name="asked_again"' in text_of(response)
        assert not Subscriber.objects.exists()
        newsletter_staff.post(ADD, {**self.VALUES, "asked_again": "on"})
        subscriber = Subscriber.objects.get()
        assert suppression_of("new@example.org") is None
        lifted = subscriber.events.get(act=Act.UNSUPPRESSED)
        assert lifted.note == "A sample event on May 3"


class TestChanging:
    def test_name_and_topics_are_changed_and_noted(self, newsletter_staff):
        subscriber, topic = SubscriberFactory(), TopicFactory()
        values = {"name": "Rosa Sample", "language": "en", "topics": [topic.pk]}
        newsletter_staff.post(f"{page_of(subscriber)}change/", values)
        subscriber.refresh_from_db()
        assert subscriber.name == "Rosa Sample"
        assert list(subscriber.topics.all()) == [topic]
        event = subscriber.events.get()
        assert event.act == Act.EDITED
        assert event.by is not None
        assert event.note == "Name, Topics"

    def test_what_stays_as_it_was_is_not_noted(self, newsletter_staff):
        subscriber = SubscriberFactory(name="Rosa")
        values = {"name": "Rosa", "language": "en"}
        newsletter_staff.post(f"{page_of(subscriber)}change/", values)
        assert acts_of(subscriber) == []

    def test_the_state_is_not_staffs_to_set(self, newsletter_staff):
        subscriber = SubscriberFactory(state=State.UNSUBSCRIBED)
        values = {"name": "", "language": "en", "state": "confirmed"}
        newsletter_staff.post(f"{page_of(subscriber)}change/", values)
        subscriber.refresh_from_db()
        assert subscriber.state == State.UNSUBSCRIBED

    def test_a_name_of_two_lines_is_refused(self, newsletter_staff):
        subscriber = SubscriberFactory()
        values = {"name": "Rosa\r\nBcc: other@example.org", "language": "en"}
        response = newsletter_staff.post(f"{page_of(subscriber)}change/", values)
        assert response.status_code == 400
        subscriber.refresh_from_db()
        assert subscriber.name == ""


class TestSendingTheConfirmationAgain:
    def test_writes_to_someone_who_has_not_confirmed(self, newsletter_staff):
        subscriber = SubscriberFactory(state=State.PENDING)
        newsletter_staff.post(f"{page_of(subscriber)}send/")
        assert Email.objects.get().to == [subscriber.address]
        assert acts_of(subscriber) == [Act.RESENT]

    def test_not_twice_in_ten_minutes(self, newsletter_staff):
        subscriber = SubscriberFactory(state=State.PENDING)
        newsletter_staff.post(f"{page_of(subscriber)}send/")
        response = newsletter_staff.post(f"{page_of(subscriber)}send/", follow=True)
        assert "Nothing was sent" in text_of(response)
        assert Email.objects.count() == 1

    @pytest.mark.parametrize("state", [State.CONFIRMED, State.UNSUBSCRIBED, State.COMPLAINED])
    def test_is_neither_offered_nor_done_for_others(self, newsletter_staff, state):
        subscriber = SubscriberFactory(state=state)
        page = text_of(newsletter_staff.get(page_of(subscriber)))
        assert "Send the confirmation again" not in page
        newsletter_staff.post(f"{page_of(subscriber)}send/")
        assert not Email.objects.exists()


class TestSuppressing:
    def test_nobody_writes_to_them_again(self, newsletter_staff):
        subscriber = SubscriberFactory()
        newsletter_staff.post(f"{page_of(subscriber)}suppress/", {"note": "A sample reason"})
        subscriber.refresh_from_db()
        assert subscriber.state == State.UNSUBSCRIBED
        assert suppression_of(subscriber.key).reason == Suppression.Reason.STAFF
        assert not resend(subscriber, None)
        page = text_of(newsletter_staff.get(page_of(subscriber)))
        assert "A sample reason" in page
        assert "Nobody writes to this address again" in page

    def test_needs_a_reason(self, newsletter_staff):
        subscriber = SubscriberFactory()
        response = newsletter_staff.post(f"{page_of(subscriber)}suppress/", {"note": ""})
        assert response.status_code == 400
        assert suppression_of(subscriber.key) is None


class TestErasing:
    def test_says_first_what_goes_and_that_it_stays_gone(self, newsletter_staff):
        subscriber = SubscriberFactory()
        text = text_of(newsletter_staff.get(f"{page_of(subscriber)}erase/"))
        assert "cannot be undone" in text

    def test_leaves_the_address_nowhere_but_a_hash(self, newsletter_staff):
        subscriber = SubscriberFactory(state=State.PENDING)
        resend(subscriber, None)
        response = newsletter_staff.post(f"{page_of(subscriber)}erase/", follow=True)
        assert not Subscriber.objects.exists()
        assert not Email.objects.exists()
        assert not ConsentEvent.objects.exists()
        assert suppression_of(subscriber.key)
        assert subscriber.address not in text_of(response)

    def test_the_sites_history_tells_who_did_it_and_not_to_whom(self, newsletter_staff):
        subscriber = SubscriberFactory()
        newsletter_staff.post(f"{page_of(subscriber)}erase/")
        admin = signed_in(member(admin=True))
        text = text_of(admin.get("/admin/reports/site-history/"))
        assert f"subscriber {subscriber.pk}" in text
        assert "A person was erased" in text
        assert subscriber.address not in text
