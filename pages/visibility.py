"""Which pages anyone may see."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet


def public(pages: PageQuerySet) -> PageQuerySet:
    """Leave out the pages that are private, or below a private one, without a query of its own."""
    asked_path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    restricted = PageViewRestriction.objects.annotate(asked_path=asked_path).filter(
        asked_path__startswith=F("page__path")
    )
    return pages.filter(~Exists(restricted))
