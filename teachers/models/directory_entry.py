"""What the public directory knows of teachers: a table of those alone who are in it."""

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from teachers.folding import fold
from teachers.geometry import Point
from teachers.languages import marked
from teachers.models.levels import TrainingLevel
from teachers.models.place import KeyField, Place
from teachers.models.teacher import Teacher


class DirectoryEntryQuerySet(SearchableQuerySetMixin, models.QuerySet):
    """Questions asked of the directory."""

    def current(self) -> "DirectoryEntryQuerySet":
        """Return the entries that may be shown today."""
        return self.filter(listed_until__gte=timezone.localdate())


class DirectoryEntry(index.Indexed, models.Model):
    """A teacher who may be found. `teachers/listing.py` writes it, and nothing else does.

    It is narrow and its columns stand in the order in which they are asked for, since each search
    reads thousands of rows. `spoken` and `taught` are lists as text (`teachers/languages.py`).
    """

    wagtail_reference_index_ignore = True
    visitors_see = False  # the teacher that it is made from begins a new generation

    teacher = models.OneToOneField(
        Teacher, on_delete=models.CASCADE, primary_key=True, related_name="entry"
    )
    slug = models.SlugField(max_length=120, unique=True)
    # Folded, and compared alike by every database, so that all list in one order.
    sort_name = KeyField(max_length=120)
    level = models.ForeignKey(TrainingLevel, on_delete=models.CASCADE, related_name="+")
    in_person = models.BooleanField()
    online = models.BooleanField()
    spoken = models.CharField(max_length=400, blank=True)
    taught = models.CharField(max_length=400, blank=True)
    place = models.ForeignKey(Place, null=True, on_delete=models.SET_NULL, related_name="+")
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=20, blank=True)
    cell = models.IntegerField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    z = models.FloatField(null=True)
    listed_until = models.DateField()

    objects = DirectoryEntryQuerySet.as_manager()

    # Found by whatever is said of the teacher; names have a search of their own that forgives.
    search_kind = "ofkindteacher"  # pages/search_index.py
    search_fields = [
        index.SearchField("search_kind"),
        index.SearchField("words"),
        index.FilterField("teacher_id"),
        index.FilterField("sort_name"),
        index.FilterField("listed_until"),
    ]

    class Meta:
        verbose_name = _("directory entry")
        verbose_name_plural = _("directory entries")
        ordering = ["sort_name", "teacher_id"]
        default_permissions = ()
        # Each has all that its questions ask for, so that they are answered from it alone.
        indexes = [
            models.Index(
                fields=[
                    "sort_name", "teacher", "level", "in_person", "online", "spoken", "taught",
                    "listed_until",
                ],
                name="entries_by_name",
            ),
            models.Index(
                fields=[
                    "cell", "x", "y", "z", "level", "in_person", "online", "spoken", "taught",
                    "listed_until", "sort_name", "teacher",
                ],
                name="entries_by_cell",
            ),
            models.Index(
                fields=["level", "in_person", "online", "spoken", "taught", "listed_until"],
                name="entries_by_offer",
            ),
            models.Index(
                fields=[
                    "country", "region", "x", "y", "z", "level", "in_person", "online", "spoken",
                    "taught", "listed_until", "sort_name", "teacher",
                ],
                name="entries_by_area",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.slug

    @classmethod
    def of(cls, teacher: Teacher) -> "DirectoryEntry":
        """Return the entry, not saved, of a published teacher who may be listed."""
        place = teacher.place
        point = Point(place.latitude, place.longitude) if place else None
        x, y, z = point.vector if point else (None, None, None)
        return cls(
            teacher=teacher,
            slug=teacher.slug,
            sort_name=fold(teacher.sort_name)[:120],
            level_id=teacher.level_id,
            in_person=teacher.teaches_in_person,
            online=teacher.teaches_online,
            spoken=marked(teacher.languages),
            taught=marked([program.pk for program in teacher.programs.all()]),
            place=place,
            country=place.country if place else "",
            region=place.region if place else "",
            cell=point.cell if point else None,
            x=x,
            y=y,
            z=z,
            listed_until=teacher.renewal_due,
        )

    @cached_property
    def words(self) -> str:
        """What the site's search and the directory's keywords find the teacher by."""
        teacher = self.teacher
        programs = " ".join(program.name for program in teacher.programs.all())
        biography = strip_tags(teacher.biography.replace(">", "> "))
        return " ".join([teacher.name, teacher.credentials, programs, biography])
