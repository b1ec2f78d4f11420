"""Computes how well the words of a mail stand out from what is behind them (WCAG 2.2, 1.4.3)."""

import re
from collections.abc import Iterator

from lxml import html

COLOR = re.compile(r"(?:^|;)\s*(background-color|color)\s*:\s*(#[0-9a-f]{6})", re.I)
RULE = re.compile(r"([^{}]+)\{([^{}]+)\}")
DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{(.*)\}\s*$", re.S)


def contrasts(mail: str, scheme: str) -> Iterator[tuple[str, float]]:
    """Yield each piece of text of an HTML mail with its contrast, in "light" or in "dark"."""
    tree = html.fromstring(mail)
    rules = _dark_rules(tree.findtext(".//style")) if scheme == "dark" else {}
    for element in tree.body.iter():
        if not isinstance(element.tag, str):
            continue
        words = " ".join([element.text or "", *(child.tail or "" for child in element)]).strip()
        if words:
            color = _nearest(element, "color", rules)
            behind = _nearest(element, "background-color", rules)
            yield words, _contrast(color, behind)


def _dark_rules(sheet: str) -> dict[str, dict[str, str]]:
    rules: dict[str, dict[str, str]] = {}
    for selectors, declarations in RULE.findall(DARK.search(sheet)[1]):
        for selector in selectors.split(","):
            found = rules.setdefault(selector.strip().removeprefix("."), {})
            found.update(dict(COLOR.findall(declarations)))
    return rules


def _nearest(element, name: str, rules: dict[str, dict[str, str]]) -> str:
    """Return the color that the element has or inherits; a rule for dark mode goes first."""
    while element is not None:
        for classname in (element.get("class") or "").split():
            if name in rules.get(classname, {}):
                return rules[classname][name]
        own = dict(COLOR.findall(element.get("style") or ""))
        if name in own:
            return own[name]
        element = element.getparent()
    raise AssertionError(f"a piece of text has no {name}")


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
