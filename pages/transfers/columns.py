"""What a list's columns say of themselves, whatever the list is of."""

import re

from pages.csv_reading import Row


def begins_with_heads(rows: list[Row]) -> bool:
    """Tell whether the first row seems to name the columns: no cell of it is an address."""
    return bool(rows) and not any("@" in cell for cell in rows[0].cells)


def cell_of(row: Row, column: int | None) -> str:
    """Return a cell's text; empty where the row is too short or there is no such column."""
    return "" if column is None or column >= len(row.cells) else row.cells[column]


def plain_head(head: str) -> str:
    """Return a head as heads are compared: small letters, without spaces and the like."""
    return re.sub(r"[\W_]", "", head).casefold()
