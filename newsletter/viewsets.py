"""Subscribers and topics in the Wagtail admin."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.permissions import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from newsletter.export import exports
from newsletter.growth import growth_chart, state_counts
from newsletter.mail_viewset import MailTextViewSet
from newsletter.models import Subscriber, Topic
from newsletter.staff_menu import STAFF_MENU
from newsletter.subscriber_filters import SEARCHED, SubscriberFilter, matching
from pages.bounded_paginator import BoundedPaginator
from pages.staff_menu import menu_items
from pages.transfers.exports import OffersExport

FEW = 500


class NewestFirstPaginator(BoundedPaginator):
    """Pages through the newest 10,000."""

    bounded_label = gettext_lazy("the newest %(things)s")


class SubscriberIndexView(OffersExport, IndexView):
    """The list of subscribers.

    It is a list of its own rather than Wagtail's of snippets, which brings views to edit, copy
    and delete, and choosers that tell what there is: nothing here may change a subscriber but
    what leaves a line in their history.
    """

    model = Subscriber
    exports = exports
    permission_policy = ModelPermissionPolicy(Subscriber)
    any_permission_required = ["view"]
    page_title = gettext_lazy("Subscribers")
    header_icon = "group"
    template_name = "newsletter/staff/subscribers.html"
    results_template_name = "newsletter/staff/subscribers_results.html"
    index_url_name = "newsletter_subscribers"
    index_results_url_name = "newsletter_subscribers_results"
    add_url_name = "newsletter_add"
    filterset_class = SubscriberFilter
    search_fields = SEARCHED  # in the table itself: an index of words would hold addresses twice
    search_backend_name = None
    paginator_class = NewestFirstPaginator
    paginate_by = 50
    default_ordering = ("-created_at", "-pk")

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns; those that can be sorted by have an index."""
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="subscriber"),
            TitleColumn(
                "address",
                label=_("Address"),
                sort_key="key",
                url_name="newsletter_subscriber",
                get_title_id=lambda subscriber: f"subscriber_{subscriber.pk}_title",
            ),
            Column("name", label=_("Name")),
            Column("state", label=_("State"), accessor="get_state_display"),
            Column("language", label=_("Language")),
            Column("source", label=_("Signed up at")),
            DateColumn("created_at", label=_("First signed up"), sort_key="created_at"),
            DateColumn("confirmed_at", label=_("Confirmed"), sort_key="confirmed_at"),
        ]

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Return those who match, looking through all only once where they are few.

        To find the newest of them, the database would go by date from row to row across the disk.
        """
        if not self.is_searching:
            return queryset
        found = matching(queryset, self.search_query)
        few = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
        return queryset.filter(pk__in=few) if len(few) <= FEW else found

    def get_context_data(self, **kwargs) -> dict:
        """Add what stands above the list."""
        context = super().get_context_data(**kwargs)
        if not self.results_only:
            counts = state_counts()
            context["counts"] = [(state.label, counts[state]) for state in Subscriber.State]
            context["chart"] = growth_chart()
        return context


class TopicViewSet(SnippetViewSet):
    """What subscribers can choose to hear of."""

    model = Topic
    icon = "tag"
    menu_label = gettext_lazy("Topics")
    list_display = ["name", "description", "is_offered", "sort_order"]
    ordering = ["sort_order", "name"]
    list_per_page = 50
    copy_view_enabled = False


def keep_chosen_topics(request: HttpRequest, instances) -> HttpResponse | None:
    """Refuse to delete a topic that someone chose: who chose none hears of all of them."""
    topics = [instance.pk for instance in instances if isinstance(instance, Topic)]
    if not topics or not Subscriber.objects.filter(topics__in=topics).exists():
        return None
    messages.error(
        request,
        _(
            "People chose to hear of this topic, and who chose it alone would hear of everything. "
            "Untick “Offered” instead, and nobody else can choose it."
        ),
    )
    return redirect(reverse("wagtailsnippets_newsletter_topic:list"))


class NewsletterViewSetGroup(SnippetViewSetGroup):
    """The "Newsletter" entry of the menu on the left."""

    items = (TopicViewSet, MailTextViewSet)
    menu_icon = "mail"
    menu_label = gettext_lazy("Newsletter")
    menu_name = "newsletter"
    menu_order = 220

    def get_submenu_items(self) -> list[MenuItem]:
        """Return the people first, then what is set up once."""
        people = menu_items(STAFF_MENU, first_order=1)
        settings = super().get_submenu_items()
        for item in settings:
            item.order += len(people)
        return [*people, *settings]
