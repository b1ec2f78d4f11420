"""Answers with files: a filing's current file, an earlier one, its picture, a year as ZIP.

A filing that is for the board alone answers to everyone else exactly as one that does not exist.
"""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from finance.board_log import log_download, log_year
from finance.board_members import may_read_board_library
from finance.bundle import zip_response
from finance.delivery import Deliverable, deliver
from finance.models.filing import Filing, FilingQuerySet
from finance.models.filing_file import FilingFile
from finance.remembered_files import PublicFile, give_to_everyone, remember


def readable_filing(request: HttpRequest, year: int, slug: str, **where) -> tuple[Filing, bool]:
    """Return the filing at an address below the page, and whether it is for the board alone.

    Raises Http404 where there is none that whoever asks may read.
    """
    # Asked before the filing is looked for, so that an answer tells nothing by how it is made.
    is_board = may_read_board_library(request)
    filings = Filing.objects.for_the_board() if is_board else Filing.objects.public()
    filing = filings.select_related("file").filter(address_year=year, slug=slug, **where).first()
    if filing is None or not filing.has_file:
        raise Http404
    return filing, not filing.is_public


def answer_filing(
    request: HttpRequest, year: int, slug: str, *, restricted: bool = False, **where
) -> HttpResponseBase:
    """Answer with the current file; one that is for the board alone is logged.

    `restricted` says that the page above is not open to everyone, so no cache may keep its files.
    """
    filing, private = readable_filing(request, year, slug, **where)
    return give(request, filing, filing.file, logged=private, shared=not (private or restricted))


def answer_version(
    request: HttpRequest, year: int, slug: str, number: int, *, restricted: bool = False, **where
) -> HttpResponseBase:
    """Answer with the file that was current under that number; 404 where staff withhold it."""
    filing, private = readable_filing(request, year, slug, **where)
    files = filing.files.filter(number=number, is_withheld=False)
    if not private:  # a file may be older than the day on which its filing became public
        files = files.filter(public_since__isnull=False)
    file = files.first()
    if file is None:
        raise Http404
    return give(request, filing, file, logged=private, shared=not (private or restricted))


def give(
    request: HttpRequest, filing: Filing, file: FilingFile, *, logged: bool, shared: bool = False
) -> HttpResponseBase:
    """Answer with a file: a shared one is for any cache, a logged one for the board."""
    name = filing.download_name
    if file.pk != filing.file_id:
        name = f"{filing}, version {file.number}.pdf"
    if shared:
        return _give_public(request, PublicFile(file.deliverable(name)))
    response = deliver(request, file.deliverable(name), public=False)
    if logged and is_download(request, response):
        whole = response.get("Content-Range", "bytes 0-").startswith("bytes 0-")
        log_download(request.user, filing, file, from_its_beginning=whole)
    return response


def answer_thumbnail(
    request: HttpRequest, year: int, slug: str, digest: str, *, restricted: bool = False, **where
) -> HttpResponseBase:
    """Answer with the picture of the first page of the current file."""
    filing, private = readable_filing(request, year, slug, **where)
    return give_thumbnail(request, filing.file, digest, shared=not (private or restricted))


def give_thumbnail(
    request: HttpRequest, file: FilingFile, digest: str, *, shared: bool = False
) -> HttpResponseBase:
    """Answer with the picture of a file's first page; 404 where the file is another by now."""
    if not file.thumbnail or not file.sha256.startswith(digest):
        raise Http404
    picture = Deliverable(
        storage_name=file.thumbnail.name,
        size=file.thumbnail.size,
        sha256=file.sha256,
        modified=file.checked_at,
        content_type="image/jpeg",
        filename="page-1.jpg",
    )
    if not shared:
        return deliver(request, picture, public=False)
    return _give_public(request, PublicFile(picture, is_lasting=True))


def answer_year(
    request: HttpRequest,
    year: int,
    filings: FilingQuerySet,
    *,
    for_the_board: bool = False,
    restricted: bool = False,
) -> HttpResponseBase:
    """Answer with the files of those filings as one ZIP; 404 where there are none."""
    listed = filings.newest_first().select_related("file")
    entries = [
        (filing.download_name, filing.file.deliverable(filing.download_name))
        for filing in listed
        if filing.has_file
    ]
    if not entries:
        raise Http404
    name = f"board-{year}.zip" if for_the_board else f"financial-reports-{year}.zip"
    public = not (for_the_board or restricted)
    response = zip_response(request, entries, filename=name, public=public)
    if for_the_board and is_download(request, response):
        log_year(request.user, year)
    return response


def _give_public(request: HttpRequest, file: PublicFile) -> HttpResponseBase:
    remember(request, file)
    return give_to_everyone(request, file)


def is_download(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether a file, or a part of one, is given and not merely asked about."""
    return request.method == "GET" and response.status_code in {200, 206, 302}
