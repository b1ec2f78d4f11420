"""Lists of teachers that staff bring in from elsewhere, and lists that they took out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.transfers.models import ImportedListRow, ListImport, NotedExport


class TeacherImport(ListImport):
    """A list of teachers that staff uploaded."""

    empty_clears = models.BooleanField(_("empty cells delete what is stored"), default=False)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("the same as before"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)

    class Meta(ListImport.Meta):
        verbose_name = _("import of teachers")
        verbose_name_plural = _("imports of teachers")
        default_permissions = ()


class ImportedTeacherRow(ImportedListRow):
    """A row of a list that was brought in, for as long as its report is kept.

    It names no address: `teacher` tells later rows that the teacher was in the list before. What
    the cells of a refused row held is kept with it, so that it can be mended and sent again, and
    is deleted after a month.
    """

    class Outcome(models.TextChoices):
        """What became of the row."""

        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("The same as before")
        REFUSED = "refused", _("Refused")

    teacher_import = models.ForeignKey(TeacherImport, on_delete=models.CASCADE, related_name="rows")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=600, blank=True)
    cells = models.JSONField(default=list)
    # No key: whether the teacher is still there does not matter to the report.
    teacher_pk = models.BigIntegerField(null=True)

    class Meta(ImportedListRow.Meta):
        verbose_name = _("row of an import of teachers")
        verbose_name_plural = _("rows of an import of teachers")
        indexes = [
            models.Index(fields=["teacher_import", "outcome", "number"], name="teacher_rows"),
            models.Index(fields=["teacher_import", "teacher_pk"], name="teachers_of_an_import"),
        ]


class TeacherExport(NotedExport):
    """Who took a list of teachers out, when, and how many were on it."""

    count = models.PositiveIntegerField(_("teachers"))

    class Meta(NotedExport.Meta):
        verbose_name = _("export of teachers")
        verbose_name_plural = _("exports of teachers")
        default_permissions = ()
