"""A biography as a teacher types it: paragraphs, lists and a little emphasis, never HTML.

An empty line parts paragraphs. Lines that begin with "- " or "1. " are a list. **Two stars** make
words bold, *one star* makes them italic.
"""

import re
from html.parser import HTMLParser

from django.utils.html import escape

_BULLET = re.compile(r"[-•*][ \t]+(?=\S)")
_NUMBER = re.compile(r"\d{1,3}[.)][ \t]+(?=\S)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"\*(?=[^\s*])([^*\n]*?[^\s*])\*")
_LIST_MARKS = {"ul": _BULLET, "ol": _NUMBER}


def rich_text(typed: str) -> str:
    """Return what was typed as the HTML of a biography; everything in it is escaped."""
    parts: list[str] = []
    for block in re.split(r"\n[ \t]*\n", "\n".join(typed.splitlines()).strip()):
        for tag, lines in _groups(block):
            if tag == "p":
                parts.append(f"<p>{'<br/>'.join(map(_emphasised, lines))}</p>")
            else:
                items = "".join(f"<li>{_emphasised(line)}</li>" for line in lines)
                parts.append(f"<{tag}>{items}</{tag}>")
    return "".join(parts)


def _groups(block: str) -> list[tuple[str, list[str]]]:
    """Return the lines of a block in runs: of a paragraph or of a list."""
    groups: list[tuple[str, list[str]]] = []
    for line in filter(None, map(str.strip, block.splitlines())):
        tag, text = "p", line
        for kind, mark in _LIST_MARKS.items():
            if found := mark.match(line):
                tag, text = kind, line[found.end() :]
        if not groups or groups[-1][0] != tag:
            groups.append((tag, []))
        groups[-1][1].append(text)
    return groups


def _emphasised(line: str) -> str:
    return _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", escape(line)))


def typed_text(html: str) -> str:
    """Return the HTML of a biography as a teacher would type it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n\n".join(filter(None, (block.strip() for block in reader.blocks)))


class _Reader(HTMLParser):
    """Collects blocks of text; what it does not know is passed over, its words are kept."""

    MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = [""]
        self._list, self._number = "", 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in self.MARKS:
            self.blocks[-1] += self.MARKS[tag]
        elif tag == "br":
            self.blocks[-1] += "\n"
        elif tag == "li":
            self._number += 1
            mark = f"{self._number}. " if self._list == "ol" else "- "
            self.blocks[-1] = (self.blocks[-1].rstrip() + "\n" + mark).lstrip("\n")
        elif tag in {"p", "ul", "ol", "div", "h2", "h3", "h4", "blockquote"}:
            self.blocks.append("")
            if tag in {"ul", "ol"}:
                self._list, self._number = tag, 0

    def handle_endtag(self, tag: str) -> None:
        if tag in self.MARKS:
            self.blocks[-1] += self.MARKS[tag]
        elif tag in {"p", "ul", "ol"}:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        self.blocks[-1] += data if data.strip() else " " if data and self.blocks[-1] else ""
