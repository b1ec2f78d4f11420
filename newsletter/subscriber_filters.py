"""Which subscribers staff chose: the filters of the list, for its page, its files and its acts."""

import django_filters
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from newsletter.models import Subscriber, Topic

SEARCHED = ("key", "address", "name")
# Where people signed up is told by all rows together, so it is looked at every few minutes.
SOURCES_KEY = "newsletter.sources"
SOURCES_SECONDS = 300
MOST_SOURCES = 50


def known_sources() -> list[tuple[str, str]]:
    """Return where people signed up, the most frequent first, as choices."""
    sources = cache.get(SOURCES_KEY)
    if sources is None:
        rows = Subscriber.objects.exclude(source="").order_by().values_list("source")
        counted = rows.annotate(people=Count("pk")).order_by("-people", "source")
        sources = [source for source, _people in counted[:MOST_SOURCES]]
        cache.set(SOURCES_KEY, sources, SOURCES_SECONDS)
    return [(source, source) for source in sources]


class SubscriberFilter(WagtailFilterSet):
    """Narrows the list of subscribers."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=Subscriber.State.choices, widget=forms.RadioSelect
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"),
        choices=settings.WAGTAIL_CONTENT_LANGUAGES,
        widget=forms.RadioSelect,
    )
    topic = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Hears of"), queryset=Topic.objects.all(), method="hears_of"
    )
    source = django_filters.ChoiceFilter(label=gettext_lazy("Signed up at"), choices=known_sources)
    created_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("First signed up"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Subscriber
        fields = ["state", "language", "topic", "source", "created_at"]

    def hears_of(self, subscribers: QuerySet, name: str, topic: Topic) -> QuerySet:
        """Keep those who chose the topic, and those who chose none: they hear of all."""
        chose = Subscriber.topics.through.objects.filter(topic_id=topic.pk).values("subscriber_id")
        chose_any = Subscriber.topics.through.objects.values("subscriber_id")
        return subscribers.filter(Q(pk__in=chose) | ~Q(pk__in=chose_any))


def matching(subscribers: QuerySet, words: str) -> QuerySet:
    """Return those with the words in address or name."""
    query = Q()
    for column in SEARCHED:
        query |= Q(**{f"{column}__icontains": words})
    return subscribers.filter(query)


def chosen_subscribers(request: HttpRequest, values: QueryDict) -> QuerySet:
    """Return the subscribers that filters and search choose, the newest first.

    Where a filter makes no sense it is nobody, rather than everybody.
    """
    filters = SubscriberFilter(values, Subscriber.objects.all(), request=request)
    if not filters.is_valid():
        return Subscriber.objects.none()
    words = values.get("q", "").strip()
    newest_first = filters.qs.order_by("-created_at", "-pk")
    return matching(newest_first, words) if words else newest_first


def how_chosen(request: HttpRequest, values: QueryDict) -> str:
    """Return which filters are set; of a search that there was one, since it may be an address."""
    form = SubscriberFilter(values, request=request).form
    form.is_valid()
    parts = [_filter_words(form, name) for name in form.changed_data if name in form.cleaned_data]
    if values.get("q", "").strip():
        parts.append(_("a search"))
    longest = 300
    return Truncator("; ".join(parts)).chars(longest)


def _filter_words(form, name: str) -> str:
    label, value = form[name].label, form.cleaned_data[name]
    if name == "source":  # words of staff, or of who made the link: nobody knows what is in them
        return str(label)
    if isinstance(value, slice):
        value = " – ".join(f"{day:%Y-%m-%d}" if day else "…" for day in (value.start, value.stop))
    elif name == "state":
        value = Subscriber.State(value).label
    return f"{label}: {value}"
