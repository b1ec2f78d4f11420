"""Which pages anyone may see."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

from pages.fragments import fragment
from pages.generation import fragment_key

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


def restricted_paths() -> frozenset[str]:
    """Return the paths in the tree of pages that are private themselves, as they are remembered."""
    return fragment(
        fragment_key("restricted"),
        lambda: frozenset(PageViewRestriction.objects.values_list("page__path", flat=True)),
    )


def public_among_many(pages: PageQuerySet) -> PageQuerySet:
    """Leave out the same pages from a list of hundreds; most sites have none to leave out."""
    restricted = restricted_paths()
    if not restricted:
        return pages
    aliases = Page.objects.filter(
        Q(alias_of__path__in=restricted) | Q(alias_of__alias_of__path__in=restricted)
    )
    for path in {*restricted, *aliases.values_list("path", flat=True)}:
        pages = pages.exclude(path__startswith=path)
    return pages
