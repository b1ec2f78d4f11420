"""Files below the page of reports, and the board's library, which is for its members alone."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from wagtail.views import serve

from finance.board_log import end_of_last_visit, log_visit
from finance.board_members import PERMISSION
from finance.filing_answers import answer_year, give, give_thumbnail
from finance.listing import choice_from, list_filings
from finance.models import Filing, FilingFile
from finance.remembered_files import give_to_everyone, recall
from pages.read_only import read_only
from pages.search import clean_query
from pages.search_index import best_with


def for_the_board(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let members of the board in, and nobody know more than whether they are one.

    Whoever is not signed in is asked to sign in, whatever the address; whoever is signed in
    without the permission gets a 403. Only after that is anything looked for.
    """

    @read_only
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            response = redirect_to_login(request.get_full_path())
        elif not request.user.has_perm(PERMISSION):
            raise PermissionDenied(
                _("The board's library is open to members of the board who are signed in.")
            )
        else:
            response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return guarded


@csrf_exempt
def public_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with the file at an address below a page, as the page does; at once where known."""
    file = recall(request)
    return serve(request, path) if file is None else give_to_everyone(request, file)


@for_the_board
def board_library(request: HttpRequest) -> HttpResponse:
    """Answer with the filings by year, those marked that came since the last visit."""
    since = end_of_last_visit(request.user)
    query = clean_query(request.GET.get("q", ""))
    choice = choice_from(request.GET)
    filings = list(Filing.objects.for_the_board().newest_first().with_files(for_the_board=True))
    for filing in filings:
        filing.is_new = bool(
            since
            and filing.has_file
            and filing.file.current_since
            and filing.file.current_since > since
        )
    listing = list_filings(filings, choice, _found(query))
    if request.method == "GET":
        log_visit(request.user)
    context = {
        "listing": listing,
        "query": query,
        "since": since,
        "new_count": sum(filing.is_new for filing in filings),
        "address": request.path,
    }
    return render(request, "finance/board_library.html", context)


@for_the_board
def board_filing(request: HttpRequest, year: str, slug: str) -> HttpResponseBase:
    """Answer with a filing's current file, and log it."""
    filing = _filing(year, slug)
    return give(request, filing, filing.file, logged=True)


@for_the_board
def board_version(request: HttpRequest, year: str, slug: str, number: str) -> HttpResponseBase:
    """Answer with an earlier file of a filing, and log it."""
    filing = _filing(year, slug)
    file = FilingFile.objects.filter(filing=filing, number=number, is_withheld=False).first()
    if file is None:
        raise Http404
    return give(request, filing, file, logged=True)


@for_the_board
def board_thumbnail(request: HttpRequest, year: str, slug: str, digest: str) -> HttpResponseBase:
    """Answer with the picture of a filing's first page."""
    return give_thumbnail(request, _filing(year, slug).file, digest)


@for_the_board
def board_year(request: HttpRequest, year: str) -> HttpResponseBase:
    """Answer with all files of a year as one ZIP, and log it."""
    filings = Filing.objects.for_the_board().filter(fiscal_year=int(year))
    return answer_year(request, int(year), filings, for_the_board=True)


def _filing(year: str, slug: str) -> Filing:
    filings = Filing.objects.for_the_board().select_related("file")
    filing = filings.filter(address_year=int(year), slug=slug).first()
    if filing is None or not filing.has_file:
        raise Http404
    return filing


def _found(query: str) -> set[int] | None:
    """The keys of the filings of the board that have the query's words; None without a query."""
    if not query:
        return None
    return set(best_with(query, Filing.search_kind, Filing.objects.for_the_board()))
