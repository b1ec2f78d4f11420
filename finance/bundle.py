"""Several stored files as one ZIP, made while it is sent: never whole in memory or on disk."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from threading import BoundedSemaphore

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from zipstream import ZipStream, ZipStreamInfo

from finance.delivery import (
    STORAGE,
    Deliverable,
    answer_conditions,
    blocks_of,
    cache_headers,
    check_stored,
    content_disposition,
    safe_filename,
)

_READABLE = 0o100644 << 16  # a regular file, as Unix notes it in a ZIP


def zip_response(
    request: HttpRequest,
    entries: Iterable[tuple[str, Deliverable]],
    *,
    filename: str,
    public: bool,
) -> HttpResponseBase:
    """Answer a GET or HEAD with the files as one ZIP, under names made safe and different.

    `public` says whether any cache may keep it. Returns 200, 304 or 412, or 503
    while too many are being sent; ranges are passed over.
    Raises StoredFileError where a file is not what was stored, so that no broken ZIP is begun.
    """
    members = [ZipMember(name, deliverable) for name, deliverable in with_different_names(entries)]
    storage = storages[STORAGE]
    stream = StoredFilesZip(storage, members)
    headers = cache_headers(public) | {
        "Content-Type": "application/zip",
        "Content-Disposition": content_disposition(filename, attachment=True),
        "Content-Length": str(len(stream)),
        "ETag": zip_etag(members),
    }
    decided = answer_conditions(request, headers)
    if decided is not None:
        return decided
    for member in members:
        check_stored(storage, member.deliverable)
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    if not _places.acquire(blocking=False):
        return _busy()
    return StreamingHttpResponse(InItsPlace(stream, _places), headers=headers)


# Each ZIP keeps a thread for as long as its reader takes; the others are for everyone else.
_places = BoundedSemaphore(settings.ZIPS_AT_ONCE)


class InItsPlace:
    """The parts of a ZIP, which holds a place until it is sent, or closed, begun or not."""

    def __init__(self, stream: Iterable[bytes], places: BoundedSemaphore) -> None:
        self._parts = stream
        self._leave = ExitStack()
        self._leave.callback(places.release)

    def __iter__(self) -> Iterator[bytes]:
        with self._leave:
            yield from self._parts

    def close(self) -> None:
        """Give the place to the next; a second time does nothing."""
        self._leave.close()


def _busy() -> HttpResponse:
    text = _("Several of these are being made right now. Please try again in a minute.")
    headers = {"Retry-After": "60", "Cache-Control": "no-store"}
    return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8", headers=headers)


@dataclass(frozen=True)
class ZipMember:
    """A file in a ZIP, under its name there."""

    name: str
    deliverable: Deliverable

    @property
    def date_time(self) -> tuple[int, ...]:
        """When it was modified, in the site's time zone, since a ZIP names none."""
        local = timezone.localtime(self.deliverable.modified, timezone.get_default_timezone())
        return tuple(local.timetuple()[:6])


class StoredFilesZip(ZipStream):
    """A ZIP of stored files, uncompressed, the same bytes each time; `len()` is its size.

    zipstream-ng dates what it is given as data with the present moment; here each file has its
    own date, and is opened no sooner than it is sent.
    """

    def __init__(self, storage: Storage, members: Iterable[ZipMember]) -> None:
        super().__init__(sized=True)
        self._storage = storage
        self._members = {}
        for member in members:
            self._members[member.name] = member
            size = member.deliverable.size
            self.add(iter(()), member.name, size=size)

    def _gen_file_entry(self, *, arcname: str, size: int, **_given: object) -> Iterator[bytes]:
        member = self._members[arcname]
        info = ZipStreamInfo(arcname, member.date_time)
        info.external_attr = _READABLE
        info.file_size = size
        info.header_offset = self._pos
        with (
            closing(blocks_of(self._storage, member.deliverable)) as blocks,
            closing(info._file_data(blocks)) as parts,
        ):
            for part in parts:
                yield self._track(part)
        if info.file_size != size:
            # The connection is broken off, so that nobody takes what came for the whole.
            raise RuntimeError(f"{arcname} changed while it was sent")
        self._filelist.append(info)


def zip_etag(members: Iterable[ZipMember]) -> str:
    """Return the strong entity tag of a ZIP, from all that its bytes depend on."""
    parts = [(m.name, m.date_time, m.deliverable.size, m.deliverable.sha256) for m in members]
    described = json.dumps([_zipstream_version(), parts])
    return f'"{hashlib.sha256(described.encode()).hexdigest()}"'


def with_different_names(
    entries: Iterable[tuple[str, Deliverable]],
) -> Iterator[tuple[str, Deliverable]]:
    """Yield the entries under safe names, of which no two differ in capitals alone."""
    taken: set[str] = set()
    for wanted, deliverable in entries:
        name = safe_filename(wanted)
        stem, dot, extension = name.rpartition(".")
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number}).{extension}" if dot else f"{extension} ({number})"
        taken.add(name.casefold())
        yield name, deliverable


@cache
def _zipstream_version() -> str:
    return version("zipstream-ng")
