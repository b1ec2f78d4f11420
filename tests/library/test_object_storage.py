"""With uploads in a bucket the site is as it is with uploads on its disk."""

import hashlib
import io
from contextlib import closing

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from PIL import Image as PillowImage

from finance.delivery import StoredFileError
from finance.filing_check import local_copy
from finance.models import FilingFile
from library.layouts import LAYOUTS
from library.models import UploadedDocument, UploadedImage
from newsletter.models import SubscriberImport
from pages.csv_reading import Place
from pages.transfers.files import read
from tests.bucket import NAME, s3_client, served_bucket, storages_in
from tests.factories import FilingFactory, FilingFileFactory
from tests.finance.conftest import read as read_whole
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def endpoint():
    with served_bucket() as endpoint:
        yield endpoint


@pytest.fixture(autouse=True)
def in_the_bucket(endpoint, settings, monkeypatch, tmp_path):
    """Keep uploads in the bucket, and see that none is written onto the disk."""
    settings.STORAGES = {**settings.STORAGES, **storages_in(endpoint)}
    settings.MEDIA_ROOT = tmp_path / "nothing-here"
    # A field keeps the storage that it found when it was made.
    for model, names, storage in [
        (FilingFile, ("file", "thumbnail"), "filings"),
        (SubscriberImport, ("file",), "imports"),
    ]:
        for name in names:
            monkeypatch.setattr(model._meta.get_field(name), "storage", storages[storage])
    yield
    assert not settings.MEDIA_ROOT.exists()


@pytest.fixture
def keys(endpoint):
    """Return a function that lists what is in the bucket."""
    client = s3_client(endpoint)
    return lambda: [one["Key"] for one in client.list_objects_v2(Bucket=NAME).get("Contents", ())]


def picture(color: str = "teal") -> ContentFile:
    file = io.BytesIO()
    PillowImage.new("RGB", (700, 500), color).save(file, "JPEG")
    return ContentFile(file.getvalue(), name="bench.jpg")


class TestPictures:
    @pytest.fixture
    def image(self, committed) -> UploadedImage:
        with committed():
            return UploadedImage.objects.create(title="Bench", file=picture())

    @pytest.fixture
    def rendition(self, image):
        return image.get_rendition(LAYOUTS["body"].specs[0])

    def test_has_the_address_that_it_has_on_a_disk(self, rendition):
        assert rendition.url.startswith("/media/images/")

    def test_is_given_out_at_that_address_to_be_kept(self, client, rendition):
        response = client.get(rendition.url, headers={"accept-encoding": "gzip, br"})
        assert response.status_code == 200
        assert response["Content-Type"] == "image/avif"
        assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=86400, immutable"
        assert "Content-Encoding" not in response
        assert not response.cookies
        assert "Content-Security-Policy" in response
        with PillowImage.open(io.BytesIO(response.content)) as shown:
            assert shown.size == (rendition.width, rendition.height)

    def test_is_not_sent_again_to_someone_who_has_it(self, client, rendition):
        etag = client.get(rendition.url)["ETag"]
        again = client.get(rendition.url, headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")

    def test_keeps_its_original_to_itself(self, client, image, keys):
        assert f"media/{image.file.name}" in keys()
        assert image.file.name.startswith("original_images/")
        for path in (
            f"/media/{image.file.name}",
            f"/media/images/../{image.file.name}",
            f"/media/images/%2e%2e/{image.file.name}",
            f"/media/images/..%2f{image.file.name}",
            f"/media/images/x/../../{image.file.name}",
            f"/media/images//../{image.file.name}",
        ):
            assert client.get(path).status_code == 404, path

    def test_that_nobody_uploaded_is_not_found(self, client):
        assert client.get("/media/images/none.avif").status_code == 404

    def test_of_the_same_name_does_not_take_the_place_of_the_first(self, image):
        other = UploadedImage.objects.create(title="Other", file=picture("black"))
        assert other.file.name != image.file.name

    def test_is_uploaded_and_seen_in_the_admin(self, keys, committed):
        editor = signed_in(member(is_superuser=True))
        file = picture()
        before = len(keys())
        with committed():
            response = editor.post("/admin/images/add/", {"title": "New", "file": file})
        assert response.status_code == 302
        image = UploadedImage.objects.get(title="New")
        assert len(keys()) > before + 1  # the picture and its renditions
        assert editor.get(f"/admin/images/{image.pk}/").status_code == 200


def test_a_document_is_given_out_byte_for_byte(client, keys):
    words = b"Sample words\n" * 50_000
    document = UploadedDocument.objects.create(
        title="Sample", file=ContentFile(words, name="sample.txt")
    )
    assert f"media/{document.file.name}" in keys()
    response = client.get(document.url)
    assert response.status_code == 200
    assert read_whole(response) == words
    assert client.get(f"/media/{document.file.name}").status_code == 404


class TestFilings:
    @pytest.fixture
    def filing(self):
        return FilingFactory(file=FilingFileFactory(content=b"%PDF-1.7 " + b"0123456789" * 90_000))

    @pytest.fixture
    def address(self, filing):
        return f"/about/financials/{filing.path}"

    def test_is_given_out_byte_for_byte(self, client, filing, address):
        response = client.get(address)
        content = read_whole(response)
        assert response.status_code == 200
        assert hashlib.sha256(content).hexdigest() == filing.file.sha256
        assert response["Content-Length"] == str(len(content))
        assert response["ETag"] == f'"{filing.file.sha256}"'

    def test_is_given_out_in_parts(self, client, address):
        response = client.get(address, headers={"range": "bytes=9-18"})
        assert (response.status_code, read_whole(response)) == (206, b"0123456789")

    def test_is_not_sent_again_to_someone_who_has_it(self, client, filing, address):
        again = client.get(address, headers={"if-none-match": f'"{filing.file.sha256}"'})
        assert again.status_code == 304

    def test_for_the_board_is_given_to_the_board_alone(self, client):
        paper = FilingFactory(board=True)
        address = f"/about/financials/{paper.path}"
        assert client.get(address).status_code == 404
        board = signed_in(member("Board"))
        response = board.get(address)
        assert read_whole(response)
        assert response["Cache-Control"] == "private, no-store"

    def test_that_the_bucket_lost_is_an_error_and_no_broken_download(self, client, filing, address):
        storages["filings"].delete(filing.file.file.name)
        with pytest.raises(StoredFileError):
            client.get(address)

    def test_is_fetched_to_be_checked(self, filing):
        with local_copy(filing.file) as path:
            assert hashlib.sha256(path.read_bytes()).hexdigest() == filing.file.sha256
        assert not path.exists()

    def test_is_sent_by_the_bucket_where_the_settings_say_so(
        self, client, filing, address, settings, endpoint
    ):
        settings.FILE_SERVER = "bucket"
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(f"{endpoint}/{NAME}/filings/")
        assert "Signature" in response["Location"]
        assert response["Cache-Control"] == "private, no-store"


class TestLists:
    @pytest.fixture
    def one(self) -> SubscriberImport:
        lines = "".join(f"reader{number}@example.org\n" for number in range(60_000))
        return SubscriberImport.objects.create(
            file=ContentFile(lines.encode(), name="list.csv"), reading={"delimiter": ","}
        )

    def test_is_read_from_any_place_on(self, one):
        rows = read(one)
        first = [next(rows).cells for _ in range(2)]
        assert first == [["reader0@example.org"], ["reader1@example.org"]]
        offset = len("".join(f"reader{number}@example.org\n" for number in range(50_000)))
        later = list(read(one, Place(offset, 50_000)))
        assert later[0].cells == ["reader50000@example.org"]
        assert len(later) == 10_000

    def test_is_not_fetched_whole_for_each_part(self, one, monkeypatch):
        asked = []
        bucket = type(storages["imports"])
        stored = bucket.stored
        monkeypatch.setattr(
            bucket,
            "stored",
            lambda self, name, *part: asked.append(part) or stored(self, name, *part),
        )
        with closing(read(one, Place(1_000_003, 45_000))) as rows:
            next(rows)
        assert asked == [(1_000_003, storages["imports"].size(one.file.name))]


def test_a_backup_goes_into_the_bucket(keys, settings, tmp_path):
    settings.DBBACKUP_TMP_DIR = str(tmp_path)
    default_storage.save("documents/paper.txt", ContentFile(b"words"))
    call_command("mediabackup", verbosity=0)
    assert any(key.startswith("backups/") for key in keys())
