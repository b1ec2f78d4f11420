"""Which pages anyone may see."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

# An alias is as private as the page it shows, or the page that one shows.
_ALIAS_OF_PRIVATE = Q(alias_of__view_restrictions__isnull=False) | Q(
    alias_of__alias_of__view_restrictions__isnull=False
)


def public(pages: PageQuerySet) -> PageQuerySet:
    """Leave out the pages that are private, or below a private one, without a query of its own."""
    asked_path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    restricted = PageViewRestriction.objects.annotate(asked_path=asked_path).filter(
        asked_path__startswith=F("page__path")
    )
    aliases = (
        Page.objects.order_by()
        .filter(_ALIAS_OF_PRIVATE)
        .annotate(asked_path=asked_path)
        .filter(asked_path__startswith=F("path"))
    )
    return pages.filter(~Exists(restricted), ~Exists(aliases))


def public_to_search(pages: PageQuerySet) -> PageQuerySet:
    """Leave out the same pages in a way that Wagtail's search understands, in one query more."""
    private = Page.objects.filter(Q(view_restrictions__isnull=False) | _ALIAS_OF_PRIVATE)
    for page in private.distinct():
        pages = pages.not_descendant_of(page, inclusive=True)
    return pages
