"""Rows as a file for a spreadsheet, CSV or Excel's, made row by row and harmless to open.

What a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection), and
a hundred thousand rows take no more memory than a few.
"""

import csv
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA_SIGNS = frozenset("=+-@")
# Where a spreadsheet parts the lines of a CSV at another sign, a cell may begin here too.
_AFTER_SEPARATOR = re.compile(r"""([;|\t][\s"']*)(?=[=+\-@\u2212\uff0b\uff0d\uff1d\uff20])""")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as Latin-1
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def plain_cell(text: str) -> str:
    """Return the text of a cell, made harmless where it would begin a formula.

    Full-width signs count as what they stand for (Unicode, NFKC), and what is not seen before a
    sign hides nothing. What no file of this kind can hold is left out.
    """
    text = _AFTER_SEPARATOR.sub(r"\1'", ILLEGAL_CHARACTERS_RE.sub("", text))
    if text[:1] in {"\t", "\r", "\n"}:
        return f"'{text}"
    for sign in text:
        if unicodedata.category(sign)[0] not in "ZC":
            begins = unicodedata.normalize("NFKC", sign)[0]
            return f"'{text}" if begins in FORMULA_SIGNS or sign == "\u2212" else text
    return text


class _Line:
    """What `csv` writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_file(rows: Iterable[list[str]], name: str) -> StreamingHttpResponse:
    """Answer with the rows as a CSV in UTF-8 to be saved as `name`.csv; cells are made harmless."""

    def lines() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from map(csv.writer(_Line()).writerow, _harmless(rows))

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def xlsx_file(rows: Iterable[list[str]], name: str, sheet: str) -> FileResponse:
    """Answer with the rows as a workbook of one sheet to be saved as `name`.xlsx."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for row in _harmless(rows):
        page.append(row)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _harmless(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    return ([plain_cell(text) for text in row] for row in rows)
