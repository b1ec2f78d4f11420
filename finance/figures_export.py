"""The figures by year as files for spreadsheets and programs, with units and sources."""

import csv
import io
from collections.abc import Sequence

from django.http import HttpResponse, JsonResponse

from finance.figures import FIGURES
from finance.models.figures import AnnualFigures
from pages.metadata import absolute

UNIT = "whole US dollars"
# What a spreadsheet would take for a formula at the beginning of a cell (OWASP, CSV injection).
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def figures_csv(years: Sequence[AnnualFigures], address: str) -> HttpResponse:
    """Return the figures as CSV (RFC 4180), a line for each year; an empty cell is not known."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            "fiscal_year",
            "fiscal_year_end",
            *(f"{name}_usd" for name in FIGURES),
            "source_title",
            "source_address",
            "sample",
        ]
    )
    for year in years:
        title, source_address = _source(year, address)
        writer.writerow(
            [
                year.fiscal_year,
                year.fiscal_year_end or "",
                *("" if value is None else value for value in year.as_mapping().values()),
                _plain_cell(title),
                source_address,
                "yes" if year.is_sample else "no",
            ]
        )
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")


def figures_json(years: Sequence[AnnualFigures], address: str) -> HttpResponse:
    """Return the figures as JSON; null is not known."""
    return JsonResponse(
        {
            "currency": "USD",
            "unit": UNIT,
            "note": "A year is named for the calendar year in which the fiscal year ends.",
            "labels": {name: str(label) for name, label in FIGURES.items()},
            "years": [_as_json(year, address) for year in years],
        },
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )


def _as_json(year: AnnualFigures, address: str) -> dict:
    title, source_address = _source(year, address)
    source = {"title": title, "address": source_address} if title else None
    return {
        "fiscal_year": year.fiscal_year,
        "fiscal_year_end": year.fiscal_year_end and year.fiscal_year_end.isoformat(),
        "figures": year.as_mapping(),
        "explanation": year.explanation,
        "source": source,
        "sample": year.is_sample,
    }


def _source(year: AnnualFigures, address: str) -> tuple[str, str]:
    """The title and absolute address of the filing that the figures are from, if it is public."""
    filing = year.public_source
    return (str(filing), absolute(f"{address}{filing.path}")) if filing else ("", "")


def _plain_cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
