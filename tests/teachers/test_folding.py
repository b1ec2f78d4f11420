"""One spelling of many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teachers.folding import fold, place_key, place_keys

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Łódź ", "lodz"),
        ("Søren O’Brien", "soren obrien"),
        ("GROẞ", "gross"),
        ("Ｌｙｏｎ", "lyon"),
        ("Йошкар-Ола", "иошкар ола"),
        ("القاهرة", "القاهره"),
        ("ガ", "ガ"),
        ("दिल्ली", "दिल्ली"),
        ("ly\u200bon\u200f", "lyon"),
        ("a\0b", "a b"),
    ],
)
def test_a_text_is_folded(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize("typed", ["St. Louis", "Saint Louis", "saint-louis", "ST LOUIS"])
def test_spellings_of_a_town_have_one_key(typed):
    assert place_key(typed) == "saintlouis"


def test_umlauts_have_the_key_that_german_gives_them_too():
    assert place_keys("München") == {"munchen", "muenchen"}


@given(st.text(max_size=60))
def test_whatever_is_typed_becomes_words_one_space_apart(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert "\0" not in folded
