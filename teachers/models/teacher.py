"""A teacher as staff and the teacher keep them. What visitors see of it is a DirectoryEntry."""

import datetime
import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from library.models import UploadedImage
from pages.email_addresses import BadAddress, parse_address
from pages.names import Monogrammed, filed, free_slug, slug_wanted
from teachers.folding import fold
from teachers.languages import language_name
from teachers.models.facts import FactsMixin
from teachers.models.languages_field import LanguagesField
from teachers.models.levels import Program, TrainingLevel
from teachers.models.place import Place

# Last steps of addresses below the directory that are no teacher's (teachers/urls.py).
RESERVED_SLUGS = frozenset({"own"})
BIOGRAPHY_FEATURES = ["bold", "italic", "ol", "ul"]
RENEWED_FOR = datetime.timedelta(days=365)


def new_handle() -> str:
    """Return a random name for links in mails: 22 characters that can stand in an address."""
    return secrets.token_urlsafe(16)


class State(models.TextChoices):
    """Whether a teacher is to be in the directory."""

    LISTED = "listed", _("In the directory")
    HIDDEN = "hidden", _("Hidden by staff")
    WITHDRAWN = "withdrawn", _("Left the directory themselves")


class TeacherQuerySet(models.QuerySet):
    """Questions asked of teachers."""

    def listable(self, on: datetime.date | None = None) -> "TeacherQuerySet":
        """Return those who may be in the directory on a day, whatever their level."""
        renewed_since = (on or timezone.localdate()) - RENEWED_FOR
        return self.filter(
            live=True,
            state=State.LISTED,
            agreed_to_be_listed=True,
            last_confirmed__gte=renewed_since,
        )


class Teacher(
    Monogrammed,
    FactsMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    ClusterableModel,
):
    """Someone who was trained to teach MSC.

    Nothing public is read from here: a teacher who is to be found has a DirectoryEntry, and
    nobody else has (`teachers/listing.py`). A teacher's words are their own, in the language they
    wrote them in, so that a teacher is not translated; levels and programs are.
    """

    State = State
    wagtail_reference_index_ignore = True

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        blank=True,
        unique=True,
        help_text=_(
            "The last part of the profile's address, made from the name where it is empty. When "
            "you change it, the old address leads to the new one."
        ),
        error_messages={"unique": _("Another teacher has this address already.")},
    )
    sort_name = models.CharField(
        _("sort name"),
        max_length=120,
        blank=True,
        help_text=_("How the name is filed: “Baylis, Lisa”. Left empty, the last word is first."),
    )
    search_name = models.CharField(max_length=250, editable=False)
    credentials = models.CharField(
        _("credentials"), max_length=120, blank=True, help_text=_("Such as PhD, LCSW.")
    )
    portrait = models.ForeignKey(
        UploadedImage,
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Without a portrait the initials are shown."),
    )
    biography = RichTextField(
        _("biography"), blank=True, max_length=5000, features=BIOGRAPHY_FEATURES
    )

    level = models.ForeignKey(
        TrainingLevel,
        verbose_name=_("training level"),
        on_delete=models.PROTECT,
        related_name="teachers",
    )
    level_date = models.DateField(_("reached on"), null=True, blank=True)
    is_trainer = models.BooleanField(
        _("Teacher Trainer"), default=False, help_text=_("Shown as a mark beside the level.")
    )

    languages = LanguagesField(_("languages"), blank=True)
    teaches_in_person = models.BooleanField(_("teaches in person"), default=True)
    teaches_online = models.BooleanField(_("teaches online"), default=False)
    programs = ParentalManyToManyField(
        Program, verbose_name=_("programs"), blank=True, related_name="+"
    )
    place = models.ForeignKey(
        Place,
        verbose_name=_("town"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to=Q(kind=Place.Kind.TOWN),
        help_text=_("The town alone is stored and shown, never an address."),
    )

    website = models.URLField(_("website"), blank=True)
    contact_address = models.CharField(
        _("contact address"),
        max_length=254,
        blank=True,
        help_text=_("Where visitors' messages and our own mails go. It is never shown."),
    )
    contact_key = models.CharField(max_length=254, editable=False, default="")
    public_phone = models.CharField(
        _("public phone"),
        max_length=40,
        blank=True,
        help_text=_("Shown to everyone. Only with the teacher's consent."),
    )

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.LISTED)
    agreed_to_be_listed = models.BooleanField(
        _("agreed to be listed"),
        default=False,
        help_text=_("The teacher agreed to be shown in the public directory."),
    )
    last_confirmed = models.DateField(
        _("last confirmed"),
        null=True,
        blank=True,
        help_text=_("The entry is shown for a year from this day, then it must be renewed."),
    )
    wants_reminders = models.BooleanField(_("wants to be reminded to renew"), default=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    # What links in mails name, rather than the address or a number that can be counted up.
    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    objects = TeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")
        ordering = ["sort_name", "pk"]
        permissions = [
            ("import_teacher", "Can import teachers"),
            ("export_teacher", "Can export teachers"),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="teachers_by_name"),
            models.Index(fields=["last_confirmed"], name="teachers_to_renew"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact_key"],
                condition=~Q(contact_key=""),
                name="one_teacher_an_address",
                violation_error_message=_("Another teacher has this contact address."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a contact address that nobody can write to, and one of another teacher."""
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {"slug": _("The site uses this address itself. Please choose another.")}
            )
        self._set_contact_key()
        others = Teacher.objects.filter(contact_key=self.contact_key).exclude(pk=self.pk)
        if self.contact_key and others.exists():
            raise ValidationError({"contact_address": _("Another teacher has this address.")})

    def full_clean(self, *args, **kwargs) -> None:
        """Fill in the sort name and a free address where they are empty, then check."""
        self._fill_in()
        super().full_clean(*args, **kwargs)

    def save(self, *args, **kwargs) -> None:
        """Save, with a sort name and an address even when a program made the teacher."""
        self._fill_in()
        self._set_contact_key()
        super().save(*args, **kwargs)

    def _fill_in(self) -> None:
        if not self.sort_name:
            self.sort_name = filed(self.name)
        self.search_name = fold(self.name)[:250]
        if not self.slug or (self._state.adding and self._others_at(self.slug).exists()):
            wanted = slug_wanted(self.name, otherwise="teacher")
            others = Teacher.objects.filter(slug__startswith=wanted).exclude(pk=self.pk)
            taken = {*others.values_list("slug", flat=True), *RESERVED_SLUGS}
            self.slug = free_slug(wanted, taken)

    def _others_at(self, slug: str) -> TeacherQuerySet:
        return Teacher.objects.filter(slug=slug).exclude(pk=self.pk)

    def _set_contact_key(self) -> None:
        """Set what the address is compared as; raises ValidationError where it is none."""
        if not self.contact_address:
            self.contact_key = ""
            return
        try:
            self.contact_key = parse_address(self.contact_address).key
        except BadAddress as error:
            raise ValidationError({"contact_address": str(error)}) from error

    # --- what follows from it ---------------------------------------------------------------

    @property
    def sendable(self) -> str:
        """The contact address as a mail's header takes it: the domain in ASCII (RFC 5890)."""
        return f"{self.contact_address.rpartition('@')[0]}@{self.contact_key.rpartition('@')[2]}"

    @property
    def renewal_due(self) -> datetime.date | None:
        """The last day on which the entry is shown without being renewed."""
        return self.last_confirmed + RENEWED_FOR if self.last_confirmed else None

    @property
    def is_listed(self) -> bool:
        """Whether the published teacher is in the directory now."""
        return hasattr(self, "entry")

    @property
    def language_names(self) -> list[str]:
        """The names of the languages in the active language, by name."""
        return sorted((language_name(code) for code in self.languages), key=str.casefold)

    def get_preview_template(self, request, mode_name: str) -> str:
        """Return the profile's template: a preview shows the profile as visitors will see it."""
        return "teachers/profile.html"

    def get_preview_context(self, request, mode_name: str) -> dict:
        """Return the profile's context, with the directory's page around it if there is one."""
        from teachers.models.directory_page import TeacherDirectoryPage  # which shows teachers

        page = TeacherDirectoryPage.objects.live().first() or TeacherDirectoryPage(
            title=_("Find an MSC teacher")
        )
        context = super().get_preview_context(request, mode_name)
        return {**context, **page.profile_context(request, self)}
