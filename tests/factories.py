"""Factories of what the tests need, and of sample content: the names say that they are samples."""

import hashlib
import io
from functools import cache

import factory
import wagtail_factories
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image as PillowImage

from accounts.models import User
from finance.kinds import Kind, Visibility
from finance.models import AnnualFigures, FileText, Filing, FilingFile
from finance.models.filing_file import FileState
from finance.placeholder import placeholder_pdf
from library.models import UploadedDocument, UploadedImage
from newsletter.models import HeldSignUp, Subscriber, Topic
from pages.models import Announcement, HomePage, SectionPage, StandardPage
from people.models import PeopleGroup, Person, Seat
from teachers.models import Place, Program, Teacher, TrainingLevel

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


@cache
def pdf_bytes(title: str = "Sample document", pages: int = 2) -> bytes:
    """Return a PDF as a file's bytes, the same for the same title."""
    return placeholder_pdf(title, ["This is a sample."], pages)


class FilingFileFactory(DjangoModelFactory):
    """A PDF that was checked and accepted."""

    class Meta:
        model = FilingFile

    class Params:
        content = factory.LazyFunction(pdf_bytes)

    file = factory.LazyAttribute(lambda o: ContentFile(o.content, name="sample.pdf"))
    original_name = "sample.pdf"
    size = factory.LazyAttribute(lambda o: len(o.content))
    state = FileState.ACCEPTED
    checked_at = factory.LazyFunction(timezone.now)
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.content).hexdigest())
    pages = 2
    language = "en"
    is_tagged = True
    thumbnail = factory.LazyAttribute(
        lambda o: ContentFile(picture_bytes(48, 62), name="thumbnail.jpg")
    )
    thumbnail_width = 48
    thumbnail_height = 62


class FilingFactory(DjangoModelFactory):
    """A filing that is published, with a checked file whose words are `words`."""

    class Meta:
        model = Filing
        skip_postgeneration_save = True

    class Params:
        board = factory.Trait(kind=Kind.BOARD_PAPER, visibility=Visibility.BOARD)

    kind = Kind.FORM_990
    fiscal_year = 2019
    title = factory.Sequence(lambda n: f"Sample filing {n}")
    live = True
    first_published_at = factory.LazyFunction(timezone.now)
    file = factory.SubFactory(FilingFileFactory)

    @factory.post_generation
    def words(self, create: bool, words: str | None, **kwargs) -> None:
        """Give the file words to be found by."""
        if words:
            FileText.objects.create(file=self.file, words=words)
            self.save()


class AnnualFiguresFactory(DjangoModelFactory):
    """The figures of a year, which add up."""

    class Meta:
        model = AnnualFigures

    live = True
    fiscal_year = factory.Sequence(lambda n: 1990 + n % 60)
    contributions = 300
    program_service_revenue = 600
    investment_income = 60
    other_revenue = 40
    total_revenue = 1000
    program_expenses = 700
    management_expenses = 150
    fundraising_expenses = 50
    total_expenses = 900
    total_assets = 700
    total_liabilities = 200
    net_assets = 500


class TopicFactory(DjangoModelFactory):
    """A topic of the newsletter."""

    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Sample topic {n}")


class SubscriberFactory(DjangoModelFactory):
    """Someone on the list, who has confirmed."""

    class Meta:
        model = Subscriber

    address = factory.Sequence(lambda n: f"Reader{n}@example.org")
    key = factory.LazyAttribute(lambda o: o.address.lower())
    state = Subscriber.State.CONFIRMED
    confirmed_at = factory.LazyAttribute(
        lambda o: None if o.state == Subscriber.State.PENDING else timezone.now()
    )
    left_at = factory.LazyAttribute(
        lambda o: None if o.state in {"pending", "confirmed"} else timezone.now()
    )


class HeldSignUpFactory(DjangoModelFactory):
    """A sign-up that looked like a robot's."""

    class Meta:
        model = HeldSignUp

    address = factory.Sequence(lambda n: f"Held{n}@example.org")
    key = factory.LazyAttribute(lambda o: o.address.lower())
    suspicion = HeldSignUp.Suspicion.TRAP


class PlaceFactory(DjangoModelFactory):
    """A town, in the middle of nowhere unless it is told."""

    class Meta:
        model = Place
        django_get_or_create = ("id",)

    id = factory.Sequence(lambda n: 900_000_000 + n)
    name = factory.Sequence(lambda n: f"Sample town {n}")
    country = "FR"
    latitude = 45.75
    longitude = 4.85
    population = 10_000


class TrainingLevelFactory(DjangoModelFactory):
    """A level after all others."""

    class Meta:
        model = TrainingLevel

    name = factory.Sequence(lambda n: f"Sample level {n}")
    rank = factory.Sequence(lambda n: 100 + n)


class ProgramFactory(DjangoModelFactory):
    """A program that teachers may teach."""

    class Meta:
        model = Program

    name = factory.Sequence(lambda n: f"Sample program {n}")


class TeacherFactory(DjangoModelFactory):
    """A teacher who is published and in the directory."""

    class Meta:
        model = Teacher

    name = factory.Sequence(lambda n: f"Sample Teacher {n}")
    live = True
    first_published_at = factory.LazyFunction(timezone.now)
    level = factory.LazyFunction(lambda: TrainingLevel.objects.get(name="Certified Teacher"))
    place = factory.SubFactory(PlaceFactory)
    languages = factory.LazyFunction(lambda: ["en"])
    contact_address = factory.Sequence(lambda n: f"teacher{n}@example.org")
    agreed_to_be_listed = True
    last_confirmed = factory.LazyFunction(timezone.localdate)


def picture_bytes(width: int = 500, height: int = 620, kind: str = "JPEG", **options) -> bytes:
    """Return a picture as a file's bytes."""

    out = io.BytesIO()
    PillowImage.new("RGB", (width, height), "#86a89f").save(out, kind, **options)
    return out.getvalue()
