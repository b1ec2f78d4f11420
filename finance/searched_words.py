"""How much of a document's words the search can hold."""

import re

_WORD = re.compile(r"\w+")
# PostgreSQL refuses a tsvector of more than 1,048,575 bytes (its documentation, 12.11): a word
# costs its bytes and some more once, and each place where it stands two. It may also take a word
# apart in two ways, so half of that is used.
MOST_BYTES = 500_000
BYTES_A_WORD = 12
BYTES_A_PLACE = 2


def searched_words(text: str) -> str:
    """Return as much of the text, from its beginning, as fits into PostgreSQL's search."""
    seen: set[str] = set()
    cost = 0
    for match in _WORD.finditer(text):
        word = match[0]
        cost += BYTES_A_PLACE
        if word not in seen:
            seen.add(word)
            cost += len(word.encode()) + BYTES_A_WORD
        if cost > MOST_BYTES:
            return text[: match.start()]
    return text
