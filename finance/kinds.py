"""The kinds of documents that are filed, and what follows from the kind."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a document is, as the IRS, accountants and boards call it; listed in this order."""

    AUDITED_STATEMENTS = "audited-financial-statements", _("Financial statements, audited")
    REVIEWED_STATEMENTS = "reviewed-financial-statements", _("Financial statements, reviewed")
    COMPILED_STATEMENTS = "compiled-financial-statements", _("Financial statements, compiled")
    FORM_990 = "form-990", _("Form 990")
    FORM_990_EZ = "form-990-ez", _("Form 990-EZ")
    FORM_990_N = "form-990-n", _("Form 990-N notice")
    FORM_990_T = "form-990-t", _("Form 990-T")
    ANNUAL_REPORT = "annual-report", _("Annual report")
    FORM_1023 = "form-1023", _("Form 1023 application")
    DETERMINATION_LETTER = "determination-letter", _("IRS determination letter")
    POLICY = "policy", _("Governance policy")
    BOARD_PAPER = "board-paper", _("Board paper")


# The organization's return to the IRS for a year; one of them is due each year.
ANNUAL_RETURNS = frozenset({Kind.FORM_990, Kind.FORM_990_EZ, Kind.FORM_990_N})
TAX_FORMS = ANNUAL_RETURNS | {Kind.FORM_990_T}
STATEMENTS = frozenset(
    {Kind.AUDITED_STATEMENTS, Kind.REVIEWED_STATEMENTS, Kind.COMPILED_STATEMENTS}
)
# These hold for the organization as a whole, whatever year they were written in.
STANDING = frozenset({Kind.FORM_1023, Kind.DETERMINATION_LETTER, Kind.POLICY})
# Several of these may be written in one year, so only a title tells them apart.
NAMED_BY_TITLE = frozenset({Kind.POLICY, Kind.BOARD_PAPER})


class Visibility(TextChoices):
    """Who may see a filing once it is published."""

    PUBLIC = "public", _("Everyone")
    BOARD = "board", _("The board alone")
