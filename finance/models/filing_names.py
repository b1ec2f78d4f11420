"""What a filing is called, and which years it is about."""

from django.utils.translation import gettext

from finance.kinds import STANDING, STATEMENTS, TAX_FORMS


class FilingNames:
    """The words for a filing, from its kind, its title and the days of its fiscal year."""

    @property
    def name(self) -> str:
        """The title, given or made."""
        return str(self)

    @property
    def kind_label(self) -> str:
        """What people call this kind of document."""
        return self.get_kind_display()

    @property
    def tax_year(self) -> int | None:
        """The year that the IRS names the return for; None while the period is not known."""
        return self.starts_on.year if self.starts_on and self.kind in TAX_FORMS else None

    @property
    def period(self) -> str:
        """The fiscal year in words; empty while it is not known, or where it means nothing."""
        return "" if self.is_standing else super().period

    @property
    def is_standing(self) -> bool:
        """Whether it holds for the organization as a whole rather than for a year."""
        return self.kind in STANDING

    def default_title(self) -> str:
        """Return the title of a document that was given none."""
        name = self.kind_label
        if self.amends_id:
            name = gettext("%(kind)s (amended)") % {"kind": name}
        if self.tax_year:
            return gettext("%(name)s for tax year %(year)s") % {"name": name, "year": self.tax_year}
        if self.kind in STATEMENTS and self.fiscal_year_end:
            return gettext("%(name)s, fiscal year %(year)s") % {
                "name": name,
                "year": self.fiscal_year,
            }
        if self.is_standing:
            return name
        return f"{name} {self.fiscal_year or ''}".strip()

    @property
    def file_state_label(self) -> str:
        """How far the file is, for the list that staff see."""
        if self.file is None:
            return gettext("No file")
        return gettext("Placeholder") if self.file.is_placeholder else self.file.get_state_display()
