"""The outline of a body: its headings, and an address for each."""

from dataclasses import dataclass

from django.utils.text import slugify
from wagtail.blocks import StreamValue

RESERVED = {"main", "top", "footer", "search"}


@dataclass(frozen=True)
class OutlineEntry:
    """A heading of the second or third level."""

    text: str
    anchor: str
    level: int


def outline(body: StreamValue) -> list[OutlineEntry]:
    """Give each heading of `body` an anchor of its own, and return those worth listing.

    Equal headings get numbers in the order in which they stand.
    """
    taken, entries = set(RESERVED), []
    for block in body:
        if block.block_type != "heading":
            continue
        wanted = slugify(block.value["text"]) or "section"
        anchor, number = wanted, 2
        while anchor in taken:
            anchor, number = f"{wanted}-{number}", number + 1
        taken.add(anchor)
        block.value.anchor = anchor
        level = int(block.value["level"])
        if level <= 3:
            entries.append(OutlineEntry(block.value["text"], anchor, level))
    return entries
