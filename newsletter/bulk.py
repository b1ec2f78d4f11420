"""What staff can do with many subscribers at once, chosen by ticking or by the list's filters."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log

from newsletter.erasure import erase, suppress_subscriber
from newsletter.membership import record, resend
from newsletter.models import Subscriber, Topic
from newsletter.models.subscriber import Act, State
from newsletter.staff_forms import NoteForm
from newsletter.subscriber_filters import chosen_subscribers
from pages.chosen_action import ChosenAction


class TopicForm(forms.Form):
    """One topic."""

    topic = forms.ModelChoiceField(label=gettext_lazy("Topic"), queryset=Topic.objects.all())


class SubscriberAction(ChosenAction):
    """What the acts with subscribers share; the answer names nobody."""

    models = [Subscriber]
    template_name = "newsletter/staff/bulk.html"
    permission = "newsletter.change_subscriber"

    def chosen_by_filters(self) -> QuerySet:
        """Return the subscribers that the list's filters choose."""
        return chosen_subscribers(self.request, self.request.GET)

    def too_many(self, most: int) -> str:
        """Say how many people are too many, and what to do."""
        return _(
            "That is done with at most %(most)s people at once. Narrow the list by its filters, "
            "for example by dates, and repeat it."
        ) % {"most": most}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say with how many it was done."""
        told = ngettext(
            "%(act)s: done with %(n)s person.",
            "%(act)s: done with %(n)s people.",
            num_parent_objects,
        )
        told %= {"n": num_parent_objects, "act": self.display_name}
        if num_child_objects:
            told += " " + _("%(n)s were left as they are.") % {"n": num_child_objects}
        return told


class ResendAction(SubscriberAction):
    """Sends the confirmation again to those who have not confirmed."""

    display_name = gettext_lazy("Send confirmation again")
    aria_label = gettext_lazy("Send the confirmation again to selected people")
    action_type = "resend"
    action_priority = 10
    explanation = gettext_lazy(
        "Those who have not confirmed are sent the mail with the button once more. Others, and "
        "those who had one a moment ago, are left as they are."
    )
    button = gettext_lazy("Yes, send it")

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs) -> tuple[int, int]:
        """Return to how many it was sent, and to how many not."""
        pending = [subscriber for subscriber in objects if subscriber.state == State.PENDING]
        sent = sum(resend(subscriber, user) for subscriber in pending)
        return sent, len(objects) - sent


class TopicAction(SubscriberAction):
    """What adding and removing a topic share: whom it is no change for is left as they are."""

    form_class = TopicForm
    sign = ""  # stands before the topic in the person's history

    @staticmethod
    def is_change(topic: Topic, chosen: list[Topic]) -> bool:
        """Return whether it changes what someone with these topics hears of."""
        raise NotImplementedError

    @staticmethod
    def change(subscriber: Subscriber, topic: Topic) -> None:
        """Change what someone chose."""
        raise NotImplementedError

    @classmethod
    def execute_action(cls, objects, user=None, entered=None, **kwargs) -> tuple[int, int]:
        """Return for how many it was a change, and how many were left as they are."""
        topic, done = entered["topic"], 0
        for subscriber in objects:
            if cls.is_change(topic, list(subscriber.topics.all())):
                cls.change(subscriber, topic)
                record(subscriber, Act.EDITED, by=user, note=f"{cls.sign} {topic}")
                done += 1
        return done, len(objects) - done


class AddTopicAction(TopicAction):
    """Adds a topic to what people chose."""

    display_name = gettext_lazy("Add topic")
    aria_label = gettext_lazy("Add a topic to selected people")
    action_type = "add-topic"
    action_priority = 20
    explanation = gettext_lazy(
        "Those who chose topics hear of this one too. Who chose none hears of it anyway, and is "
        "left as they are."
    )
    button = gettext_lazy("Yes, add it")
    sign = "+"

    @staticmethod
    def is_change(topic: Topic, chosen: list[Topic]) -> bool:
        """Return whether they chose others and not this one."""
        return bool(chosen) and topic not in chosen

    @staticmethod
    def change(subscriber: Subscriber, topic: Topic) -> None:
        """Add it."""
        subscriber.topics.add(topic)


class RemoveTopicAction(TopicAction):
    """Takes a topic out of what people chose."""

    display_name = gettext_lazy("Remove topic")
    aria_label = gettext_lazy("Remove a topic from selected people")
    action_type = "remove-topic"
    action_priority = 30
    explanation = gettext_lazy(
        "Those who chose other topics too hear of this one no longer. Who chose this one alone is "
        "left as they are: without any, they would hear of everything."
    )
    button = gettext_lazy("Yes, remove it")
    sign = "−"

    @staticmethod
    def is_change(topic: Topic, chosen: list[Topic]) -> bool:
        """Return whether they chose this one and others."""
        return topic in chosen and len(chosen) > 1

    @staticmethod
    def change(subscriber: Subscriber, topic: Topic) -> None:
        """Remove it."""
        subscriber.topics.remove(topic)


class SuppressAction(SubscriberAction):
    """Has nobody write to people again."""

    display_name = gettext_lazy("Suppress")
    aria_label = gettext_lazy("Never write to selected people again")
    action_type = "suppress"
    action_priority = 40
    classes = {"serious"}
    form_class = NoteForm
    explanation = gettext_lazy(
        "Nobody writes to these people again, whoever signs them up. Their history is kept."
    )
    button = gettext_lazy("Yes, suppress them")

    @classmethod
    def execute_action(cls, objects, user=None, entered=None, **kwargs) -> tuple[int, int]:
        """Return how many were suppressed."""
        for subscriber in objects:
            suppress_subscriber(subscriber, by=user, note=entered["note"])
        return len(objects), 0


class EraseAction(SubscriberAction):
    """Erases everything that is stored of people."""

    display_name = gettext_lazy("Erase")
    aria_label = gettext_lazy("Erase selected people")
    action_type = "erase"
    action_priority = 50
    classes = {"serious"}
    permission = "newsletter.delete_subscriber"
    explanation = gettext_lazy(
        "Address, name, history and mails of these people are erased everywhere. This cannot be "
        "undone. A code that tells nobody who it was stays, so that nobody writes to them again."
    )
    button = gettext_lazy("Yes, erase them")

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs) -> tuple[int, int]:
        """Return how many were erased."""
        for subscriber in objects:
            log(subscriber, "newsletter.erase", user=user, deleted=True)
            erase(subscriber.key)
        return len(objects), 0


ACTIONS = (ResendAction, AddTopicAction, RemoveTopicAction, SuppressAction, EraseAction)
