"""Loads the filings of the first content; placeholders and sample figures where asked for."""

import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from wagtail.models import (
    GroupApprovalTask,
    Locale,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from finance.filing_check import check_file
from finance.models import AnnualFigures, Filing, FilingFile
from finance.placeholder import placeholder_pdf
from pages.content.loader import Loading

# Round on purpose, so that nobody takes them for real ones.
SAMPLE_FIGURES = {
    "contributions": 300_000,
    "program_service_revenue": 600_000,
    "investment_income": -10_000,
    "other_revenue": 10_000,
    "total_revenue": 900_000,
    "program_expenses": 600_000,
    "management_expenses": 150_000,
    "fundraising_expenses": 50_000,
    "total_expenses": 800_000,
    "total_assets": 700_000,
    "total_liabilities": 200_000,
    "net_assets": 500_000,
}
FINANCE_GROUP = "Finance"
SAMPLE_YEARS = {2001: 80, 2002: 100, 2003: 120}  # year: percent of the figures above


def load_finance(loading: Loading) -> None:
    """Load each filing of the file that was never loaded before, and samples where asked for."""
    loading.once("finance:workflow", _review_in_finance)
    for item in loading.content.get("filings", []):
        key = f"filing:{item['kind']}:{item['fiscal_year']}"
        loading.once(key, lambda item=item: _load_filing(item))
        if settings.SAMPLE_CONTENT:
            loading.once(f"placeholder:{key}", lambda item=item: _add_placeholder(item))
    # Long past, so that they are in the way of no real year.
    for year, percent in SAMPLE_YEARS.items() if loading.sample else ():
        loading.once(f"sample-figures:{year}", lambda y=year, p=percent: _load_sample_year(y, p))


def _review_in_finance() -> None:
    """Offer a review by a second person of the Finance group.

    Not the workflow of pages: its moderators are not among those who may know of board papers.
    """
    group, _made = Group.objects.get_or_create(name=FINANCE_GROUP)
    task = GroupApprovalTask.objects.create(name="Finance approval")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="Finance approval")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowContentType.objects.create(
        content_type=ContentType.objects.get_for_model(Filing), workflow=workflow
    )


def _load_filing(item: dict) -> None:
    filing = Filing(**item)
    filing.full_clean()
    filing.save()
    filing.save_revision().publish()


def _add_placeholder(item: dict) -> None:
    """Give a filing without a file one that says on each page that it is a placeholder."""
    filing = Filing.kept.filter(kind=item["kind"], fiscal_year=item["fiscal_year"]).first()
    if filing is None or filing.file_id:
        return
    pdf = placeholder_pdf(
        str(filing),
        [
            _("This is a placeholder. It is not the document, and no figure is in it."),
            _(
                "To replace it: sign in, open Finance and then Filings in the menu, choose "
                "this filing, upload the real PDF and press “Publish”. The address stays the same."
            ),
        ],
    )
    file = FilingFile.objects.create(
        filing=filing,
        file=ContentFile(pdf, name="placeholder.pdf"),
        original_name="placeholder.pdf",
        size=len(pdf),
        is_placeholder=True,
    )
    check_file.call(file.pk)
    file.refresh_from_db()
    if not file.is_accepted:
        raise ValueError(f"the placeholder was refused: {file.findings}")
    filing.file = file
    filing.save_revision().publish()


def _load_sample_year(year: int, percent: int) -> None:
    figures = AnnualFigures(
        locale=Locale.get_default(),
        fiscal_year_end=datetime.date(year, 12, 31),
        is_sample=True,
        explanation=_("These are sample figures and not the organization's."),
        **{name: value * percent // 100 for name, value in SAMPLE_FIGURES.items()},
    )
    figures.full_clean()
    figures.save()
    figures.save_revision().publish()
