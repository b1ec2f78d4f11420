"""Form 990 and Form 990-EZ as filed with the IRS: the e-file XML, read into the year's figures.

The file comes from outside and is not trusted. What is not certainly the public copy of one
return of this organisation is refused, with a sentence that says what was found and what to do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lxml import etree

from finance.figures import FIGURES, Difference, cross_foot
from finance.fiscal_years import is_plausible
from finance.return_lines import FORMS
from finance.return_refusals import RefusedReturn

NAMESPACE = "http://www.irs.gov/efile"

MAX_MEGABYTES = 20
# A tag or an attribute costs some hundred bytes of memory, however few it takes in the file.
MAX_MARKS = 500_000
MAX_DEPTH = 32  # the IRS's own schemas stay below 12
LARGEST_AMOUNT = 10**15
LONGEST_FISCAL_YEAR = timedelta(days=371)  # 53 weeks, as section 441(f) allows
# Form 990 was redesigned for tax year 2008; before, its lines meant other things.
OLDEST_VERSION = 2008

REFUSED_FORMS = {"990PF": "form_990pf", "990T": "form_990t", "990N": "form_990n"}


@dataclass(frozen=True)
class Form990:
    """What a return says of its fiscal year, in whole US dollars.

    `figures` has every name in FIGURES; None where the return states nothing, which is not 0.
    `surplus` is the return's own revenue less expenses. `tax_year` is the IRS's name for the
    year: most often the one in which the fiscal year begins.
    """

    form: str
    return_version: str
    ein: str
    organization: str
    fiscal_year_start: date
    fiscal_year_end: date
    tax_year: int
    amended: bool
    figures: dict[str, int | None]
    surplus: int | None

    @property
    def differences(self) -> list[Difference]:
        """Return where the figures do not add up."""
        return cross_foot(self.figures, surplus=self.surplus)


def read_return(data: bytes, *, ein: str) -> Form990:
    """Return what the e-file XML of a Form 990 or 990-EZ states.

    `ein` is the organisation's own, with or without its hyphen.
    Raises RefusedReturn for anything else than a public copy of one return of that organisation.
    """
    ours = _ein_digits(ein)
    if not ours:
        raise RefusedReturn("no_ein")
    document = _parse(data)
    root = _only_return(document)
    version = _supported_version(root)
    header = _part(root, "ReturnHeader")
    body, form, lines = _form(root, header)
    found, organization = _filer(header)
    if _ein_digits(found) != ours:
        raise RefusedReturn(
            "other_ein", name=organization, found=_hyphened(found), ours=_hyphened(ours)
        )
    if any(_identifying(schedule) for schedule in _schedules_of_contributors(document)):
        raise RefusedReturn("contributors")
    start, end, tax_year = _period(header)
    amounts = {name: _sum_of_lines(body, lines[name]) for name in lines}
    if amounts["total_revenue"] is None and amounts["total_expenses"] is None:
        raise RefusedReturn("no_figures")
    return Form990(
        form=form,
        return_version=version,
        ein=_hyphened(found),
        organization=organization,
        fiscal_year_start=start,
        fiscal_year_end=end,
        tax_year=tax_year,
        amended=_stated(body, "AmendedReturnInd AmendedReturn").lower() in {"x", "1", "true"},
        figures={name: amounts[name] for name in FIGURES},
        surplus=amounts["surplus"],
    )


def _parse(data: bytes) -> etree._Element:
    """Return the root of the document; refuse what could do harm before it is parsed."""
    if len(data) > MAX_MEGABYTES * 1024 * 1024:
        raise RefusedReturn("too_big", limit=MAX_MEGABYTES)
    data = data.removeprefix(b"\xef\xbb\xbf").strip()
    _refuse_other_kinds_of_file(data)
    if data.count(b"<") + data.count(b"=") > MAX_MARKS:
        raise RefusedReturn("too_many_parts")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if len(re.findall(rb"<(?:[\w.-]+:)?Return[\s>]", data)) > 1:
            raise RefusedReturn("several") from error
        raise RefusedReturn("broken", line=error.lineno or 1) from error
    if root.xpath("boolean({})".format("/*" * (MAX_DEPTH + 1))):
        raise RefusedReturn("too_deep")
    return root


def _refuse_other_kinds_of_file(data: bytes) -> None:
    opening = data[:1024].lower()
    if not data:
        raise RefusedReturn("empty")
    if b"%pdf-" in opening:
        raise RefusedReturn("pdf")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise RefusedReturn("zip")
    if not data.startswith((b"<", b"\0", b"\xff\xfe", b"\xfe\xff")):
        raise RefusedReturn("not_xml")
    if not _is_utf8(data):
        raise RefusedReturn("encoding")
    if b"<html" in opening or b"<!doctype html" in opening:
        raise RefusedReturn("html")
    # Sure, since the text is UTF-8: no other encoding can hide these letters.
    if re.search(rb"<!(doctype|entity)", data, re.IGNORECASE):
        raise RefusedReturn("doctype")


def _is_utf8(data: bytes) -> bool:
    """Tell whether the text is UTF-8 and does not declare to be something else."""
    declared = re.match(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)", data)
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
        return False
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _only_return(document: etree._Element) -> etree._Element:
    returns = list(document.iter(f"{{{NAMESPACE}}}Return"))
    if not returns:
        raise RefusedReturn("not_efile", namespace=NAMESPACE)
    if len(returns) > 1:
        raise RefusedReturn("several")
    return returns[0]


def _supported_version(root: etree._Element) -> str:
    """Return the version of the schema, such as 2022v5.0; nothing where it is not one."""
    version = re.fullmatch(r"([0-9]{4})v[0-9.]{1,8}", root.get("returnVersion", "").strip())
    if version is None:
        return ""
    if int(version[1]) < OLDEST_VERSION:
        raise RefusedReturn("old_version", version=version[0])
    return version[0]


def _form(
    root: etree._Element, header: etree._Element
) -> tuple[etree._Element, str, dict[str, tuple[str, ...]]]:
    """Return the form's element, its name and its lines."""
    contents = [etree.QName(child).localname for child in _part(root, "ReturnData")]
    kind = re.sub(r"[^A-Z0-9]", "", _stated(header, "ReturnTypeCd ReturnType").upper())
    bodies = [name for name in contents if name in FORMS]
    for refused, code in REFUSED_FORMS.items():
        if kind == refused or (not bodies and f"IRS{refused}" in contents):
            raise RefusedReturn(code)
    if not bodies or (kind and not kind.startswith("990")):
        raise RefusedReturn("other_form", form=(kind or "".join(contents[:1]) or "?")[:40])
    if len(bodies) > 1:
        raise RefusedReturn("several")
    return _part(root, f"ReturnData/{bodies[0]}"), *FORMS[bodies[0]]


def _filer(header: etree._Element) -> tuple[str, str]:
    """Return the EIN as it is written, and the name, of the organisation that filed."""
    ein = _stated(header, "Filer/EIN")
    if not ein:
        raise RefusedReturn("incomplete", element="EIN")
    first = _stated(
        header,
        "Filer/BusinessName/BusinessNameLine1Txt Filer/BusinessName/BusinessNameLine1 "
        "Filer/Name/BusinessNameLine1",
    )
    second = _stated(
        header,
        "Filer/BusinessName/BusinessNameLine2Txt Filer/BusinessName/BusinessNameLine2 "
        "Filer/Name/BusinessNameLine2",
    )
    return ein, " ".join(f"{first} {second}".split())[:200]


def _period(header: etree._Element) -> tuple[date, date, int]:
    """Return the first and the last day of the fiscal year, and the tax year."""
    start = _date(header, "TaxPeriodBeginDt TaxPeriodBeginDate")
    end = _date(header, "TaxPeriodEndDt TaxPeriodEndDate")
    possible = timedelta() <= end - start < LONGEST_FISCAL_YEAR
    if not (possible and is_plausible(start) and is_plausible(end)):
        raise RefusedReturn("period", start=start.isoformat(), end=end.isoformat())
    stated = _stated(header, "TaxYr TaxYear") or str(start.year)
    # A year of whole weeks may begin in the last days of a calendar year, and a short one be
    # filed on the form of the year before.
    if stated not in {str(start.year + shift) for shift in (-1, 0, 1)}:
        raise RefusedReturn("tax_year", text=stated[:40], start=start.isoformat())
    return start, end, int(stated)


def _date(header: etree._Element, names: str) -> date:
    element, text = _first_stated(header, names)
    if not text:
        raise RefusedReturn("incomplete", element=element)
    try:
        # Alone it would take 20220630 and 2022-W26-4, too, which the IRS does not.
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise RefusedReturn("date", element=element, text=text[:40]) from error


def _sum_of_lines(body: etree._Element, lines: tuple[str, ...]) -> int | None:
    """Return the sum of the lines that are stated; None where none of them is."""
    amounts = [amount for names in lines if (amount := _amount(body, names)) is not None]
    return sum(amounts) if amounts else None


def _amount(body: etree._Element, names: str) -> int | None:
    element, text = _first_stated(body, names)
    if not text:
        return None
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise RefusedReturn("number", element=element, text=text[:40])
    # Its length first: Python refuses to make a number of thousands of digits.
    if len(text) > 20 or abs(int(text)) > LARGEST_AMOUNT:
        raise RefusedReturn("amount", element=element)
    return int(text)


def _part(parent: etree._Element, path: str) -> etree._Element:
    """Return the only element at the path."""
    parts = parent.findall(_qualified(path))
    if len(parts) != 1:
        raise RefusedReturn("twice" if parts else "incomplete", element=path)
    return parts[0]


def _stated(parent: etree._Element, names: str) -> str:
    """Return the text of the first of the elements that has any; nothing where none has."""
    return _first_stated(parent, names)[1]


def _first_stated(parent: etree._Element, names: str) -> tuple[str, str]:
    """Return the name and the text of the first element with text; without text, a name only."""
    for name in names.split():
        elements = parent.findall(_qualified(name))
        if len(elements) > 1:
            raise RefusedReturn("twice", element=name)
        text = "".join(elements[0].itertext()).strip() if elements else ""
        if text:
            return name, text
    return names.split()[0], ""


def _qualified(path: str) -> str:
    return "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))


def _ein_digits(ein: str) -> str:
    """Return the nine digits of an EIN; nothing where it is not one."""
    digits = re.fullmatch(r"([0-9]{2})-?([0-9]{7})", ein.strip())
    return digits[1] + digits[2] if digits else ""


def _hyphened(ein: str) -> str:
    digits = _ein_digits(ein)
    return f"{digits[:2]}-{digits[2:]}" if digits else ein[:20]


def _schedules_of_contributors(document: etree._Element) -> list[etree._Element]:
    # In any namespace and at any depth: a name must not slip through by being out of place.
    schedule = (
        "starts-with(local-name(), 'IRS990ScheduleB')"
        " or starts-with(local-name(), 'ContributorInfo')"
    )
    return document.xpath(f"//*[{schedule}][not(ancestor::*[{schedule}])]")


# Filers outside section 501(c)(3) may write N/A for a name since 2020 (Treasury Decision 9898).
_SAYS_NOBODY = {"", "restricted", "n/a", "true", "false"}
# A part that holds a name or an address, whatever the version calls it: ContributorPersonNm,
# ContributorNameBusiness, ContributorAddressUS, TransfereeForeignAddress, ZIPCd.
_NAME_OR_ADDRESS = re.compile(
    r"Name|Nm(?![a-z])|Address|City|State|ZIP|Postal|Country|Province|Phone|EIN|SSN|TIN"
)
# What the instructions of Schedule B leave public: what was given and for what use.
_DESCRIPTION = re.compile(r"Desc|Purpose|Use(?![a-z])|Held|Explanation")
_WORD = re.compile(r"[^\W\d_]{2,}")


def _identifying(element: etree._Element, *, within_name: bool = False) -> bool:
    """Tell whether the element or one inside it can tell who a contributor is.

    That is any text in a name or an address, and words anywhere else but in a description.
    """
    name = etree.QName(element).localname
    within_name = within_name or bool(_NAME_OR_ADDRESS.search(name))
    for text in _own_texts(element):
        if text.lower() in _SAYS_NOBODY:
            continue
        if within_name or (_WORD.search(text) and not _DESCRIPTION.search(name)):
            return True
    return any(_identifying(child, within_name=within_name) for child in element)


def _own_texts(element: etree._Element) -> Iterator[str]:
    yield (element.text or "").strip()
    for child in element:
        yield (child.tail or "").strip()
