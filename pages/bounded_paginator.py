"""Pages through a list that may be very long, without counting it to its end."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.paginator import WagtailPaginator

MOST_PAGED = 10_000


class BoundedPaginator(WagtailPaginator):
    """Pages through the first 10,000, since counting a million takes too long for a list."""

    bounded_label = gettext_lazy("the first %(things)s")

    @cached_property
    def count(self) -> int:
        """How many there are to page through."""
        return self.object_list.order_by()[:MOST_PAGED].count()

    @property
    def is_bounded(self) -> bool:
        """Whether there may be more than can be paged through."""
        return self.count == MOST_PAGED

    @property
    def items_count_label(self) -> str:
        """How many there are, in words."""
        label = super().items_count_label
        return self.bounded_label % {"things": label} if self.is_bounded else label
