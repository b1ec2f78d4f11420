"""Log lines as JSON, with nobody's address in them."""

import json
import re
from logging import LogRecord

from pythonjsonlogger.json import JsonFormatter

# An address in plain, with its first part in quotes (RFC 5322, 3.2.4), or percent-encoded, even
# twice. Each part has an end, so that a hostile text takes no longer than its length.
_ADDRESS = re.compile(
    r"""(?:"(?:[^"\\\n]|\\.){1,64}"|[\w.!#$%&'*+/=?^`{|}~-]{1,64})(?:@|%(?:25)?40)[\w.\[\]:-]{1,255}"""
)
HIDDEN = "(address)"
# Whoever has the token of a link can do what the link is for.
_TOKEN = re.compile(r"""\b((?:newsletter|teachers/own)/[\w-]{1,40}/)[^\s/'"<>?]+""")


def without_addresses(text: str) -> str:
    """Return the text with whatever looks like an e-mail address left out."""
    return _ADDRESS.sub(HIDDEN, text) if _may_name(text) else text


def without_tokens(text: str) -> str:
    """Return the text with the tokens of the newsletter's and the teachers' links left out."""
    return _TOKEN.sub(r"\1(token)", text)


class AddresslessJsonFormatter(JsonFormatter):
    """Writes one JSON object a line; tracebacks and messages of libraries lose addresses too."""

    def format(self, record: LogRecord) -> str:
        """Return the line."""
        line = super().format(record)
        # Within the JSON, an address may be escaped, and leaving out half an escape would break it.
        return json.dumps(_cleaned(json.loads(line))) if _may_tell(line) else line


def _may_name(text: str) -> bool:
    return "@" in text or "%40" in text or "%2540" in text


def _may_tell(line: str) -> bool:
    return _may_name(line) or "newsletter/" in line or "teachers/own/" in line


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return without_tokens(without_addresses(value))
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(one) for name, one in value.items()}
    return value
