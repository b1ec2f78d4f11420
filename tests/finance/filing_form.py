"""What an editor fills in to file a report."""


def filing_values(**fields) -> dict:
    """Return the fields of the form of filings; one that is saved, and not published."""
    return {
        "kind": "form-990",
        "fiscal_year_end": "06/30/2018",
        "fiscal_year": "",
        "visibility": "public",
        "title": "Sample upload",
        "summary": "",
        "issued_on": "",
        "amends": "",
        "fiscal_year_start": "",
        "slug": "",
        "replacement_reason": "",
        "kept_file": "",
        "go_live_at": "",
        "expire_at": "",
        **fields,
    }
