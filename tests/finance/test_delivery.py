"""A file is given out right, and the same whether Python, nginx or a bucket sends it.

The addresses below are this module's own; `site()` serves them from a real gunicorn.
"""

import hashlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path

from finance.delivery import Deliverable, StoredFileError, content_disposition, deliver
from tests.bucket import NAME, s3_client, served_bucket, storages_in

pytestmark = pytest.mark.without_database

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds until a server that does not answer is a failure
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

CONTENT = b"".join(b"%09d\n" % number for number in range(30_000))
SIZE = len(CONTENT)
FILE = Deliverable(
    storage_name="0b/0b5f3c1e-report.pdf",
    size=SIZE,
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    modified=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
    content_type="application/pdf",
    filename="Übersicht 2023.pdf",
)
ETAG = f'"{FILE.sha256}"'
DATE = "Mon, 06 May 2024 07:08:09 GMT"
EARLIER = "Mon, 06 May 2024 07:08:08 GMT"
# The date of the file on disk is another, and is nobody's business.
ON_DISK = datetime(2024, 4, 1, 2, 3, 4, tzinfo=UTC)
DATE_ON_DISK = "Mon, 01 Apr 2024 02:03:04 GMT"
NGINX_ETAG = f'"{int(ON_DISK.timestamp()):x}-{SIZE:x}"'
REQUEST_ID = "c0ffee00c0ff4eeebc0ffee0c0ffee00"
LATER = "Mon, 06 May 2024 07:08:10 GMT"


def give(request: HttpRequest, audience: str) -> HttpResponseBase:
    return deliver(request, FILE, public=audience == "public")


def save(request: HttpRequest) -> HttpResponseBase:
    return deliver(request, FILE, public=True, attachment=True)


urlpatterns = [path("<str:audience>/report.pdf", give), path("save/", save)]


class BucketStorage(Storage):
    """Object storage as far as a browser sees it: no path, and addresses that are signed."""

    def url(self, name, parameters=None, expire=None, http_method=None):
        query = urlencode({**parameters, "expires": expire, "method": http_method})
        return f"https://bucket.example.org/{name}?{query}"


def filings_in(place: Path) -> dict:
    backend = "django.core.files.storage.FileSystemStorage"
    return {"BACKEND": backend, "OPTIONS": {"location": place}}


@pytest.fixture
def stored(settings, tmp_path) -> Path:
    """Keep the file where the site looks for it, and answer at this module's addresses."""
    settings.ROOT_URLCONF = __name__
    settings.FILE_SERVER = ""
    settings.STORAGES = {**settings.STORAGES, "filings": filings_in(tmp_path / "filings")}
    storages["filings"].save(FILE.storage_name, ContentFile(CONTENT))
    return Path(storages["filings"].path(FILE.storage_name))


@pytest.fixture
def in_bucket(settings):
    """Keep the file in object storage."""
    settings.ROOT_URLCONF = __name__
    backend = f"{__name__}.BucketStorage"
    settings.STORAGES = {**settings.STORAGES, "filings": {"BACKEND": backend}}
    settings.FILE_SERVER = "bucket"


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- From Python ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("stored")
class TestFromPython:
    def test_what_was_uploaded_is_given_byte_for_byte(self, client):
        response = client.get("/public/report.pdf", headers={"accept-encoding": "gzip, br"})
        assert response.status_code == 200
        assert body(response) == CONTENT
        assert response["Content-Length"] == str(SIZE)
        assert response["Content-Type"] == "application/pdf"
        assert response["ETag"] == ETAG
        assert response["Last-Modified"] == DATE
        assert response["Accept-Ranges"] == "bytes"
        assert "Content-Encoding" not in response
        assert "Vary" not in response

    def test_a_part_ends_where_it_should_without_a_descriptor(self, client):
        response = client.get("/public/report.pdf", headers={"range": "bytes=100000-199999"})
        assert response.status_code == 206
        assert response["Content-Range"] == f"bytes 100000-199999/{SIZE}"
        assert response["Content-Length"] == "100000"
        assert body(response) == CONTENT[100_000:200_000]

    @pytest.mark.django_db  # closing an answer looks after connections
    def test_a_server_that_sends_from_the_descriptor_finds_it_at_the_beginning(self, rf):
        request = rf.get("/", headers={"range": "bytes=5-9"})
        with closing(deliver(request, FILE, public=True)) as response:
            assert os.read(response.file_to_stream.fileno(), 5) == CONTENT[5:10]

    @pytest.mark.django_db  # closing an answer looks after connections
    def test_the_file_is_closed_when_the_browser_goes_away(self, client, stored):
        response = client.get("/public/report.pdf")
        assert next(iter(response.streaming_content))
        assert stored in open_files()
        response.close()
        assert stored not in open_files()

    def test_any_cache_may_keep_a_public_file_and_asks_each_time(self, client):
        said = client.get("/public/report.pdf")["Cache-Control"]
        assert said == "public, max-age=0, must-revalidate, no-transform"

    def test_nobody_keeps_a_private_file(self, client):
        assert client.get("/board/report.pdf")["Cache-Control"] == "private, no-store"

    def test_the_policy_lets_the_browsers_viewer_work_and_nothing_else(self, client):
        response = client.get("/public/report.pdf")
        policy = response["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; object-src 'self'")
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert "sandbox" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"

    def test_an_unchanged_file_keeps_its_headers_in_the_browsers_cache(self, client):
        first = client.get("/public/report.pdf")
        again = client.get("/public/report.pdf", headers={"if-none-match": ETAG})
        assert again.status_code == 304
        for name in ["Cache-Control", "Content-Security-Policy", "Content-Length", "ETag"]:
            assert again[name] == first[name]
        assert "Content-Encoding" not in again

    def test_a_part_behind_the_end_is_refused_with_the_length(self, client):
        response = client.get("/public/report.pdf", headers={"range": f"bytes={SIZE}-"})
        assert response.status_code == 416
        assert response["Content-Range"] == f"bytes */{SIZE}"
        assert response["Cache-Control"] == "no-store"

    def test_head_tells_all_that_get_tells(self, client):
        same = {"x-request-id": REQUEST_ID}
        got = client.get("/public/report.pdf", headers=same)
        head = client.head("/public/report.pdf", headers=same)
        assert headers_of(head.items()) == headers_of(got.items())
        assert head.content == b""

    def test_head_opens_no_file(self, client, stored):
        client.head("/public/report.pdf")
        assert stored not in open_files()

    def test_a_file_that_is_to_be_saved_says_so(self, client):
        assert client.get("/save/")["Content-Disposition"].startswith("attachment; ")

    @pytest.mark.parametrize("method", ["get", "head"])
    @pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"%PDF")])
    def test_a_lost_or_shortened_file_is_an_error_and_not_a_broken_download(
        self, client, stored, method, damage, caplog
    ):
        damage(stored)
        client.raise_request_exception = False
        response = getattr(client, method)("/public/report.pdf")
        assert response.status_code == 500
        assert "public" not in response["Cache-Control"]
        assert any(record.exc_info[0] is StoredFileError for record in caplog.records)

    def test_microseconds_do_not_keep_a_file_from_being_the_same(self, rf):
        file = replace(FILE, modified=FILE.modified.replace(microsecond=999_999))
        request = rf.get("/", headers={"if-modified-since": DATE})
        assert deliver(request, file, public=True).status_code == 304


def open_files() -> set[Path]:
    """Return the files that this process has open."""
    opened = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            opened.add(descriptor.readlink())
        except FileNotFoundError:
            continue
    return opened


# --- The name under which it is saved ------------------------------------------------------------


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("Form 990.pdf", 'inline; filename="Form 990.pdf"'),
        (
            "Übersicht.pdf",
            "inline; filename=\"Ubersicht.pdf\"; filename*=UTF-8''%C3%9Cbersicht.pdf",
        ),
        ("東京.pdf", "inline; filename=\"__.pdf\"; filename*=UTF-8''%E6%9D%B1%E4%BA%AC.pdf"),
        ("100%.pdf", "inline; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf"),
        ("it's.pdf", 'inline; filename="it\'s.pdf"'),
        ('a"b\\c/d.pdf', 'inline; filename="a-b-c-d.pdf"'),
        ("a\r\nSet-Cookie: x=1.pdf", 'inline; filename="a Set-Cookie- x=1.pdf"'),
        ("fdp.\u202excod.pdf", 'inline; filename="fdp.xcod.pdf"'),
        ("../../etc/passwd", 'inline; filename="-..-etc-passwd"'),
        ("", 'inline; filename="file"'),
    ],
)
def test_a_name_in_any_script_is_given_right(filename, expected):
    assert content_disposition(filename, attachment=False) == expected


def test_an_endless_name_is_cut_and_keeps_its_extension():
    header = content_disposition("年" * 500 + ".pdf", attachment=True)
    assert header.endswith(".pdf")
    assert len(header) < 1000


# --- From object storage -------------------------------------------------------------------------


@pytest.mark.usefixtures("in_bucket")
class TestFromObjectStorage:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_the_browser_is_sent_to_an_address_that_holds_for_a_minute(self, client, method):
        response = client.generic(method, "/public/report.pdf")
        assert response.status_code == 302
        assert response["Cache-Control"] == "private, no-store"
        address = urlsplit(response["Location"])
        query = parse_qs(address.query)
        assert address.netloc == "bucket.example.org"
        assert query["expires"] == ["60"]
        assert query["method"] == [method]
        assert query["ResponseContentType"] == ["application/pdf"]
        assert query["ResponseContentDisposition"] == [
            content_disposition(FILE.filename, attachment=False)
        ]

    def test_what_the_bucket_answers_is_kept_by_nobody_where_it_is_private(self, client):
        query = parse_qs(urlsplit(client.get("/board/report.pdf")["Location"]).query)
        assert query["ResponseCacheControl"] == ["private, no-store"]

    def test_conditions_are_the_buckets_to_judge(self, client):
        response = client.get("/public/report.pdf", headers={"if-none-match": ETAG})
        assert response.status_code == 302


# --- By the web server ---------------------------------------------------------------------------


@pytest.mark.usefixtures("stored")
class TestByTheWebServer:
    @pytest.fixture(autouse=True)
    def file_server(self, settings, stored):
        settings.FILE_SERVER = "nginx"

    def test_it_is_told_which_file_and_sends_nothing_itself(self, client):
        response = client.get("/public/report.pdf")
        assert response["X-Accel-Redirect"] == "/_filings/0b/0b5f3c1e-report.pdf"
        assert body(response) == b""

    def test_a_part_is_logged_as_one(self, client):
        response = client.get("/public/report.pdf", headers={"range": "bytes=1-2"})
        assert response.status_code == 206
        assert response["Content-Range"] == f"bytes 1-2/{SIZE}"
        assert "X-Accel-Redirect" in response

    @pytest.mark.parametrize(
        "headers",
        [
            {"if-match": ETAG},
            {"if-unmodified-since": DATE},
            {"range": "bytes=0-1,3-4"},
            {"range": "bytes=0-" + "9" * 30},
            {"range": "bytes=0-1", "if-range": '"other"'},
        ],
    )
    def test_it_is_not_asked_what_it_would_answer_otherwise(self, client, headers):
        response = client.get("/public/report.pdf", headers=headers)
        assert "X-Accel-Redirect" not in response
        assert CONTENT.startswith(body(response))

    @pytest.mark.django_db  # closing an answer looks after connections
    def test_a_name_that_servers_read_differently_is_sent_from_here(self, rf):
        odd = replace(FILE, storage_name="0b/a b%20ü.pdf")
        storages["filings"].save(odd.storage_name, ContentFile(CONTENT))
        with closing(deliver(rf.get("/"), odd, public=True)) as response:
            assert "X-Accel-Redirect" not in response

    def test_a_lost_file_is_noticed_before_it_is_told(self, client, stored):
        stored.unlink()
        with pytest.raises(StoredFileError):
            client.get("/public/report.pdf")


# Every kind of request, and what it is answered with.
WHOLE, PART, SAME, FAILED, OUTSIDE = 200, 206, 304, 412, 416
TABLE: dict[str, tuple[int, dict[str, str]]] = {
    "plain": (WHOLE, {}),
    "wants gzip": (WHOLE, {"Accept-Encoding": "gzip, br"}),
    "first bytes": (PART, {"Range": "bytes=0-1023"}),
    "one byte": (PART, {"Range": "bytes=0-0"}),
    "middle": (PART, {"Range": "bytes=100000-199999"}),
    "to the end": (PART, {"Range": "bytes=299999-"}),
    "everything as a range": (PART, {"Range": "bytes=0-"}),
    "end beyond the end": (PART, {"Range": "bytes=5-99999999"}),
    "overlong end": (PART, {"Range": "bytes=5-" + "9" * 40}),
    "end as long as 64 bits": (PART, {"Range": "bytes=5-999999999999999999"}),
    "suffix": (PART, {"Range": "bytes=-500"}),
    "suffix beyond the beginning": (PART, {"Range": "bytes=-99999999"}),
    "capitals": (PART, {"Range": "BYTES=1-2"}),
    "leading zeros": (PART, {"Range": "bytes=0001-0002"}),
    "begins at the end": (OUTSIDE, {"Range": f"bytes={SIZE}-"}),
    "begins far behind the end": (OUTSIDE, {"Range": "bytes=" + "9" * 40 + "-"}),
    "last no bytes": (OUTSIDE, {"Range": "bytes=-0"}),
    "several ranges": (WHOLE, {"Range": "bytes=0-1,5-6"}),
    "very many ranges": (WHOLE, {"Range": "bytes=" + ",".join(["0-"] * 300)}),
    "backwards": (WHOLE, {"Range": "bytes=5-2"}),
    "malformed": (WHOLE, {"Range": "bytes=a-b"}),
    "no numbers": (WHOLE, {"Range": "bytes=-"}),
    "blanks": (WHOLE, {"Range": "bytes=1 - 2"}),
    "unknown unit": (WHOLE, {"Range": "lines=0-1"}),
    "empty range": (WHOLE, {"Range": ""}),
    "if-range same tag": (PART, {"Range": "bytes=0-9", "If-Range": ETAG}),
    "if-range same date": (PART, {"Range": "bytes=0-9", "If-Range": DATE}),
    "if-range other tag": (WHOLE, {"Range": "bytes=0-9", "If-Range": '"other"'}),
    "if-range weak tag": (WHOLE, {"Range": "bytes=0-9", "If-Range": f"W/{ETAG}"}),
    "if-range earlier": (WHOLE, {"Range": "bytes=0-9", "If-Range": EARLIER}),
    "if-range later": (WHOLE, {"Range": "bytes=0-9", "If-Range": LATER}),
    "if-range nonsense": (WHOLE, {"Range": "bytes=0-9", "If-Range": "nonsense"}),
    "if-range other and outside": (WHOLE, {"Range": f"bytes={SIZE}-", "If-Range": '"other"'}),
    "if-range without a range": (WHOLE, {"If-Range": '"other"'}),
    "same tag": (SAME, {"If-None-Match": ETAG}),
    "same tag, weak": (SAME, {"If-None-Match": f"W/{ETAG}"}),
    "same tag among others": (SAME, {"If-None-Match": f'"a", {ETAG}'}),
    "any tag": (SAME, {"If-None-Match": "*"}),
    "other tag": (WHOLE, {"If-None-Match": '"other"'}),
    "same date": (SAME, {"If-Modified-Since": DATE}),
    "later date": (SAME, {"If-Modified-Since": LATER}),
    "earlier date": (WHOLE, {"If-Modified-Since": EARLIER}),
    "no date": (WHOLE, {"If-Modified-Since": "yesterday"}),
    "other tag, same date": (WHOLE, {"If-None-Match": '"other"', "If-Modified-Since": DATE}),
    "tag made by nginx": (WHOLE, {"If-None-Match": NGINX_ETAG}),
    "date on disk": (WHOLE, {"If-Modified-Since": DATE_ON_DISK}),
    "if-range date on disk": (WHOLE, {"Range": "bytes=0-9", "If-Range": DATE_ON_DISK}),
    "same tag, range": (SAME, {"If-None-Match": ETAG, "Range": "bytes=0-9"}),
    "other tag, range": (PART, {"If-None-Match": '"other"', "Range": "bytes=0-9"}),
    "earlier date, range": (PART, {"If-Modified-Since": EARLIER, "Range": "bytes=0-9"}),
    "must match": (WHOLE, {"If-Match": ETAG}),
    "must match, range": (PART, {"If-Match": ETAG, "Range": "bytes=0-9"}),
    "must match any": (WHOLE, {"If-Match": "*"}),
    "must match another": (FAILED, {"If-Match": '"other"'}),
    "must match, weak": (FAILED, {"If-Match": f"W/{ETAG}"}),
    "unmodified": (WHOLE, {"If-Unmodified-Since": DATE}),
    "unmodified, range": (PART, {"If-Unmodified-Since": LATER, "Range": "bytes=0-9"}),
    "modified": (FAILED, {"If-Unmodified-Since": EARLIER}),
    "modified, outside": (FAILED, {"If-Unmodified-Since": EARLIER, "Range": f"bytes={SIZE}-"}),
}
# What belongs to a connection rather than to the answer.
OF_THE_CONNECTION = {"date", "server", "connection", "keep-alive"}


@pytest.fixture(scope="module")
def bucket():
    """Serve a bucket with the file in it; return its storage's settings."""
    with served_bucket() as endpoint:
        backend = storages_in(endpoint)["filings"]
        key = f"filings/{FILE.storage_name}"
        s3_client(endpoint).put_object(Bucket=NAME, Key=key, Body=CONTENT)
        yield backend


@pytest.mark.usefixtures("stored")
class TestFromABucketThroughTheSite:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @pytest.mark.parametrize("kind", TABLE)
    def test_the_answer_is_the_same_as_from_the_disk(self, client, settings, bucket, kind, method):
        headers = {**TABLE[kind][1], "X-Request-ID": REQUEST_ID}
        from_disk = client.generic(method, "/public/report.pdf", headers=headers)
        expected = body(from_disk)
        settings.STORAGES = {**settings.STORAGES, "filings": bucket}
        from_bucket = client.generic(method, "/public/report.pdf", headers=headers)
        assert from_bucket.status_code == from_disk.status_code
        assert headers_of(from_bucket.items()) == headers_of(from_disk.items())
        assert body(from_bucket) == expected

    def test_nothing_is_asked_of_the_bucket_before_the_first_byte_is_sent(
        self, rf, settings, bucket
    ):
        settings.STORAGES = {**settings.STORAGES, "filings": bucket}
        response = deliver(rf.get("/"), FILE, public=True)
        storages["filings"].delete(FILE.storage_name)
        with pytest.raises(FileNotFoundError):
            body(response)
        storages["filings"].save(FILE.storage_name, ContentFile(CONTENT))


def site():
    """Return the site with this module's addresses as a WSGI application, for gunicorn."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    settings.ROOT_URLCONF = __name__
    settings.FILE_SERVER = os.environ["FILE_SERVER"]
    settings.STORAGES = {**settings.STORAGES, "filings": filings_in(settings.VAR_DIR / "filings")}
    return get_wsgi_application()


@contextmanager
def running(port: int, log: Path, command: list[str], environment: dict[str, str] | None = None):
    """Run a server on a port until the block ends."""
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        end = time.monotonic() + PATIENCE
        while not answers(port):
            assert time.monotonic() < end, log.read_text()
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=0.05)
                pytest.fail(log.read_text())
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def gunicorn(port: int, var: Path, file_server: str):
    """Run the site with this module's addresses, with the deployment's own settings."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cmsc_site.settings",
        "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
        "DATABASE_URL": f"sqlite:///{var}/site.sqlite3",
        "VAR_DIR": str(var),
        "PORT": str(port),
        "DEBUG": "off",
        "WEB_WORKERS": "1",
        "LOG_LEVEL": "ERROR",
        "FILE_SERVER": file_server,
        "PYTHONHASHSEED": "0",  # django-csp writes a policy in the order of a set
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", f"{__name__}:site()"]
    return running(port, var / f"gunicorn-{port}.log", command, environment)


def nginx(port: int, var: Path, site_port: int):
    """Run nginx with the deployment's own file, of which only what it says to set is set."""
    given = (ROOT / "deploy/nginx.conf").read_text()
    for old, new in [
        ("127.0.0.1:8000", f"127.0.0.1:{site_port}"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        ("listen 80;", f"listen unix:{var}/redirect.socket;"),
        ("/srv/var", str(var)),
    ]:
        assert old in given
        given = given.replace(old, new)
    lines = [line for line in given.splitlines() if not line.strip().startswith("ssl_")]
    folders = "".join(
        f"{kind}_temp_path {var}/nginx-{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # One process, which stays who it is and so may read what this test has written.
    settings = f"daemon off; master_process off; pid {var}/nginx.pid; events {{}}\n"
    configuration = var / "nginx.conf"
    configuration.write_text(settings + f"http {{\n{folders}" + "\n".join(lines) + "\n}\n")
    command = [NGINX, "-e", "stderr", "-p", str(var), "-c", str(configuration)]
    return running(port, var / "nginx.log", command)


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Run gunicorn alone, and gunicorn behind nginx; return their ports."""
    if NGINX is None:
        pytest.skip("nginx is missing: apt-get install nginx-light")
    var = tmp_path_factory.mktemp("delivery")
    file = var / "filings" / FILE.storage_name
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    os.utime(file, (ON_DISK.timestamp(), ON_DISK.timestamp()))
    alone, behind, front = free_port(), free_port(), free_port()
    with ExitStack() as stack:
        stack.enter_context(gunicorn(alone, var, ""))
        stack.enter_context(gunicorn(behind, var, "nginx"))
        stack.enter_context(nginx(front, var, behind))
        yield {"python": alone, "behind nginx": behind, "nginx": front}


def ask(port: int, method: str, address: str, headers: dict[str, str]):
    """Return status, headers and body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        sent = {"Host": "localhost", "X-Request-ID": REQUEST_ID, **headers}
        connection.request(method, address, headers=sent)
        response = connection.getresponse()
        return response.status, headers_of(response.getheaders()), response.read()
    finally:
        connection.close()


def headers_of(pairs) -> dict[str, str]:
    return {name.lower(): value for name, value in pairs if name.lower() not in OF_THE_CONNECTION}


@pytest.mark.own_site
@pytest.mark.xdist_group("delivery")
class TestTheSameAnswer:
    @pytest.mark.parametrize("audience", ["public", "board"])
    @pytest.mark.parametrize("kind", TABLE)
    def test_comes_from_python_and_through_nginx(self, servers, kind, audience):
        status, headers = TABLE[kind]
        address = f"/{audience}/report.pdf"
        by_python = ask(servers["python"], "GET", address, headers)
        by_nginx = ask(servers["nginx"], "GET", address, headers)
        assert by_python[0] == status
        assert by_nginx == by_python
        if status == WHOLE:
            assert by_python[2] == CONTENT
        if status == PART:
            assert by_python[2] in CONTENT
            assert by_python[1]["content-length"] == str(len(by_python[2]))

    @pytest.mark.parametrize("kind", TABLE)
    def test_comes_to_head_which_knows_no_ranges(self, servers, kind):
        status, headers = TABLE[kind]
        by_python = ask(servers["python"], "HEAD", "/public/report.pdf", headers)
        by_nginx = ask(servers["nginx"], "HEAD", "/public/report.pdf", headers)
        assert by_python[0] == (status if status in {SAME, FAILED} else WHOLE)
        assert by_nginx == by_python
        assert by_python[2] == b""

    def test_is_sent_by_nginx_itself(self, servers):
        _status, headers, sent = ask(servers["behind nginx"], "GET", "/public/report.pdf", {})
        assert headers["x-accel-redirect"].startswith("/_filings/")
        assert sent == b""
        _status, headers, _sent = ask(servers["nginx"], "GET", "/public/report.pdf", {})
        assert "x-accel-redirect" not in headers

    def test_tells_each_server_what_it_is(self, servers):
        _status, headers, _sent = ask(servers["nginx"], "GET", "/public/report.pdf", {})
        assert headers["permissions-policy"]
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "content-encoding" not in headers

    @pytest.mark.parametrize(
        "address",
        [
            "/_filings/0b/0b5f3c1e-report.pdf",
            "/_filings/",
            "//_filings/0b/0b5f3c1e-report.pdf",
            "/%5ffilings/0b/0b5f3c1e-report.pdf",
            "/static/../_filings/0b/0b5f3c1e-report.pdf",
            "/static/..%2ffilings/0b/0b5f3c1e-report.pdf",
            "/media/images/../../filings/0b/0b5f3c1e-report.pdf",
            "/filings/0b/0b5f3c1e-report.pdf",
        ],
    )
    def test_is_not_had_by_asking_for_the_file_itself(self, servers, address):
        status, _headers, sent = ask(servers["nginx"], "GET", address, {})
        assert status >= 400
        assert CONTENT[:100] not in sent
