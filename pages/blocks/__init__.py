"""The building blocks of pages: StreamField blocks by family."""

from pages.blocks.streams import BodyBlock, HomeBlock

__all__ = ["BodyBlock", "HomeBlock"]
