"""Filings and figures as schema.org names them, for search engines."""

from collections.abc import Sequence

from finance.figures import FIGURES
from finance.figures_export import UNIT
from finance.models.figures import AnnualFigures
from finance.models.filing import Filing
from pages.metadata import absolute


def digital_document(filing: Filing, address: str) -> dict | None:
    """Return a filing as a DigitalDocument; None while there is nothing real to read."""
    if not filing.has_file or filing.file.is_placeholder:
        return None
    facts = {
        "@type": "DigitalDocument",
        "@id": absolute(f"{address}{filing.path}"),
        "url": absolute(f"{address}{filing.path}"),
        "name": str(filing),
        "description": filing.summary,
        "genre": filing.kind_label,
        "encodingFormat": "application/pdf",
        "contentSize": f"{filing.file.size} B",
        "sha256": filing.file.sha256,
        "inLanguage": filing.file.language,
        "datePublished": (filing.issued_on or filing.file.current_since).isoformat(),
        "dateModified": filing.file.current_since.isoformat(),
        "temporalCoverage": _period(filing),
        "author": {"@id": absolute("/#organization")},
        "publisher": {"@id": absolute("/#organization")},
    }
    return {name: value for name, value in facts.items() if value}


def dataset(years: Sequence[AnnualFigures], address: str) -> dict:
    """Return the figures, given newest year first, as a Dataset with its two downloads."""
    return {
        "@type": "Dataset",
        "@id": absolute(f"{address}#figures"),
        "name": "Figures by fiscal year",
        "description": "Revenue, expenses, assets, liabilities and net assets by fiscal year, "
        f"in {UNIT}, each with the filing that it is taken from.",
        "temporalCoverage": f"{years[-1].fiscal_year}/{years[0].fiscal_year}",
        "variableMeasured": [str(label) for label in FIGURES.values()],
        "creator": {"@id": absolute("/#organization")},
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": kind,
                "contentUrl": absolute(f"{address}{name}"),
            }
            for name, kind in (("figures.csv", "text/csv"), ("figures.json", "application/json"))
        ],
    }


def _period(filing: Filing) -> str:
    if filing.starts_on is None or filing.is_standing:
        return ""
    return f"{filing.starts_on.isoformat()}/{filing.fiscal_year_end.isoformat()}"
