"""What editors may put into a page, and what the blocks refuse with a sentence."""

import inspect

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import get_template
from wagtail.blocks import StreamBlockValidationError, StreamValue, StructBlock

from pages.blocks import BodyBlock, HomeBlock
from pages.blocks.links import LinkBlock, MenuItemBlock, validate_address
from pages.blocks.text import TableBlock
from pages.outline import outline
from pages.video import parse_video_address, validate_video_address
from tests.factories import StandardPageFactory

ALL_BLOCKS = [*BodyBlock().child_blocks.values(), *HomeBlock().child_blocks.values()]


@pytest.mark.parametrize("block", ALL_BLOCKS, ids=lambda block: f"{type(block).__name__}")
def test_every_block_has_an_icon_a_description_a_preview_and_a_template(block):
    assert block.meta.icon != "placeholder"
    assert str(block.meta.description)
    assert block.is_previewable
    assert get_template(block.meta.template)


def body(*blocks: tuple[str, dict]) -> StreamValue:
    raw = [{"type": kind, "value": value} for kind, value in blocks]
    return BodyBlock().to_python(raw)


def heading(text: str, level: int) -> tuple[str, dict]:
    return "heading", {"text": text, "level": str(level)}


@pytest.mark.parametrize(
    "levels", [[2], [2, 3, 4], [2, 3, 2, 3], [2, 3, 4, 2], []], ids=lambda levels: str(levels)
)
def test_headings_that_go_down_one_level_at_a_time_are_accepted(levels):
    value = body(*(heading(f"Heading {n}", level) for n, level in enumerate(levels)))
    assert len(BodyBlock().clean(value)) == len(levels)


@pytest.mark.parametrize("levels", [[3], [4], [2, 4], [2, 3, 2, 4]], ids=lambda levels: str(levels))
def test_a_heading_that_skips_a_level_is_refused(levels):
    value = body(*(heading(f"Heading {n}", level) for n, level in enumerate(levels)))
    with pytest.raises(StreamBlockValidationError) as refused:
        BodyBlock().clean(value)
    assert list(refused.value.block_errors) == [len(levels) - 1]


def test_cards_with_a_heading_count_as_a_heading():
    card = {"text": "A", "address": "/a/", "page": None, "summary_text": "", "image": None}
    value = body(("cards", {"heading": "Cards", "cards": [card]}), heading("Below", 3))
    assert len(BodyBlock().clean(value)) == 2


def test_equal_headings_get_addresses_of_their_own():
    value = body(heading("Ask us", 2), heading("Ask us", 2), heading("東京", 3), heading("Top", 2))
    entries = outline(value)
    assert [entry.anchor for entry in entries] == ["ask-us", "ask-us-2", "section", "top-2"]
    assert value[1].value.anchor == "ask-us-2"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "http://example.org",
        "/about/",
        "#part",
        "mailto:a@example.org",
        "tel:+1",
    ],
)
def test_an_address_that_leads_somewhere_is_accepted(address):
    validate_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "example.org",
        "JaVaScRiPt:x",
        "ftp://x.org",
    ],
)
def test_an_address_that_could_harm_or_leads_nowhere_is_refused(address):
    with pytest.raises(ValidationError):
        validate_address(address)


def link(**value) -> dict:
    return LinkBlock().to_python({"text": "", "page": None, "address": "", **value})


@pytest.mark.django_db
class TestLink:
    def test_says_the_pages_title_unless_told_otherwise(self):
        page = StandardPageFactory(title="A title")
        assert link(page=page.pk).label == "A title"
        assert link(page=page.pk, text="Read on").label == "Read on"

    def test_leads_nowhere_while_its_page_is_not_published(self):
        page = StandardPageFactory(live=False)
        assert link(page=page.pk).url == ""

    def test_with_two_targets_is_refused(self):
        page = StandardPageFactory()
        with pytest.raises(ValidationError):
            LinkBlock().clean(link(page=page.pk, address="/x/", text="x"))

    def test_without_a_target_is_refused(self):
        with pytest.raises(ValidationError):
            LinkBlock().clean(link(text="Nowhere"))

    def test_without_a_target_is_accepted_where_it_may_be_left_out(self):
        assert LinkBlock(optional=True).clean(link()).url == ""

    def test_to_an_address_needs_words(self):
        with pytest.raises(ValidationError):
            LinkBlock().clean(link(address="/x/"))


def test_a_menu_entry_may_hold_entries_without_leading_anywhere_itself():
    item = MenuItemBlock().to_python(
        {"text": "More", "items": [{"text": "Search", "address": "/search/"}]}
    )
    assert len(MenuItemBlock().clean(item).children) == 1


VIDEO = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.youtube.com/watch?v={VIDEO}&t=3s",
        f"https://youtu.be/{VIDEO}?si=x",
        f"https://m.youtube.com/shorts/{VIDEO}",
        f"https://www.youtube-nocookie.com/embed/{VIDEO}",
    ],
)
def test_the_addresses_of_a_youtube_video_are_known(address):
    video = parse_video_address(address)
    assert video.host == "YouTube"
    assert video.player_url.startswith(f"https://www.youtube-nocookie.com/embed/{VIDEO}?")


def test_an_unlisted_vimeo_video_keeps_its_secret():
    video = parse_video_address("https://vimeo.com/76979871/abcdef1234")
    assert video.page_url == "https://vimeo.com/76979871/abcdef1234"
    assert "h=abcdef1234" in video.player_url
    assert "dnt=1" in parse_video_address("https://player.vimeo.com/video/76979871").player_url


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=short",
        'https://youtu.be/"><script>ab',
        "https://vimeo.com/about",
        "https://vimeo.com/",
        "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
        "https://[broken",
        "",
    ],
)
def test_any_other_address_is_no_video(address):
    assert parse_video_address(address) is None
    with pytest.raises(ValidationError):
        validate_video_address(address)


def table(headings: list[str], rows: list[list[str]]):
    return TableBlock().to_python(
        {
            "caption": "A table",
            "first_column_is_header": True,
            "table": {
                "columns": [{"type": "text", "heading": heading} for heading in headings],
                "rows": [{"values": row} for row in rows],
                "caption": "",
            },
        }
    )


def test_a_table_with_headings_and_rows_is_accepted():
    assert TableBlock().clean(table(["A", "B"], [["1", "2"]]))["caption"] == "A table"


@pytest.mark.parametrize(("headings", "rows"), [([], []), (["A"], []), (["A", " "], [["1", "2"]])])
def test_a_table_that_cannot_be_read_aloud_is_refused(headings, rows):
    with pytest.raises(ValidationError):
        TableBlock().clean(table(headings, rows))


def test_struct_blocks_say_what_they_are():
    for block in ALL_BLOCKS:
        if isinstance(block, StructBlock):
            assert inspect.getdoc(type(block))
