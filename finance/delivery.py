"""Handing out a stored file over HTTP: from Python, by the web server, or from object storage.

RFC 9110 says how. The conditions and the ranges are judged here, so that an answer is the same
whoever sends the bytes: the web server is handed only what it would answer no other way.
"""

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from finance.byte_ranges import ByteRange, UnsatisfiableRangeError, asked_range, is_plain

STORAGE = "filings"
# What FILE_SERVER says where object storage is to send the files.
BUCKET = "bucket"
# Where deploy/Caddyfile and deploy/nginx.conf find the files; nobody outside can ask for it.
INTERNAL_PREFIX = "/_filings/"
SIGNED_SECONDS = 60
BLOCK_BYTES = 256 * 1024

# A cache may keep the file for as long as it likes but asks each time, since another file may
# have taken its place, or none: even a server that is down must not bring back what was withdrawn.
PUBLIC = "public, max-age=0, must-revalidate, no-transform"
PRIVATE = "private, no-store"

HEADERS = {
    # Chrome shows a PDF inside a page of its own, which this policy governs: older ones need the
    # inline style and the object, and none shows anything under `sandbox`.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # Keeps GZipMiddleware away; cmsc_site.headers takes it off again.
    "Content-Encoding": "identity",
}

# What RFC 8187 lets stand in an extended parameter.
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"
# What file systems allow, with room for a number that tells two alike apart.
_LONGEST_FILENAME_BYTES = 200


class StoredFileError(Exception):
    """A stored file is missing, or is not as long as it was when it was stored."""


@dataclass(frozen=True)
class Deliverable:
    """A stored file, as it is given out.

    `storage_name` is its name in the storage, `size` is in bytes, `sha256` in hexadecimal;
    `modified` counts in whole seconds; `filename` is offered for saving, in any script.
    """

    storage_name: str
    size: int
    sha256: str
    modified: datetime
    content_type: str
    filename: str

    @property
    def etag(self) -> str:
        """The strong entity tag: the same for the same bytes."""
        return f'"{self.sha256}"'

    @property
    def timestamp(self) -> int:
        """When it was modified, in seconds since 1970."""
        return int(self.modified.timestamp())

    @property
    def last_modified(self) -> str:
        """When it was modified, as HTTP writes it."""
        return http_date(self.timestamp)


class FilePart(io.FileIO):
    """The bytes of a file from `start` to the one before `end`, unbuffered.

    A server that can sends them from the file's descriptor, which stands at `start`; for any
    other, reading ends at `end`.
    """

    def __init__(self, path: str, start: int, end: int) -> None:
        super().__init__(path)
        self.end = end
        self.seek(start)

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes, or all that are left."""
        left = max(self.end - self.tell(), 0)
        return super().read(left if size < 0 else min(size, left))


def deliver(
    request: HttpRequest, deliverable: Deliverable, *, public: bool, attachment: bool = False
) -> HttpResponseBase:
    """Answer a GET or HEAD with the file; whether it may be given is decided before.

    `public` says whether any cache may keep it, `attachment` that it is to be saved, not shown.
    Returns 200, 206, 304, 412 or 416, or 302 to a signed address in object storage. Raises
    StoredFileError where the file is not what was stored.
    """
    storage = storages[STORAGE]
    headers = cache_headers(public) | {
        "Content-Type": deliverable.content_type,
        "Content-Disposition": content_disposition(deliverable.filename, attachment=attachment),
    }
    if settings.FILE_SERVER == BUCKET:
        return _redirect(request, storage, deliverable, headers)
    headers |= {
        "Content-Length": str(deliverable.size),
        "ETag": deliverable.etag,
        "Last-Modified": deliverable.last_modified,
    }
    decided = answer_conditions(request, headers, deliverable.timestamp)
    if decided is not None:
        return decided
    headers["Accept-Ranges"] = "bytes"
    try:
        part = _asked_part(request, deliverable)
    except UnsatisfiableRangeError:
        return _not_satisfiable(deliverable.size)
    check_stored(storage, deliverable)
    return _send(request, storage, deliverable, part, headers)


def cache_headers(public: bool) -> dict[str, str]:
    """Return the headers that a file and a 304 for it share."""
    return HEADERS | {"Cache-Control": PUBLIC if public else PRIVATE}


def answer_conditions(
    request: HttpRequest, headers: dict[str, str], timestamp: int | None = None
) -> HttpResponse | None:
    """Return a 304 or 412 where the request's conditions ask for it, else None.

    `headers` are those of the whole answer, with its ETag; `timestamp` is when the file was
    modified, in seconds since 1970, where that tells one file from another.
    """
    response = get_conditional_response(request, headers["ETag"], timestamp)
    if response is not None and response.status_code == 304:
        # A cache writes a 304's headers over those it keeps: the policy, too, and no length of 0.
        for name, value in headers.items():
            if name not in {"Content-Type", "Content-Disposition"}:
                response[name] = value
    return response


def path_in(storage: Storage, name: str) -> str | None:
    """Return the path of a stored file; None where it is not on this machine's disk."""
    try:
        return storage.path(name)
    except NotImplementedError:
        return None


def blocks_of(storage: Storage, deliverable: Deliverable) -> Iterator[bytes]:
    """Yield the bytes of a stored file, never many at once."""
    if hasattr(storage, "read_part"):
        yield from storage.read_part(deliverable.storage_name, 0, deliverable.size, BLOCK_BYTES)
        return
    with storage.open(deliverable.storage_name) as file:
        yield from file.chunks(BLOCK_BYTES)


def check_stored(storage: Storage, deliverable: Deliverable) -> None:
    """Raise StoredFileError unless the storage has the file, in its full length."""
    try:
        size = storage.size(deliverable.storage_name)
    except FileNotFoundError as error:
        raise StoredFileError(f"{deliverable.storage_name} is missing") from error
    if size != deliverable.size:
        raise StoredFileError(
            f"{deliverable.storage_name} has {size} bytes instead of {deliverable.size}"
        )


@lru_cache(maxsize=1024)
def content_disposition(filename: str, *, attachment: bool) -> str:
    """Return the header that names a download (RFC 6266).

    A name beyond ASCII is given twice: for those who read no more, and in full (RFC 8187).
    """
    kind = "attachment" if attachment else "inline"
    name = safe_filename(filename)
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    # Some read a percent sign or a backslash as the beginning of something else.
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", plain)
    if plain == name:
        return f'{kind}; filename="{name}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, _ATTRIBUTE_CHARACTERS)}"


def safe_filename(name: str) -> str:
    """Return the name without what a file system or a reader could take for something else.

    Slashes and the like become hyphens; what is invisible goes; at most 200 bytes of UTF-8
    remain, among them the extension.
    """
    name = unicodedata.normalize("NFC", name)
    name = "".join(c for c in name if c.isspace() or not unicodedata.category(c).startswith("C"))
    name = re.sub(r'[/\\:*?"<>|]', "-", " ".join(name.split())).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 10:
        stem, extension = name, ""
    room = _LONGEST_FILENAME_BYTES - len(extension.encode()) - 1
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{stem}.{extension}" if extension else stem or "file"


def _asked_part(request: HttpRequest, deliverable: Deliverable) -> ByteRange | None:
    # Only GET knows ranges (RFC 9110, section 14.2).
    if request.method != "GET":
        return None
    return asked_range(
        request.headers.get("Range"),
        request.headers.get("If-Range"),
        etag=deliverable.etag,
        last_modified=deliverable.last_modified,
        size=deliverable.size,
    )


def _not_satisfiable(size: int) -> HttpResponse:
    return HttpResponse(
        status=416, headers={"Accept-Ranges": "bytes", "Content-Range": f"bytes */{size}"}
    )


def _send(
    request: HttpRequest,
    storage: Storage,
    deliverable: Deliverable,
    part: ByteRange | None,
    headers: dict[str, str],
) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    status = 200
    if part is not None:
        status = 206
        headers["Content-Length"] = str(part.length)
        headers["Content-Range"] = part.content_range(deliverable.size)
    if settings.FILE_SERVER and _is_for_the_file_server(request, deliverable, part):
        del headers["Content-Length"]
        headers["X-Accel-Redirect"] = INTERNAL_PREFIX + deliverable.storage_name
        return HttpResponse(status=status, headers=headers)
    span = part or ByteRange(0, deliverable.size)
    response = _bytes_of(storage, deliverable, span)
    response.status_code = status
    for name, value in headers.items():
        response[name] = value
    return response


def _bytes_of(storage: Storage, deliverable: Deliverable, span: ByteRange) -> HttpResponseBase:
    path = path_in(storage, deliverable.storage_name)
    if path is None:
        return StreamingHttpResponse(
            storage.read_part(deliverable.storage_name, span.start, span.end, BLOCK_BYTES)
        )
    response = FileResponse(FilePart(path, span.start, span.end))
    response.block_size = BLOCK_BYTES
    return response


def _is_for_the_file_server(
    request: HttpRequest, deliverable: Deliverable, part: ByteRange | None
) -> bool:
    """Tell whether the web server, which sees the same request, does what was decided here.

    It knows the file's date on disk rather than ours, and reads some ranges differently; nginx
    undoes percent-encoding in the name it is told, and Caddy does not.
    """
    asked = request.headers
    if "If-Match" in asked or "If-Unmodified-Since" in asked:
        return False
    if quote(deliverable.storage_name) != deliverable.storage_name:
        return False
    return "Range" not in asked or (part is not None and is_plain(asked["Range"]))


def _redirect(
    request: HttpRequest, storage: Storage, deliverable: Deliverable, headers: dict[str, str]
) -> HttpResponse:
    """Send on to object storage, which judges conditions and ranges by itself.

    The address holds for a minute and for this file alone, so nobody may keep it.
    """
    address = storage.url(
        deliverable.storage_name,
        parameters={
            "ResponseCacheControl": headers["Cache-Control"],
            "ResponseContentDisposition": headers["Content-Disposition"],
            "ResponseContentType": headers["Content-Type"],
        },
        expire=SIGNED_SECONDS,
        http_method=request.method,
    )
    return HttpResponseRedirect(address, headers={"Cache-Control": "private, no-store"})
