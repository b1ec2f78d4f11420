"""The site's search."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.models import Site

from pages.metadata import Crumb, build_metadata
from pages.page_links import page_links
from pages.read_only import read_only
from pages.search import MOST_COUNTED, PER_PAGE, clean_query, find, promoted, show, sources


@read_only
def search(request: HttpRequest) -> HttpResponse:
    """Answer a search with one page of what was found, or with a kind word where nothing was.

    A page number that is none shows the first page, one too high the last.
    """
    query = clean_query(request.GET.get("q", ""))
    kinds = {source.name: source.label for source in sources()}
    kind = request.GET.get("type", "")
    kind = kind if kind in kinds else ""
    context = {"query": query, "kind": kind, "counts": [], "results": [], "promoted": []}
    if query:
        found = find(query, kind)
        page = Paginator(found.things, PER_PAGE).get_page(request.GET.get("page"))
        asked = urlencode({"q": query, **({"type": kind} if kind else {})})
        context["page_links"] = page_links(
            page.number, page.paginator.num_pages, lambda number: f"?{asked}&page={number}"
        )
        context["results"] = show(page.object_list, query, request)
        context["total"] = sum(found.counts.values())
        context["counted"] = MOST_COUNTED if context["total"] > MOST_COUNTED else 0
        context["counts"] = [
            (name, kinds[name], n if n <= MOST_COUNTED else f"{MOST_COUNTED}+")
            for name, n in found.counts.items()
            if n
        ]
        if page.number == 1 and not kind:
            context["promoted"] = promoted(query, request)
    title = _("Search: %(query)s") % {"query": query} if query else _("Search")
    site = Site.find_for_request(request)
    crumbs = [Crumb(site.root_page.title, "/")] if site else []
    context["metadata"] = build_metadata(
        request,
        title=title,
        breadcrumbs=[*crumbs, Crumb(_("Search"), request.path)],
        indexed=False,
    )
    return render(request, "pages/search.html", context)
