"""A filing: a document of the organization, published under an address that never changes."""

import re

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from finance.kinds import NAMED_BY_TITLE, Kind, Visibility
from finance.models.filing_file import FileText, FilingFile
from finance.models.filing_names import FilingNames
from finance.models.filing_queryset import FilingQuerySet, KeptFilings
from finance.models.fiscal_year import FiscalYearMixin
from finance.searched_words import searched_words

# What has no place in XML 1.0 (section 2.2), and so not in the feed either.
_CONTROLS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _without_controls(text: str) -> str:
    return _CONTROLS.sub(" ", text)


class Filing(
    FilingNames,
    FiscalYearMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """A document that the organization publishes, or shows to its board alone.

    It lives at `<fiscal year>/<slug>.pdf` below the page of financial reports. That address is
    fixed when the filing is first published, whatever is corrected or replaced later.
    """

    kind = models.CharField(_("kind"), max_length=40, choices=Kind)
    kind_order = models.PositiveSmallIntegerField(editable=False, default=0)
    title = models.CharField(
        _("title"),
        max_length=200,
        blank=True,
        help_text=_("Made from the kind and the year where you leave it empty."),
    )
    summary = models.TextField(
        _("summary in plain language"),
        max_length=600,
        blank=True,
        help_text=_("What the document says, in a sentence or two, for people who are no experts."),
    )
    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=Visibility, default=Visibility.PUBLIC
    )
    issued_on = models.DateField(
        _("filed or published on"),
        null=True,
        blank=True,
        help_text=_("The day on which it was filed with the IRS, signed or adopted."),
    )
    amends = models.ForeignKey(
        "self",
        verbose_name=_("amends"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="amendments",
        help_text=_("The earlier filing that this one corrects. Both stay published."),
    )
    has_all_schedules = models.BooleanField(
        _("the file has all schedules"),
        default=False,
        help_text=_(
            "For a return to the IRS: you looked, and every schedule and attachment is in it. "
            "The names of contributors in Schedule B are not public and must not be in it."
        ),
    )
    slug = models.SlugField(
        _("address"),
        max_length=100,
        blank=True,
        help_text=_(
            "The last part of the file's address, made from the kind or title where it is empty. "
            "It cannot change once the filing was published."
        ),
    )
    address_year = models.PositiveSmallIntegerField(editable=False, db_index=True)
    file = models.ForeignKey(
        FilingFile,
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)

    # Wagtail's own tasks look for what was saved by `objects`, removed since or not.
    objects = models.Manager.from_queryset(FilingQuerySet)()
    kept = KeptFilings()

    search_kind = "ofkindfiling"  # pages/search_index.py
    search_fields = [
        index.SearchField("search_kind"),
        index.SearchField("name", boost=3),
        index.AutocompleteField("name"),
        index.AutocompleteField("kind_label"),
        index.SearchField("kind_label"),
        index.SearchField("summary"),
        index.SearchField("words"),
        index.FilterField("id"),
        index.FilterField("live"),
        index.FilterField("locale"),
        index.FilterField("visibility"),
        index.FilterField("removed_at"),
        index.FilterField("fiscal_year"),
        index.FilterField("kind"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        ordering = ["-fiscal_year", "kind_order", "title"]
        default_manager_name = "kept"
        permissions = [("view_board_library", _("Can read the board's library"))]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "address_year", "slug"],
                name="one_filing_an_address",
                violation_error_message=_("Another filing of that year has this address."),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.default_title()

    # --- who may see it ---------------------------------------------------------------------

    @property
    def is_public(self) -> bool:
        """Whether everyone may see it now."""
        return self.live and self.visibility == Visibility.PUBLIC and self.removed_at is None

    @property
    def is_for_the_board_alone(self) -> bool:
        """Whether the board alone may see it once it is published."""
        return self.visibility == Visibility.BOARD

    @property
    def goes_live_later(self) -> bool:
        """Whether it is to be published at a time that is still to come."""
        return self.go_live_at is not None and self.go_live_at > timezone.now()

    @property
    def was_ever_public(self) -> bool:
        """Whether there was a time when everyone could see it."""
        return bool(self.first_published_at) and (
            self.visibility == Visibility.PUBLIC
            or self.files.filter(public_since__isnull=False).exists()
        )

    # --- where it is ------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Where the file is, below the page of financial reports or the board's library."""
        return f"{self.address_year}/{self.slug}.pdf"

    @property
    def thumbnail_path(self) -> str:
        """Where the picture of the first page is; it changes with the file."""
        return f"{self.address_year}/{self.slug}/{self.file.sha256[:16]}.jpg"

    @property
    def download_name(self) -> str:
        """The name under which a browser saves the file."""
        return f"{self}.pdf"

    @property
    def has_file(self) -> bool:
        """Whether there is a checked file to read."""
        return self.file is not None and self.file.is_accepted

    # --- keeping it right -------------------------------------------------------------------

    def full_clean(self, *args, **kwargs) -> None:
        """Fill in year and address where they are empty, then check."""
        self._fill_in()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse an amendment of itself, a public board paper, and an address that is taken."""
        super().clean()
        if self.amends_id and self.amends_id == self.pk:
            raise ValidationError({"amends": _("A filing cannot amend itself.")})
        if self.kind == Kind.BOARD_PAPER and self.visibility == Visibility.PUBLIC:
            raise ValidationError(
                {"visibility": _("Choose “The board alone”: a board paper is not for everyone.")}
            )
        if self.slug in self._taken_slugs():
            raise ValidationError(
                {"slug": _("Another filing of that year, perhaps a removed one, has this address.")}
            )

    def save(self, *args, **kwargs) -> None:
        """Save, and note which file is current from now on."""
        self._fill_in()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.file_id:
                FilingFile.objects.filter(pk=self.file_id, filing=None).update(filing=self)
            if kwargs.get("update_fields") is None:  # a draft's save writes a few fields alone
                self._note_current_file()

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        """Take the filing down, with everything kept, so that `restore` brings it back."""
        self.removed_at = timezone.now()
        self.save(update_fields=["removed_at"])
        self.revisions.update(approved_go_live_at=None)
        self.forget_what_waits()
        if self.current_workflow_state:
            self.current_workflow_state.cancel()
        return 1, {self._meta.label: 1}

    def restore(self) -> None:
        """Bring a removed filing back as it was: published, if it was published."""
        self.removed_at = None
        self.save(update_fields=["removed_at"])

    def publish(self, revision: Revision, user=None, **options) -> None:
        """Publish a revision; while its file is being checked, note that it is to be published.

        A revision whose file was refused or is withheld is not published by anyone, nor is one
        of a removed filing: not by a schedule or a workflow either.
        """
        with transaction.atomic():
            Filing.objects.select_for_update().filter(pk=self.pk).first()
            self.forget_what_waits()
            if self.removed_at:
                return
            wanted = revision.as_object()
            # The worker ends its check under the same lock, so neither misses the other.
            files = FilingFile.objects.select_for_update().filter(pk=wanted.file_id)
            file = None if wanted.goes_live_later else files.first()
            if file is None or (file.is_accepted and not file.is_withheld):
                super().publish(revision, user=user, **options)
                return
            PublishRevisionAction(revision, user=user).check(
                skip_permission_checks=options.get("skip_permission_checks", False)
            )
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            if file.is_waiting:
                files.update(publish_revision=revision, publish_by=user)

    def forget_what_waits(self) -> None:
        """Let no file of the filing publish anything when its check ends."""
        self.files.update(publish_revision=None, publish_by=None)

    def with_content_json(self, content) -> "Filing":
        """Return the filing as a revision has it; where it lives, and whether, are not undone."""
        filing = super().with_content_json(content)
        filing.removed_at = self.removed_at
        if self.first_published_at:
            filing.slug, filing.address_year = self.slug, self.address_year
        return filing

    def _fill_in(self) -> None:
        self.title, self.summary = map(_without_controls, (self.title, self.summary))
        self.take_year()
        self.kind_order = Kind.values.index(self.kind) if self.kind in Kind.values else 0
        if self.fiscal_year is None or not self.kind:
            return
        if not self.first_published_at or not self.address_year:
            self.address_year = self.fiscal_year
        # A made address gives way to one that is there already; a chosen one is refused.
        is_made = re.fullmatch(rf"{self._made_slug()}(-\d+)?", self.slug)
        if not self.slug or (is_made and not self.first_published_at):
            self.slug = self._free_slug()

    def _made_slug(self) -> str:
        by_title = self.kind in NAMED_BY_TITLE
        made = (slugify(self.title)[:80] if by_title else "") or str(self.kind)
        return f"{made}-amended" if self.amends_id and not by_title else made

    def _free_slug(self) -> str:
        wanted, taken = self.slug or self._made_slug(), self._taken_slugs()
        slug, number = wanted, 2
        while slug in taken:
            slug, number = f"{self._made_slug()}-{number}", number + 1
        return slug

    def _taken_slugs(self) -> set[str]:
        others = Filing.objects.filter(
            address_year=self.address_year or self.fiscal_year,
            locale=self.locale_id or Locale.get_default().pk,
        )
        return set(others.exclude(pk=self.pk).values_list("slug", flat=True))

    def _note_current_file(self) -> None:
        """Keep, for each file, since when it was current, everyone's to read, and replaced."""
        if not (self.live and self.has_file):
            return
        now = timezone.now()
        others = FilingFile.objects.filter(filing=self).exclude(pk=self.file_id)
        replaced = others.filter(number__isnull=False, superseded_at=None)
        replaced.filter(is_placeholder=True).update(is_withheld=True)  # it never was a document
        replaced.update(superseded_at=now, replaced_because=self.file.reason)
        file = FilingFile.objects.get(pk=self.file_id)
        if file.number is None:
            last = others.aggregate(last=models.Max("number"))["last"] or 0
            file.number = last + 1
        if file.current_since is None or file.superseded_at:
            file.current_since, file.superseded_at = now, None
        if self.visibility == Visibility.PUBLIC and file.public_since is None:
            file.public_since = now
        file.save()
        self.file = file

    # --- what the search finds --------------------------------------------------------------

    def words(self) -> str:
        """Return the words inside the file, as the search finds them."""
        if not self.has_file:
            return ""
        text = FileText.objects.filter(file=self.file_id).values_list("words", flat=True).first()
        return searched_words(text or "")

    # --- how it is previewed ----------------------------------------------------------------

    @property
    def amended_filing(self) -> "Filing | None":
        """The filing that this one amends, where everyone may see it."""
        return self.amends if self.amends and self.amends.is_public else None

    def get_preview_template(self, request, mode_name: str) -> str:
        """Return the template that shows the filing's card as the page will."""
        return "finance/filing_preview.html"
