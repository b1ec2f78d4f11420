"""The organization's figures, a row for each fiscal year."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    RevisionMixin,
    TranslatableMixin,
)

from finance.figures import EXPENSES, FIGURES, Difference, cross_foot
from finance.models.filing import Filing
from finance.models.fiscal_year import FiscalYearMixin


class AnnualFiguresQuerySet(models.QuerySet):
    """Questions asked of figures."""

    def public(self) -> "AnnualFiguresQuerySet":
        """Return the published figures, newest year first, with the filings they are from."""
        return self.filter(live=True).select_related("source").order_by("-fiscal_year")


def _figure(name: str) -> models.BigIntegerField:
    return models.BigIntegerField(FIGURES[name], null=True, blank=True)


class AnnualFigures(
    FiscalYearMixin, DraftStateMixin, LockableMixin, RevisionMixin, TranslatableMixin, models.Model
):
    """What the organization took in, spent and owned in a fiscal year, in whole US dollars.

    An empty figure is not known; it is shown as a gap and never as zero.
    """

    contributions = _figure("contributions")
    program_service_revenue = _figure("program_service_revenue")
    investment_income = _figure("investment_income")
    other_revenue = _figure("other_revenue")
    total_revenue = _figure("total_revenue")
    program_expenses = _figure("program_expenses")
    management_expenses = _figure("management_expenses")
    fundraising_expenses = _figure("fundraising_expenses")
    total_expenses = _figure("total_expenses")
    total_assets = _figure("total_assets")
    total_liabilities = _figure("total_liabilities")
    net_assets = _figure("net_assets")

    explanation = models.CharField(
        _("what changed and why"),
        max_length=300,
        blank=True,
        help_text=_("One plain sentence for people who are not accountants."),
    )
    source = models.ForeignKey(
        Filing,
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="figures",
        help_text=_("The filing that the figures are taken from."),
    )
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = AnnualFiguresQuerySet.as_manager()

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("figures of a year")
        verbose_name_plural = _("figures by year")
        ordering = ["-fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "fiscal_year"],
                name="one_row_of_figures_a_year",
                violation_error_message=_("There are figures for this year already."),
            )
        ]

    def __str__(self) -> str:
        name = _("Fiscal year %(year)s, sample") if self.is_sample else _("Fiscal year %(year)s")
        return str(name % {"year": self.fiscal_year})

    @property
    def public_source(self) -> Filing | None:
        """The filing that the figures are from, where everyone may see it."""
        return self.source if self.source and self.source.is_public else None

    @property
    def split_adds_up(self) -> bool:
        """Whether the expenses by purpose are the total expenses, as far as both are known.

        Shares of a dollar that is another's are worse than none.
        """
        parts = [getattr(self, name) for name in EXPENSES]
        if None in parts or self.total_expenses is None:
            return True
        return sum(parts) == self.total_expenses

    def as_mapping(self) -> dict[str, int | None]:
        """Return the figures by name."""
        return {name: getattr(self, name) for name in FIGURES}

    def differences(self) -> list[Difference]:
        """Return where the figures do not add up."""
        return cross_foot(self.as_mapping())

    def clean(self) -> None:
        """Refuse a year that has figures already."""
        super().clean()
        others = AnnualFigures.objects.filter(fiscal_year=self.fiscal_year).exclude(pk=self.pk)
        if others.filter(locale=self.locale_id or Locale.get_default().pk).exists():
            raise ValidationError({"fiscal_year": _("There are figures for this year already.")})
