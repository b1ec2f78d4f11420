"""Loads the groups and people of the first content."""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Workflow, WorkflowContentType

from pages.content.loader import Loading
from people.models import PeopleGroup, Person, Seat


def load_people(loading: Loading) -> None:
    """Load each person and each group of the file that was never loaded before."""
    loading.once("people:workflow", _review_before_publishing)
    for order, item in enumerate(loading.content.get("groups", [])):
        for seat in item["seats"]:
            loading.once(f"person:{seat['person']}", lambda seat=seat: _load_person(seat["person"]))
        loading.once(
            f"group:{item['slug']}", lambda item=item, order=order: _load_group(item, order)
        )


def _review_before_publishing() -> None:
    """Let Wagtail's own moderation apply to people and groups, as it does to pages."""
    workflow = Workflow.objects.active().first()
    for model in (Person, PeopleGroup) if workflow else ():
        content_type = ContentType.objects.get_for_model(model)
        WorkflowContentType.objects.get_or_create(
            content_type=content_type, defaults={"workflow": workflow}
        )


def _load_person(name: str) -> None:
    person = Person(name=name)
    person.full_clean()
    person.save()
    person.save_revision().publish()


def _load_group(item: dict, order: int) -> None:
    fields = {name: value for name, value in item.items() if name != "seats"}
    group = PeopleGroup(sort_order=order, **fields)
    group.seats = [
        Seat(person=Person.objects.get(name=seat["person"]), title=seat["title"], sort_order=n)
        for n, seat in enumerate(item["seats"])
    ]
    group.full_clean()
    group.save()
    group.save_revision().publish()
