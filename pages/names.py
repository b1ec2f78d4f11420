"""What follows from a person's name: how it is filed, its initials, a tint, a free address."""

import unicodedata
from collections.abc import Iterable

from anyascii import anyascii
from django.utils.text import slugify

TINTS = ("teal", "clay")


def filed(name: str) -> str:
    """Return a name as it is filed: “Baylis, Lisa”."""
    *first, last = name.split() or [""]
    return f"{last}, {' '.join(first)}" if first else last


def initials(name: str) -> str:
    """Return the first letters of the first and last word of a name, for the monogram."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def tint(name: str) -> str:
    """Return which of the two tints the monogram's circle has; the same on every page."""
    return TINTS[sum(map(ord, name)) % 2]


def slug_wanted(name: str, otherwise: str) -> str:
    """Return the address that a name would have, short enough for a number behind it.

    Letters that are not Latin are written as they are read: “東京” becomes “dongjing”.
    """
    # Pictures are not read aloud in an address; the words for them would be no part of the name.
    words = "".join(sign for sign in name if unicodedata.category(sign) != "So")
    return slugify(anyascii(words))[:110].strip("-") or otherwise


def free_slug(wanted: str, taken: Iterable[str]) -> str:
    """Return the address, with the first free number behind it where it is taken."""
    taken = set(taken)
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


class Monogrammed:
    """Someone with a `name`, whose monogram stands where there is no portrait."""

    @property
    def initials(self) -> str:
        """The first letters of the first and last word of the name."""
        return initials(self.name)

    @property
    def tint(self) -> str:
        """Which of the two tints the monogram's circle has; the same on every page."""
        return tint(self.name)
