"""Every page loads two small fonts first; nothing moves when they arrive."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from cmsc_site.make_core_fonts import CORE, FOLDER, FONTS, characters, main

FACE = re.compile(r"@font-face \{(.*?)\}", re.DOTALL)
FONT_SHEET = Path(settings.BASE_DIR, "static", "css", "fonts.css").read_text()
FIRST_FLIGHT = 14_000  # bytes that a server sends before it waits for an answer, less the headers


def faces(family: str) -> list[dict[str, str]]:
    found = [dict(re.findall(r"([a-z-]+): ([^;]+);", face)) for face in FACE.findall(FONT_SHEET)]
    return [face for face in found if face["font-family"] == family]


@pytest.mark.without_database
@pytest.mark.parametrize("name", [name for name, _weights, _features in FONTS])
def test_a_core_font_comes_in_one_go(name):
    assert (FOLDER / f"{name}-core-wght-normal.woff2").stat().st_size < FIRST_FLIGHT


@pytest.mark.without_database
def test_the_core_fonts_are_what_is_made_of_the_full_ones(tmp_path):
    main(tmp_path)
    for name, _weights, _features in FONTS:
        made, shipped = (
            TTFont(folder / f"{name}-core-wght-normal.woff2") for folder in (tmp_path, FOLDER)
        )
        assert made.getBestCmap() == shipped.getBestCmap()
        assert made.getTableData("glyf") == shipped.getTableData("glyf")


@pytest.mark.without_database
@pytest.mark.parametrize("family", ["Fraunces", "Atkinson"])
def test_the_faces_of_a_family_share_no_letter_and_the_core_has_those_it_was_made_with(family):
    ranges = [characters(face["unicode-range"]) for face in faces(family)]
    assert ranges[0] == characters(CORE)
    assert sum(map(len, ranges)) - len(set().union(*ranges)) == 0
    assert len({face["font-weight"] for face in faces(family)}) == 1


@pytest.mark.without_database
def test_what_stands_in_for_a_font_is_as_wide_and_as_high():
    tokens = Path(settings.BASE_DIR, "static", "css", "tokens.css").read_text()
    for stack in re.findall(r"--(?:serif|sans): ([^;]+);", tokens):
        stand_ins = [name for name in re.findall(r'"([^"]+)"', stack) if " on " in name]
        assert stand_ins
        for name in stand_ins:
            (face,) = faces(f'"{name}"')
            assert {"size-adjust", "ascent-override", "descent-override"} <= face.keys()


@pytest.mark.django_db
def test_a_page_asks_for_the_core_fonts_before_the_stylesheet_names_them(client):
    body = client.get("/about/").content.decode()
    preloaded = re.findall(r'<link rel="preload" href="([^"]+)" as="font"', body)
    assert [Path(path).name for path in preloaded] == [
        f"{name}-core-wght-normal.woff2" for name, _weights, _features in FONTS
    ]
