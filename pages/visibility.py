"""Which pages anyone may see."""

from django.db.models import Exists, F, OuterRef
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet


def public(pages: PageQuerySet) -> PageQuerySet:
    """Leave out the pages that are private, or below a private one, without a query of its own."""
    restricted = PageViewRestriction.objects.annotate(asked_path=OuterRef("path")).filter(
        asked_path__startswith=F("page__path")
    )
    return pages.filter(~Exists(restricted))
