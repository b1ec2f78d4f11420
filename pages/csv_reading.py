"""Lists as spreadsheets save them: commas, semicolons or tabs, in the encodings in use (RFC 4180).

A list is read twice. `rewrite` makes one encoding and one kind of line end of whatever came, so
that afterwards `rows` can begin at any row of a long file without reading what stands before it.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

MOST_ROWS = 200_000
MOST_COLUMNS = 100
LONGEST_ROW = 64 * 1024  # bytes
AT_ONCE = 256 * 1024  # characters
DELIMITERS = (",", ";", "\t")
LOOKED_AT = 20  # lines, from which the delimiter is told
PART_OF_A_LINE = 4096  # bytes
LIKE_AN_ADDRESS = re.compile(r"[^\s,;@\"]+@[^\s,;@\"]+")
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# How a ZIP archive begins, as which Excel and others save workbooks, and how Excel's older ones do.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class UnreadableListError(ValueError):
    """The file is no list that can be read; the message says why and what to do."""


class Place(NamedTuple):
    """Where in a rewritten list the next row begins, in bytes, and how many rows are before it."""

    offset: int = 0
    rows: int = 0


BEGINNING = Place()


@dataclass(frozen=True)
class Row:
    """A row with something in it; `number` counts all rows from 1, as a spreadsheet does."""

    number: int
    cells: list[str]
    end: Place


@dataclass(frozen=True)
class Survey:
    """How a rewritten list is written, and how many of its rows have something in them."""

    delimiter: str
    rows: int


def rewrite(source: BinaryIO, target: BinaryIO) -> None:
    """Write the list in UTF-8, without a mark at its beginning and each line ended by LF.

    What is neither marked as UTF-16 nor good UTF-8 is taken for Windows-1252, as Excel writes
    where it is not asked for Unicode. Raises UnreadableListError.
    """
    source.seek(0)
    beginning = source.read(4)
    if beginning.startswith(WORKBOOKS):
        raise UnreadableListError(
            _(
                "This is a workbook, not a CSV file. Open it in your spreadsheet program and save "
                "it as “CSV UTF-8”, then choose that file."
            )
        )
    marked = beginning.startswith(UTF_16_MARKS)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "windows-1252"):
        with suppress(UnicodeError):  # then it is the next one, or none
            _rewrite_from(encoding, source, target)
            return
    raise UnreadableListError(
        _("The letters in this file cannot be read. Please save it as “CSV UTF-8”.")
    )


def _rewrite_from(encoding: str, source: BinaryIO, target: BinaryIO) -> None:
    source.seek(0)
    target.seek(0)
    target.truncate()
    has_address = False
    text = io.TextIOWrapper(source, encoding, newline=None)
    try:
        while part := text.read(AT_ONCE):
            if "\0" in part:
                raise UnreadableListError(
                    _("This is not a text file. Please save your list as “CSV UTF-8”.")
                )
            has_address = has_address or "@" in part
            target.write(part.encode())
    finally:
        text.detach()  # the file is not ours to close
    if not has_address:
        raise UnreadableListError(_("There is no email address in this file."))


def survey(file: BinaryIO) -> Survey:
    """Read a rewritten list to its end; raises UnreadableListError where a row cannot be read."""
    delimiter = _delimiter(file)
    count = sum(1 for _row in rows(file, delimiter))
    return Survey(delimiter, count)


def rows(file: BinaryIO, delimiter: str, start: Place = BEGINNING) -> Iterator[Row]:
    """Yield the rows from `start` on, without empty ones; raises UnreadableListError."""
    file.seek(start.offset)
    offset, number = start
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        while line := file.readline(LONGEST_ROW + 1 - taken):
            taken += len(line)
            if taken > LONGEST_ROW:
                raise UnreadableListError(
                    _(
                        "Row %(row)s is longer than a row of a list can be. Perhaps a quotation "
                        "mark is open, or the file is no list."
                    )
                    % {"row": number + 1}
                )
            yield line.decode()

    reader = csv.reader(lines(), delimiter=delimiter, skipinitialspace=True, strict=True)
    while (cells := _next(reader, number + 1)) is not None:
        offset, number, taken = offset + taken, number + 1, 0
        if number > MOST_ROWS:
            raise UnreadableListError(
                _("This file has more than %(most)s rows. Please import it in parts.")
                % {"most": f"{MOST_ROWS:,}"}
            )
        if len(cells) > MOST_COLUMNS:
            raise UnreadableListError(
                _("Row %(row)s has %(columns)s columns; at most %(most)s can be read.")
                % {"row": number, "columns": f"{len(cells):,}", "most": MOST_COLUMNS}
            )
        if any(cell.strip() for cell in cells):
            yield Row(number, cells, Place(offset, number))


def _next(reader: Iterator[list[str]], number: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise UnreadableListError(
            _("Row %(row)s cannot be read: its quotation marks do not come in pairs.")
            % {"row": number}
        ) from error


def _delimiter(file: BinaryIO) -> str:
    """The delimiter with which most of the first rows have a cell that is an address, and columns.

    Names may hold commas and semicolons as often as a row has columns; addresses hold neither.
    """
    file.seek(0)
    beginning = [file.readline(PART_OF_A_LINE).decode(errors="replace") for _ in range(LOOKED_AT)]

    def fitness(delimiter: str) -> tuple[int, int, int]:
        reader = csv.reader(beginning, delimiter=delimiter, skipinitialspace=True)
        found = [cells for cells in reader if cells]
        with_address = sum(any(map(LIKE_AN_ADDRESS.fullmatch, cells)) for cells in found)
        widths = Counter(len(cells) for cells in found if len(cells) > 1)
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return with_address, times, width

    return max(DELIMITERS, key=fitness)
