"""Why a file is not imported: a sentence for each reason, with what was found and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, Promise] = {
    "no_ein": _(
        "The EIN of the organization is not set, so nobody can tell whose return this is. Set it "
        "first, under Settings, Organization, or ask an administrator to do so."
    ),
    "empty": _("The file is empty. Get it again, and upload that."),
    "too_big": _(
        "The file is larger than %(limit)d MB, which no return of one organization is. Upload "
        "the XML of a single return."
    ),
    "too_many_parts": _(
        "The file has far more parts than a return. Upload the XML of a single return, as the "
        "IRS published it or as it was sent."
    ),
    "pdf": _(
        "This is a PDF. Figures are read from the XML of the same return: ask your tax preparer "
        "for it, or take it from the Form 990 series downloads of the IRS."
    ),
    "zip": _("This is a ZIP archive. Unpack it, and upload the XML of a single return."),
    "html": _(
        "This is a web page, not a return. Download the XML itself rather than the page that "
        "shows it."
    ),
    "encoding": _(
        "The text is not encoded as UTF-8, as the IRS asks of returns. Export the XML again, and "
        "upload it without opening it in an editor."
    ),
    "not_xml": _(
        "This is not XML. Upload the XML of the return, as the IRS published it or as it was sent."
    ),
    "doctype": _(
        "The file declares a document type or entities, which a return never does and which can "
        "do harm, so it was not read. Get the XML again from the IRS or your tax preparer."
    ),
    "broken": _(
        "The XML is cut short or damaged, at line %(line)d or before. Get it again, and upload "
        "it unchanged."
    ),
    "too_deep": _(
        "The parts of the file are nested far deeper than in a return. Get the XML again from "
        "the IRS or your tax preparer."
    ),
    "not_efile": _(
        "This XML is not a return: nothing in it is a “Return” in the namespace %(namespace)s. "
        "Upload the XML as the IRS published it or as it was sent."
    ),
    "several": _(
        "The file has more than one return. Upload the XML of each fiscal year as a file of its "
        "own."
    ),
    "incomplete": _(
        "The return does not state %(element)s, which every return does. Get the XML again from "
        "the IRS or your tax preparer."
    ),
    "twice": _(
        "The return states %(element)s more than once, so it is not certain which one counts. "
        "Get the XML again from the IRS or your tax preparer."
    ),
    "form_990pf": _(
        "This is a Form 990-PF, the return of a private foundation. Figures are read from Form "
        "990 and Form 990-EZ only."
    ),
    "form_990t": _(
        "This is a Form 990-T, which states the tax on unrelated business income and not the "
        "year's figures. Upload the Form 990 or 990-EZ of that year."
    ),
    "form_990n": _(
        "This is a Form 990-N, a notice without figures. Enter the figures of that year by hand."
    ),
    "other_form": _(
        "This is a form “%(form)s”. Figures are read from Form 990 and Form 990-EZ only."
    ),
    "old_version": _(
        "This return is of version %(version)s. Figures are read from versions since 2008, when "
        "the form was redesigned; enter the figures of that year by hand."
    ),
    "other_ein": _(
        "This is the return of another organization: “%(name)s”, EIN %(found)s, while yours is "
        "%(ours)s. Upload your own return, or correct the EIN under Settings, Organization."
    ),
    "contributors": _(
        "Schedule B of this return names contributors. Their names and addresses must not become "
        "public (Internal Revenue Code, section 6104(d)(3)(A)), so nothing was read. Ask your "
        "tax preparer for the public inspection copy, in which they are RESTRICTED, or take it "
        "from the Form 990 series downloads of the IRS."
    ),
    "date": _(
        "%(element)s is “%(text)s”, which is not a date like 2022-06-30. Get the XML again from "
        "the IRS or your tax preparer."
    ),
    "period": _(
        "The return is for a year from %(start)s to %(end)s. A fiscal year ends after it begins, "
        "and within 53 weeks. Get the XML again from the IRS or your tax preparer."
    ),
    "tax_year": _(
        "The return is for tax year “%(text)s”, but its fiscal year begins on %(start)s. Get the "
        "XML again from the IRS or your tax preparer."
    ),
    "number": _(
        "%(element)s is “%(text)s”, which is not a whole number of dollars. Get the XML again "
        "from the IRS or your tax preparer."
    ),
    "amount": _(
        "%(element)s is larger than any organization's accounts. Get the XML again from the IRS "
        "or your tax preparer."
    ),
    "no_figures": _(
        "The return states neither its total revenue nor its total expenses. Get the XML again, "
        "or enter the figures of that year by hand."
    ),
}


class RefusedReturn(Exception):  # noqa: N818 (it tells of a refusal, not of a mistake here)
    """A file that is not imported.

    `str` of it is a sentence for staff: what was found and what to do. `code` is a key of
    REFUSALS.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(REFUSALS[code] % facts)
        self.code = code
