"""Factories of what the tests need, and of sample content: the names say that they are samples."""

import io

import factory
import wagtail_factories
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from PIL import Image as PillowImage

from accounts.models import User
from library.models import UploadedDocument, UploadedImage
from pages.models import Announcement, HomePage, SectionPage, StandardPage
from people.models import PeopleGroup, Person, Seat

PASSWORD = "a long sample password"


class UserFactory(DjangoModelFactory):
    """A user who may sign in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"sample{n}@example.org")
    first_name = "Sample"
    last_name = factory.Sequence(lambda n: f"User {n}")
    password = factory.django.Password(PASSWORD)

    class Params:
        admin = factory.Trait(is_superuser=True, is_staff=True)


class ImageFactory(wagtail_factories.ImageFactory):
    """An uploaded picture."""

    class Meta:
        model = UploadedImage

    title = factory.Sequence(lambda n: f"Sample picture {n}")
    file = factory.django.ImageField(width=500, height=620, color="#86a89f")


class DocumentFactory(wagtail_factories.DocumentFactory):
    """An uploaded document."""

    class Meta:
        model = UploadedDocument

    title = factory.Sequence(lambda n: f"Sample document {n}")
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.4 sample", name="sample.pdf"))


def home() -> HomePage:
    """Return the home page."""
    return HomePage.objects.get()


class StandardPageFactory(wagtail_factories.PageFactory):
    """A page of text below the home page."""

    class Meta:
        model = StandardPage

    parent = factory.LazyFunction(home)
    title = factory.Sequence(lambda n: f"Sample page {n}")
    search_description = "A sample page."


class SectionPageFactory(wagtail_factories.PageFactory):
    """A section below the home page."""

    class Meta:
        model = SectionPage

    parent = factory.LazyFunction(home)
    title = factory.Sequence(lambda n: f"Sample section {n}")


class PersonFactory(DjangoModelFactory):
    """A person who is published."""

    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Sample Person {n}")
    live = True


class GroupFactory(DjangoModelFactory):
    """A group that is published."""

    class Meta:
        model = PeopleGroup

    name = factory.Sequence(lambda n: f"Sample group {n}")
    slug = factory.Sequence(lambda n: f"sample-group-{n}")
    live = True


class SeatFactory(DjangoModelFactory):
    """A seat of a sample person in a sample group."""

    class Meta:
        model = Seat

    group = factory.SubFactory(GroupFactory)
    person = factory.SubFactory(PersonFactory)
    title = factory.Sequence(lambda n: f"Sample title {n}")
    sort_order = factory.Sequence(int)


class AnnouncementFactory(DjangoModelFactory):
    """An announcement that stands now."""

    class Meta:
        model = Announcement

    text = "This is a sample announcement"


def picture_bytes(width: int = 500, height: int = 620, kind: str = "JPEG", **options) -> bytes:
    """Return a picture as a file's bytes."""

    out = io.BytesIO()
    PillowImage.new("RGB", (width, height), "#86a89f").save(out, kind, **options)
    return out.getvalue()
