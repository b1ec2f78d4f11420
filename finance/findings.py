"""What is told to staff about a refused file: what was found, and how to export it cleanly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UPLOAD_AGAIN = _("Please upload it again; if that does not help, ask for the file anew.")
EXPORT_AGAIN = _(
    "Please open the document in the program that it was made in, and save or export it as a PDF "
    "again."
)
PRINT_ANEW = _(
    "Please open it, print it with “Save as PDF” as the printer, and upload the new file: printing "
    "keeps what is seen and leaves out the rest."
)
PUBLISH_APART = _("Please save it as a PDF without it, and upload what belongs to it by itself.")
REPAIR = _(
    "Please export it as a PDF again, or open it and print it with “Save as PDF” as the printer."
)

ON_PAGE = _("It was first met on page %(detail)s.")
TOLD = _("The check says: %(detail)s.")


@dataclass(frozen=True)
class Finding:
    """What was found, what the examination knows more of it (may be none), and what to do."""

    what: Promise
    remedy: Promise
    more: Promise | None = None


UNREADABLE = Finding(
    _("The file could not be checked: reading it made the checking program fail."), PRINT_ANEW
)
FINDINGS: dict[str, Finding] = {
    "too_large": Finding(
        _("The file is larger than %(most_bytes)s."),
        _("Please export it with smaller pictures, for instance for the web."),
    ),
    "empty": Finding(_("The file is empty."), UPLOAD_AGAIN),
    "html": Finding(
        _("The file is a web page with the name of a PDF."),
        _("Perhaps a sign-in page was saved in its place: please download the document itself."),
    ),
    "not_pdf": Finding(_("The file is not a PDF, whatever it is named."), EXPORT_AGAIN),
    "junk_before": Finding(_("Something stands in the file before the PDF begins."), UPLOAD_AGAIN),
    "junk_after": Finding(
        _("Something was added to the file after the end of the PDF."), PRINT_ANEW
    ),
    "truncated": Finding(_("The end of the file is missing."), UPLOAD_AGAIN),
    "damaged": Finding(_("The file is damaged or was not written properly."), REPAIR, TOLD),
    "loop": Finding(_("A part of the file refers to itself, so that reading never ends."), REPAIR),
    "too_deep": Finding(_("Parts of the file are nested deeper than any document needs."), REPAIR),
    "bomb": Finding(
        _("The file is packed so that it grows beyond all measure when it is opened."), PRINT_ANEW
    ),
    "too_much_work": Finding(
        _("The file takes too much time or memory to check, so it would to read, too."),
        _("Please export it again with simpler or smaller pictures, or in several files."),
    ),
    "unreadable": UNREADABLE,
    "password_to_open": Finding(
        _("The file is encrypted: it asks for a password before it opens."),
        _("Please save it without a password."),
    ),
    "password_to_change": Finding(
        _("The file is encrypted: it opens, but a password guards copying, printing or changing."),
        _("Please save it without security, so that screen readers can read it, too."),
    ),
    "javascript": Finding(_("The file holds a program (JavaScript)."), PRINT_ANEW, ON_PAGE),
    "launch": Finding(
        _("The file can start a program on the reader's computer."), PRINT_ANEW, ON_PAGE
    ),
    "form_submission": Finding(
        _("The file has a form that sends what is typed to somewhere."), PRINT_ANEW, ON_PAGE
    ),
    "data_import": Finding(
        _("The file can fill its form from a file on the reader's computer."), PRINT_ANEW, ON_PAGE
    ),
    "other_file": Finding(
        _("The file refers to another file, which readers do not have or should not open."),
        PRINT_ANEW,
        ON_PAGE,
    ),
    "attachment": Finding(_("Another file is attached inside the file."), PUBLISH_APART, ON_PAGE),
    "media": Finding(_("The file holds sound, film or 3D content."), PUBLISH_APART, ON_PAGE),
    "xfa": Finding(
        _("The file is a form of a kind (XFA) that most programs cannot show."), PRINT_ANEW
    ),
    "unsafe_link": Finding(
        _(
            "The file has a link that leads neither to the web nor to an e-mail address nor to a "
            "telephone number."
        ),
        _("Please mend or remove the link in the document, and export it again."),
        _("The link is: %(detail)s"),
    ),
    "no_pages": Finding(_("The file has no pages."), EXPORT_AGAIN),
    "wrong_page_count": Finding(_("The file states another number of pages than it has."), REPAIR),
    "too_many_pages": Finding(
        _("The file has more than %(most_pages)s pages."),
        _("Please split it into several files."),
        _("It has %(detail)s."),
    ),
}


def sentences(findings: Iterable[str], details: Mapping[str, str] | None = None) -> list[str]:
    """Return a text for each finding: what was found, details where known, and what to do.

    Plain text, to be escaped where it is shown; a code without a text counts as "unreadable".
    """
    details = details or {}
    return [tell(FINDINGS.get(code, UNREADABLE), details.get(code, "")) for code in findings]


def tell(finding: Finding, detail: str) -> str:
    """Return one finding in the reader's language."""
    values = {
        "detail": detail,
        "most_bytes": filesizeformat(settings.FILING_MAX_BYTES),
        "most_pages": settings.FILING_MAX_PAGES,
    }
    more = [finding.more] if finding.more and detail else []
    return " ".join(str(part) % values for part in (finding.what, *more, finding.remedy))
