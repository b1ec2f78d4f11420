"""The files of a year come as one ZIP that opens everywhere, and cost the server no memory."""

import hashlib
import io
import os
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path

from finance.bundle import zip_response
from finance.delivery import Deliverable, StoredFileError

pytestmark = pytest.mark.without_database

CONTENTS = {"Form 990.pdf": b"%PDF-1.7 form\n" * 5_000, "Übersicht 年.pdf": b"%PDF-1.4 words\n"}
MODIFIED = datetime(2024, 5, 6, 7, 8, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _place_for_all(monkeypatch):
    """Let tests leave their ZIPs unread."""
    monkeypatch.setattr("finance.bundle._places", BoundedSemaphore(100))


def stored(name: str, content: bytes, modified: datetime = MODIFIED) -> Deliverable:
    """Return a file as the site would describe it; it is stored by `store`."""
    sha256 = hashlib.sha256(content).hexdigest()
    return Deliverable(sha256, len(content), sha256, modified, "application/pdf", name)


ENTRIES = [(name, stored(name, content)) for name, content in CONTENTS.items()]


def give(request: HttpRequest, audience: str) -> HttpResponseBase:
    public = audience == "public"
    return zip_response(request, ENTRIES, filename="Jahr 2024 – alles.zip", public=public)


urlpatterns = [path("<str:audience>/2024.zip", give)]


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """Return a function that stores a content; that of the entries is stored already."""
    settings.ROOT_URLCONF = __name__
    backend = "django.core.files.storage.FileSystemStorage"
    filings = {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "filings"}}
    settings.STORAGES = {**settings.STORAGES, "filings": filings}

    def put(content: bytes) -> None:
        name = hashlib.sha256(content).hexdigest()
        storages["filings"].save(name, ContentFile(content))

    for content in CONTENTS.values():
        put(content)
    return put


def zip_of(rf, entries) -> zipfile.ZipFile:
    response = zip_response(rf.get("/"), entries, filename="a.zip", public=True)
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def names_in(rf, store, *wanted: str) -> list[str]:
    store(b"x")
    return zip_of(rf, [(name, stored(name, b"x")) for name in wanted]).namelist()


def file_of(deliverable: Deliverable) -> Path:
    return Path(storages["filings"].path(deliverable.storage_name))


def open_files() -> set[Path]:
    return {Path(os.path.realpath(link)) for link in Path("/proc/self/fd").iterdir()}


def test_the_zip_holds_the_files_byte_for_byte_under_their_names_and_dates(client, settings):
    settings.TIME_ZONE = "America/New_York"
    response = client.get("/public/2024.zip", headers={"accept-encoding": "gzip"})
    sent = response.getvalue()
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Length"] == str(len(sent))
    assert "Content-Encoding" not in response
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == CONTENTS
        for info in archive.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.date_time == (2024, 5, 6, 3, 8, 8)
            assert info.external_attr >> 16 == 0o100644


def test_its_name_is_given_right_in_any_script(client):
    assert client.get("/public/2024.zip")["Content-Disposition"] == (
        'attachment; filename="Jahr 2024 _ alles.zip"; '
        "filename*=UTF-8''Jahr%202024%20%E2%80%93%20alles.zip"
    )


def test_the_same_files_make_the_same_bytes(client):
    first, again = client.get("/public/2024.zip"), client.get("/public/2024.zip")
    assert first["ETag"] == again["ETag"]
    assert first.getvalue() == again.getvalue()


@pytest.mark.parametrize(
    "entries",
    [
        ENTRIES[:1],
        list(reversed(ENTRIES)),
        [("other.pdf", ENTRIES[0][1]), ENTRIES[1]],
        [("Form 990.pdf", stored("", b"another")), ENTRIES[1]],
        [("Form 990.pdf", stored("", b"%PDF-1.7 form\n" * 5_000, MODIFIED.replace(day=7)))],
    ],
)
def test_other_files_names_or_dates_make_another_tag(rf, store, entries):
    store(b"another")
    tags = [
        zip_response(rf.get("/"), given, filename="a.zip", public=True)["ETag"]
        for given in (ENTRIES, entries)
    ]
    assert tags[0] != tags[1]
    assert tags[0].startswith('"')


def test_who_has_it_already_is_told_so_without_a_file_being_looked_at(client):
    etag = client.get("/public/2024.zip")["ETag"]
    for _name, deliverable in ENTRIES:
        file_of(deliverable).unlink()
    for method in (client.get, client.head):
        assert method("/public/2024.zip", headers={"if-none-match": etag}).status_code == 304


def test_head_tells_all_that_get_tells_and_opens_no_file(client):
    same = {"x-request-id": "c0ffee00c0ff4eeebc0ffee0c0ffee00"}
    head = client.head("/public/2024.zip", headers=same)
    assert not {file_of(deliverable) for _name, deliverable in ENTRIES} & open_files()
    assert head.content == b""
    assert dict(head.items()) == dict(client.get("/public/2024.zip", headers=same).items())


def test_a_range_is_passed_over(client):
    response = client.get("/public/2024.zip", headers={"range": "bytes=0-9"})
    assert response.status_code == 200
    assert "Accept-Ranges" not in response
    assert len(response.getvalue()) == int(response["Content-Length"])


def test_nobody_keeps_the_boards(client):
    assert client.get("/board/2024.zip")["Cache-Control"] == "private, no-store"
    assert client.get("/public/2024.zip")["Cache-Control"].startswith("public, max-age=0")


def test_no_name_leads_out_of_the_folder_it_is_opened_in(rf, store):
    wanted = ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\x.pdf", "a/b/c.pdf", "..", ".", "\0"]
    names = names_in(rf, store, *wanted)
    assert len(names) == len(wanted)
    for name in names:
        assert not {"/", "\\", ":", "\0"} & set(name)
        assert name.strip(". ")


def test_two_files_of_one_name_are_both_there_whatever_their_capitals(rf, store):
    names = names_in(
        rf, store, "Report.pdf", "report.PDF", "Report.pdf", "Report (2).pdf", "x", "X"
    )
    assert names == [
        "Report.pdf",
        "report (2).PDF",
        "Report (3).pdf",
        "Report (2) (2).pdf",
        "x",
        "X (2)",
    ]


def test_what_cannot_be_seen_is_left_out_of_a_name(rf, store):
    names = names_in(rf, store, "a\r\nb\tc.pdf", "fdp.\u202excod.pdf", "e\u0301.pdf")
    assert names == ["a b c.pdf", "fdp.xcod.pdf", "é.pdf"]


def test_an_endless_name_fits_a_file_system(rf, store):
    (name,) = names_in(rf, store, "年" * 400 + ".pdf")
    assert name.endswith("年.pdf")
    assert len(name.encode()) <= 200


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"%PDF")])
def test_where_a_file_is_lost_no_broken_zip_is_begun(client, method, damage, caplog):
    damage(file_of(ENTRIES[1][1]))
    client.raise_request_exception = False
    response = getattr(client, method)("/public/2024.zip")
    assert response.status_code == 500
    assert any(record.exc_info[0] is StoredFileError for record in caplog.records)


def test_a_file_that_changes_meanwhile_breaks_the_connection_rather_than_the_zip(client):
    response = client.get("/public/2024.zip")
    file_of(ENTRIES[1][1]).write_bytes(b"short")
    with pytest.raises(RuntimeError, match="changed while it was sent"):
        response.getvalue()


@pytest.mark.django_db  # closing an answer looks after connections
def test_the_file_in_hand_is_closed_when_the_browser_goes_away(client):
    first = file_of(ENTRIES[0][1])
    response = client.get("/public/2024.zip")
    parts = iter(response.streaming_content)
    next(parts)
    next(parts)
    assert first in open_files()
    response.close()
    assert first not in open_files()


def test_a_zip_larger_than_memory_should_hold_takes_hardly_any(rf):
    entries = []
    for number in range(8):
        name, size = f"sparse-{number}", 25 * 1024 * 1024
        deliverable = Deliverable(name, size, f"{number}" * 64, MODIFIED, "application/pdf", name)
        with file_of(deliverable).open("wb") as file:
            file.truncate(size)
        entries.append((f"{name}.pdf", deliverable))
    tracemalloc.start()
    try:
        response = zip_response(rf.get("/"), entries, filename="a.zip", public=True)
        sent = sum(map(len, response.streaming_content))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent == int(response["Content-Length"]) > 200 * 1024 * 1024
    assert peak < 3 * 1024 * 1024


class StorageWithoutPaths(FileSystemStorage):
    """Stands for object storage: it opens files, and says of none where it is."""

    def path(self, name):
        raise NotImplementedError

    def size(self, name):
        return len(CONTENTS_BY_NAME[name])

    def open(self, name, mode="rb"):
        return ContentFile(CONTENTS_BY_NAME[name])


CONTENTS_BY_NAME = {hashlib.sha256(content).hexdigest(): content for content in CONTENTS.values()}


def test_files_in_object_storage_are_put_into_the_zip_from_here(client, settings):
    backend = f"{__name__}.StorageWithoutPaths"
    settings.STORAGES = {**settings.STORAGES, "filings": {"BACKEND": backend}}
    sent = client.get("/public/2024.zip").getvalue()
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == CONTENTS
