"""The words around what was searched for, with the found words marked."""

import re
import unicodedata

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LENGTH = 220


def snippet(text: str, query: str, *, whole: bool = False) -> SafeString:
    """Return about 220 characters of `text` around the query's first word, found words marked.

    Accents and capitals make no difference. With `whole` nothing is cut off. The result is
    safe to show: what came from people is escaped.
    """
    text = " ".join(text.split())
    words = [re.escape(_plain(word)) for word in re.findall(r"\w+", query)[:20]]
    pattern = re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE) if words else None
    plain = _plain(text)
    matches = list(pattern.finditer(plain)) if pattern else []
    start, stop = (0, len(text)) if whole else _window(text, matches)
    parts, position = ["…" if start else ""], start
    for match in matches:
        if match.start() < position or match.end() > stop:
            continue
        parts.append(escape(text[position : match.start()]))
        parts.append(f"<mark>{escape(text[match.start() : match.end()])}</mark>")
        position = match.end()
    parts.append(escape(text[position:stop]))
    parts.append("…" if stop < len(text) else "")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _window(text: str, matches: list[re.Match]) -> tuple[int, int]:
    """Where the excerpt begins and ends: whole words, the first match near its beginning."""
    first = matches[0].start() if matches else 0
    start = 0
    if first > LENGTH // 3:
        space = text.find(" ", first - LENGTH // 3)
        start = space + 1 if 0 <= space < first else first
    stop = min(start + LENGTH, len(text))
    if stop < len(text):
        space = text.rfind(" ", start, stop)
        stop = space if space > start else stop
    return start, stop


def _plain(text: str) -> str:
    """The text without accents, as long as it was: position for position."""
    return "".join(unicodedata.normalize("NFD", character)[0] for character in text)
