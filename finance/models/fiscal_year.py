"""The fiscal year that a filing or a row of figures is about."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from finance import fiscal_years

LONGEST_YEAR = 371  # days: 53 weeks, as section 441(f) of the Internal Revenue Code allows


class FiscalYearMixin(models.Model):
    """A fiscal year by its last day; by its number alone where nobody knows the day."""

    fiscal_year_end = models.DateField(
        _("fiscal year ends on"),
        null=True,
        blank=True,
        validators=fiscal_years.DAY_VALIDATORS,
        help_text=_("The last day of the year that this is about."),
    )
    fiscal_year_start = models.DateField(
        _("fiscal year began on"),
        null=True,
        blank=True,
        validators=fiscal_years.DAY_VALIDATORS,
        help_text=_("Only where the year was not twelve months long."),
    )
    fiscal_year = models.PositiveSmallIntegerField(
        _("listed under the year"),
        blank=True,
        validators=fiscal_years.YEAR_VALIDATORS,
        help_text=_("Taken from the day on which the fiscal year ends, where that is given."),
        db_index=True,
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Save, with the year taken from its last day."""
        self.take_year()
        super().save(*args, **kwargs)

    def full_clean(self, *args, **kwargs) -> None:
        """Take the year from its last day, then check."""
        self.take_year()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a missing year, and one that ends before it begins or is too long."""
        super().clean()
        if self.fiscal_year is None:
            raise ValidationError({"fiscal_year_end": _("Give the last day or at least the year.")})
        if self.fiscal_year_start is None:
            return
        if self.fiscal_year_end is None or self.fiscal_year_start >= self.fiscal_year_end:
            raise ValidationError({"fiscal_year_start": _("It must begin before it ends.")})
        if (self.fiscal_year_end - self.fiscal_year_start).days > LONGEST_YEAR:
            raise ValidationError(
                {"fiscal_year_start": _("A fiscal year has 53 weeks at most. Check the day.")}
            )

    def take_year(self) -> None:
        """Name the year for the calendar year in which it ends."""
        if self.fiscal_year_end:
            self.fiscal_year = self.fiscal_year_end.year

    @property
    def starts_on(self) -> date | None:
        """The first day of the fiscal year; None while its end is not known."""
        if not fiscal_years.is_plausible(self.fiscal_year_end):
            return None
        return self.fiscal_year_start or fiscal_years.usual_start(self.fiscal_year_end)

    @property
    def period(self) -> str:
        """The fiscal year in words; empty while its days are not known."""
        if self.starts_on is None:
            return ""
        return fiscal_years.period_text(self.starts_on, self.fiscal_year_end)
