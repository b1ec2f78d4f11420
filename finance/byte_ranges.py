"""Which bytes of a file a request asks for: RFC 9110, section 14, and its If-Range, 13.1.5."""

import re
from dataclasses import dataclass

# One range, and no more: a list of them may be answered with the whole (section 14.2).
_ONE_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)", re.IGNORECASE)
# What every server reads alike: numbers that fit into 64 bits, and no odd capitals.
_PLAIN = re.compile(r"bytes=(?:[0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18})")
_LONGEST_NUMBER = 18


class UnsatisfiableRangeError(Exception):
    """The range is well formed and lies outside of the file: status 416."""


@dataclass(frozen=True)
class ByteRange:
    """The bytes from `start` to the one before `end`, counted from 0."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many bytes there are; never 0."""
        return self.end - self.start

    def content_range(self, size: int) -> str:
        """Return the Content-Range header of a 206 for a file of `size` bytes."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


def asked_range(
    range_header: str | None, if_range: str | None, *, etag: str, last_modified: str, size: int
) -> ByteRange | None:
    """Return the part of a file that a GET with these headers is to be given, or None for all.

    `etag` and `last_modified` are the headers of the file as it is now, `size` is in bytes.
    Raises UnsatisfiableRangeError.
    """
    if range_header is None or not if_range_holds(if_range, etag, last_modified):
        return None
    return parse_range(range_header, size)


def parse_range(header: str, size: int) -> ByteRange | None:
    """Return the range that a Range header names in a file of `size` bytes.

    None where it is to be passed over: another unit, several ranges, or not well formed
    (section 14.2 lets a server choose). Raises UnsatisfiableRangeError where it begins behind the
    end, or asks for the last 0 bytes (section 14.1.2).
    """
    match = _ONE_RANGE.fullmatch(header.strip(" \t"))
    if match is None or match.groups() == ("", ""):
        return None
    first, last = (_number(digits) if digits else None for digits in match.groups())
    if first is None:
        return _suffix(last or 0, size)
    if last is not None and last < first:
        return None
    if first >= size:
        raise UnsatisfiableRangeError
    return ByteRange(first, size if last is None else min(last + 1, size))


def _suffix(length: int, size: int) -> ByteRange | None:
    if length == 0:
        raise UnsatisfiableRangeError
    # The last bytes of nothing are nothing, which a 206 has no way to say.
    return ByteRange(max(size - length, 0), size) if size else None


def _number(digits: str) -> int:
    """Read a number of any length; no file reaches where the longest ones lead."""
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER


def if_range_holds(header: str | None, etag: str, last_modified: str) -> bool:
    """Tell whether a range may be given, since the file is still the one whose rest is asked for.

    Both kinds of validator must match exactly; a weak tag never does (section 13.1.5).
    """
    if header is None:
        return True
    validator = header.strip(" \t")
    return validator == last_modified or (validator == etag and not etag.startswith("W/"))


def is_plain(header: str) -> bool:
    """Tell whether every web server reads a Range header as `parse_range` does."""
    return _PLAIN.fullmatch(header) is not None
