"""The picture that stands for a page where it is shared."""

import io

import pytest
from PIL import Image

from pages import social_image as module
from pages.social_image import draw, drawable, social_image, social_image_url, title_of


def size_of(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


@pytest.mark.parametrize(
    "title",
    [
        "Home",
        "Čeština, Łódź, Đorđe",
        "東京",
        "",
        "word " * 60,
        "Donaudampfschifffahrtsgesellschaft" * 6,
    ],
)
def test_any_title_makes_a_picture_of_the_right_size(title):
    assert size_of(draw(title)) == (1200, 630)


def test_the_fonts_draw_european_letters_and_say_so_where_they_cannot():
    assert drawable("Łódź, façade, “quotes” – Kraków")
    assert not drawable("東京")


def test_the_address_gives_the_picture_to_anyone_for_a_year(client):
    response = client.get(social_image_url("A sample title"))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert "immutable" in response["Cache-Control"]
    assert size_of(response.content) == (1200, 630)


def test_an_address_that_the_site_did_not_make_is_not_found(client, db):
    token = social_image_url("A title").removeprefix("/social/").removesuffix(".png")
    assert title_of(token) == "A title"
    assert client.get(f"/social/{token[:-2]}xx.png").status_code == 404
    assert client.get("/social/nonsense.png").status_code == 404


def test_a_picture_is_drawn_once_a_title(monkeypatch):
    drawn = []
    monkeypatch.setattr(module, "draw", lambda title: drawn.append(title) or b"png")
    assert social_image("Once") == social_image("Once") == b"png"
    assert drawn == ["Once"]
