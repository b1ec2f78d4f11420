"""Loads the levels and programs of the first content, and the review of changed teachers."""

from django.db.models import Model

from pages.content.loader import Loading
from teachers.models import Program, TrainingLevel


def load_levels(loading: Loading) -> None:
    """Load each level and program of the file that was never loaded before."""
    for kind, model, position in (
        ("training_levels", TrainingLevel, "rank"),
        ("programs", Program, "sort_order"),
    ):
        for number, item in enumerate(loading.content.get(kind, []), start=1):
            loading.once(
                f"{kind}:{item['name']}",
                lambda model=model, item={**item, position: number}: _load(model(**item)),
            )


def _load(item: Model) -> None:
    item.full_clean()
    item.save()
