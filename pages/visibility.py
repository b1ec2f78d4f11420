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


ROOT = 0  # stands for the root of all pages, which is no page


def restricted_pages() -> frozenset[int]:
    """Return the keys of the pages that are private themselves, remembered until a change.

    Keys and not paths, since paths change in a move, a moment before the site hears of it.
    """
    return fragment(fragment_key("restricted"), _read_restricted)


def _read_restricted() -> frozenset[int]:
    restricted = PageViewRestriction.objects.values_list("page_id", "page__depth")
    return frozenset(key if depth > 1 else ROOT for key, depth in restricted)


def public_among_many(pages: PageQuerySet) -> PageQuerySet:
    """Leave out the same pages from a list of hundreds; most sites have none to leave out."""
    restricted = restricted_pages()
    if not restricted:
        return pages
    if ROOT in restricted:
        return pages.none()
    private = Page.objects.filter(
        Q(pk__in=restricted) | Q(alias_of__in=restricted) | Q(alias_of__alias_of__in=restricted)
    )
    for path in private.values_list("path", flat=True):
        pages = pages.exclude(path__startswith=path)
    return pages
