"""The site's search."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.models import Site

from pages.metadata import Crumb, build_metadata
from pages.read_only import read_only
from pages.search import PER_PAGE, clean_query, find, promoted, show, sources


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
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context["found_page"] = page
        context["page_range"] = page.paginator.get_elided_page_range(page.number)
        context["results"] = show(page.object_list, query, request)
        context["total"] = sum(found.counts.values())
        context["counts"] = [(name, kinds[name], n) for name, n in found.counts.items() if n]
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
