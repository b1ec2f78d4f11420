"""What staff can do with many people at once, and with topics."""

import pytest
from post_office.models import Email

from newsletter.models import Subscriber, Suppression, suppression_of
from newsletter.models.subscriber import Act, State
from tests.factories import SubscriberFactory, TopicFactory
from tests.newsletter.conftest import acts_of, page_of, text_of
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/newsletter/subscribers/"
BULK = "/admin/bulk/newsletter/subscriber/"


class TestManyAtOnce:
    def test_asks_first_and_names_nobody(self, newsletter_staff):
        subscriber = SubscriberFactory()
        text = text_of(newsletter_staff.get(f"{BULK}erase/?id={subscriber.pk}"))
        assert "1 person is chosen" in text
        assert subscriber.address not in text
        assert Subscriber.objects.exists()

    def test_only_those_who_have_not_confirmed_are_written_to(self, newsletter_staff):
        pending = SubscriberFactory(state=State.PENDING)
        others = [SubscriberFactory(), SubscriberFactory(state=State.UNSUBSCRIBED)]
        ids = "&".join(f"id={one.pk}" for one in [pending, *others])
        response = newsletter_staff.post(f"{BULK}resend/?{ids}&next={LIST}", follow=True)
        assert [mail.to for mail in Email.objects.all()] == [[pending.address]]
        assert "Send confirmation again: done with 1 person. 2 were left as they are." in text_of(
            response
        )

    def test_all_in_the_listing_are_those_that_filters_and_search_choose(self, newsletter_staff):
        wanted = SubscriberFactory(address="wanted@example.org", state=State.PENDING)
        kept = [
            SubscriberFactory(address="wanted-too@example.org"),
            SubscriberFactory(address="other@example.com", state=State.PENDING),
        ]
        newsletter_staff.post(f"{BULK}erase/?id=all&state=pending&q=wanted&next={LIST}")
        assert set(Subscriber.objects.all()) == set(kept)
        assert suppression_of(wanted.key)

    def test_a_filter_that_makes_no_sense_chooses_nobody(self, newsletter_staff):
        subscriber = SubscriberFactory()
        newsletter_staff.post(f"{BULK}erase/?id=all&state=nonsense")
        assert Subscriber.objects.filter(pk=subscriber.pk).exists()

    def test_suppressing_needs_a_reason(self, newsletter_staff):
        people = SubscriberFactory.create_batch(2)
        newsletter_staff.post(f"{BULK}suppress/?id=all&next={LIST}", {"note": ""})
        assert Suppression.objects.count() == 0
        newsletter_staff.post(f"{BULK}suppress/?id=all&next={LIST}", {"note": "A sample reason"})
        assert all(suppression_of(one.key) for one in people)

    def test_a_topic_is_added_to_those_who_chose_others(self, newsletter_staff):
        topic, other = TopicFactory(), TopicFactory()
        chose, hears_of_all = SubscriberFactory(), SubscriberFactory()
        chose.topics.add(other)
        newsletter_staff.post(f"{BULK}add-topic/?id=all&next={LIST}", {"topic": topic.pk})
        assert set(chose.topics.all()) == {topic, other}
        assert not hears_of_all.topics.exists()
        assert acts_of(chose) == [Act.EDITED]
        assert acts_of(hears_of_all) == []

    def test_the_last_topic_of_someone_is_not_removed(self, newsletter_staff):
        topic, other = TopicFactory(), TopicFactory()
        both, one = SubscriberFactory(), SubscriberFactory()
        both.topics.set([topic, other])
        one.topics.set([topic])
        newsletter_staff.post(f"{BULK}remove-topic/?id=all&next={LIST}", {"topic": topic.pk})
        assert list(both.topics.all()) == [other]
        assert list(one.topics.all()) == [topic]

    def test_too_many_are_refused_whole(self, newsletter_staff, monkeypatch):
        monkeypatch.setattr("pages.chosen_action.MOST_AT_ONCE", 2)
        SubscriberFactory.create_batch(3)
        response = newsletter_staff.post(f"{BULK}erase/?id=all&next={LIST}", follow=True)
        assert Subscriber.objects.count() == 3
        assert "at most 2 people" in text_of(response)

    @pytest.mark.parametrize("ids", ["", "id=abc", "id=99999999999999999999999", "id=12345"])
    def test_ids_that_are_nobodys_do_no_harm(self, newsletter_staff, ids):
        SubscriberFactory()
        assert newsletter_staff.get(f"{BULK}erase/?{ids}").status_code == 200
        newsletter_staff.post(f"{BULK}erase/?{ids}")
        assert Subscriber.objects.count() == 1

    def test_who_may_not_erase_cannot_by_this_way_either(self):
        subscriber = SubscriberFactory()
        staff = member("Newsletter")
        group = staff.groups.get()
        group.permissions.remove(group.permissions.get(codename="delete_subscriber"))
        client = signed_in(staff)
        client.post(f"{BULK}erase/?id={subscriber.pk}")
        client.post(f"{page_of(subscriber)}erase/")
        assert Subscriber.objects.exists()


class TestTopics:
    def test_one_that_someone_chose_cannot_be_deleted(self, newsletter_staff):
        topic = TopicFactory()
        SubscriberFactory().topics.add(topic)
        delete = f"/admin/snippets/newsletter/topic/delete/{topic.pk}/"
        bulk = f"/admin/bulk/newsletter/topic/delete/?id={topic.pk}"
        for path in (delete, bulk):
            response = newsletter_staff.post(path, follow=True)
            assert "would hear of everything" in text_of(response)
        topic.refresh_from_db()

    def test_one_that_nobody_chose_can(self, newsletter_staff):
        topic = TopicFactory()
        newsletter_staff.post(f"/admin/snippets/newsletter/topic/delete/{topic.pk}/")
        assert not type(topic).objects.filter(pk=topic.pk).exists()
