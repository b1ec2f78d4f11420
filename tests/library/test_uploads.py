"""What editors upload: pictures that are pictures, in all sizes; nothing private with them."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as PillowImage

from library.layouts import all_specs
from library.models import UploadedImage
from library.renditions import make_renditions
from tests.factories import DocumentFactory, ImageFactory, UserFactory, picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(UserFactory(admin=True))
    return client


def upload(editor, name: str, content: bytes):
    return editor.post(
        reverse("wagtailimages:add"),
        {
            "title": "Typed title",
            "description": "Typed words",
            "credit": "Typed credit",
            "collection": "1",
            "tags": "",
            "file": SimpleUploadedFile(name, content),
        },
    )


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.jpg", b"<html><script>alert(1)</script></html>"),
        ("empty.png", b""),
        ("cut.jpg", picture_bytes()[:200]),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("bomb.png", bomb()),
        ("wrong.png", picture_bytes(kind="GIF")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_a_usable_picture_is_refused_and_the_form_kept(editor, name, content):
    response = upload(editor, name, content)
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    body = response.content.decode()
    for typed in ("Typed title", "Typed words", "Typed credit"):
        assert typed in body
    assert not UploadedImage.objects.exists()


def test_a_picture_over_the_size_limit_is_refused_with_the_limit(editor, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1000
    response = upload(editor, "large.jpg", picture_bytes())
    assert (
        "1000" in response.context["form"].errors["file"].as_text()
        or "KB" in response.context["form"].errors["file"].as_text()
    )


def test_a_picture_is_accepted_and_made_in_every_size(editor, committed):
    with committed():
        assert upload(editor, "good.jpg", picture_bytes()).status_code == 302
    image = UploadedImage.objects.get()
    assert image.default_alt_text == "Typed words"
    assert set(image.renditions.values_list("filter_spec", flat=True)) == set(all_specs())


def test_the_form_asks_for_words_for_those_who_cannot_see(editor):
    body = editor.get(reverse("wagtailimages:add")).content.decode()
    assert "Alternative text" in body
    assert "for people who cannot see it" in body


def test_a_picture_that_is_gone_makes_no_renditions():
    assert make_renditions.call(987_654) == 0


def test_where_a_picture_was_taken_does_not_reach_visitors(client, committed):
    exif = PillowImage.Exif()
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)}
    exif[0x010F] = "Sample camera"
    with committed():
        image = ImageFactory(file=SimpleUploadedFile("gps.jpg", picture_bytes(exif=exif.tobytes())))
    assert PillowImage.open(image.file).getexif().get_ifd(0x8825)
    for rendition in image.renditions.all():
        assert not PillowImage.open(io.BytesIO(rendition.file.read())).getexif()
    assert client.get(image.file.url).status_code == 404


def test_a_rendition_is_served_to_anyone(client, committed):
    with committed():
        image = ImageFactory()
    rendition = image.renditions.first()
    response = client.get(rendition.url)
    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert b"".join(response.streaming_content) == rendition.file.read()


@pytest.mark.parametrize("path", ["../site.sqlite3", "%2e%2e/site.sqlite3", "nothing.jpg", ""])
def test_nothing_else_is_served_as_a_picture(client, path):
    assert client.get(f"/media/images/{path}").status_code == 404


def test_a_document_is_given_out_byte_for_byte_and_never_from_media(client):
    document = DocumentFactory()
    response = client.get(document.url)
    assert b"".join(response.streaming_content) == b"%PDF-1.4 sample"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(document.file.url).status_code == 404
    assert document.kind == "PDF"


def test_documents_and_pictures_say_what_they_are():
    assert str(ImageFactory(title="A picture")) == "A picture"
