"""Writes the e-file XML of sample returns, as the IRS publishes it, for the tests."""

from collections.abc import Mapping

from lxml import etree

NAMESPACE = "http://www.irs.gov/efile"
SAMPLE_EIN = "00-0000000"
SAMPLE_NAME = "Sample Organization"

# What the sample return states, in whole dollars. It adds up.
SAMPLE_FIGURES: dict[str, int] = {
    "contributions": 700,
    "program_service_revenue": 250,
    "investment_income": 30,
    "other_revenue": 20,
    "total_revenue": 1000,
    "program_expenses": 600,
    "management_expenses": 200,
    "fundraising_expenses": 50,
    "total_expenses": 850,
    "surplus": 150,
    "total_assets": 900,
    "total_liabilities": 400,
    "net_assets": 500,
}

# Where each figure stands: (form, since 2013) to element. The short form does not split expenses.
PLACES: dict[tuple[str, bool], dict[str, str]] = {
    ("990", True): {
        "contributions": "CYContributionsGrantsAmt",
        "program_service_revenue": "CYProgramServiceRevenueAmt",
        "investment_income": "CYInvestmentIncomeAmt",
        "other_revenue": "CYOtherRevenueAmt",
        "total_revenue": "CYTotalRevenueAmt",
        "program_expenses": "TotalFunctionalExpensesGrp/ProgramServicesAmt",
        "management_expenses": "TotalFunctionalExpensesGrp/ManagementAndGeneralAmt",
        "fundraising_expenses": "TotalFunctionalExpensesGrp/FundraisingAmt",
        "total_expenses": "CYTotalExpensesAmt",
        "surplus": "CYRevenuesLessExpensesAmt",
        "total_assets": "TotalAssetsEOYAmt",
        "total_liabilities": "TotalLiabilitiesEOYAmt",
        "net_assets": "NetAssetsOrFundBalancesEOYAmt",
    },
    ("990", False): {
        "contributions": "ContributionsGrantsCurrentYear",
        "program_service_revenue": "ProgramServiceRevenueCY",
        "investment_income": "InvestmentIncomeCurrentYear",
        "other_revenue": "OtherRevenueCurrentYear",
        "total_revenue": "TotalRevenueCurrentYear",
        "program_expenses": "TotalFunctionalExpenses/ProgramServices",
        "management_expenses": "TotalFunctionalExpenses/ManagementAndGeneral",
        "fundraising_expenses": "TotalFunctionalExpenses/Fundraising",
        "total_expenses": "TotalExpensesCurrentYear",
        "surplus": "RevenuesLessExpensesCY",
        "total_assets": "TotalAssetsEOY",
        "total_liabilities": "TotalLiabilitiesEOY",
        "net_assets": "NetAssetsOrFundBalancesEOY",
    },
    ("990EZ", True): {
        "contributions": "ContributionsGiftsGrantsEtcAmt",
        "program_service_revenue": "ProgramServiceRevenueAmt",
        "investment_income": "InvestmentIncomeAmt",
        "other_revenue": "OtherRevenueTotalAmt",
        "total_revenue": "TotalRevenueAmt",
        "program_expenses": "TotalProgramServiceExpensesAmt",
        "total_expenses": "TotalExpensesAmt",
        "surplus": "ExcessOrDeficitForYearAmt",
        "total_assets": "Form990TotalAssetsGrp/EOYAmt",
        "total_liabilities": "SumOfTotalLiabilitiesGrp/EOYAmt",
        "net_assets": "NetAssetsOrFundBalancesGrp/EOYAmt",
    },
    ("990EZ", False): {
        "contributions": "ContributionsGiftsGrantsEtc",
        "program_service_revenue": "ProgramServiceRevenue",
        "investment_income": "InvestmentIncome",
        "other_revenue": "OtherRevenueTotal",
        "total_revenue": "TotalRevenue",
        "program_expenses": "TotalProgramServiceExpenses",
        "total_expenses": "TotalExpenses",
        "surplus": "ExcessOrDeficitForYear",
        "total_assets": "TotalAssets/EOY",
        "total_liabilities": "SumOfTotalLiabilities/EOY",
        "net_assets": "NetAssetsOrFundBalances/EOY",
    },
}

HEADER_NAMES = {
    True: ("TaxPeriodEndDt", "ReturnTypeCd", "TaxPeriodBeginDt", "TaxYr"),
    False: ("TaxPeriodEndDate", "ReturnType", "TaxPeriodBeginDate", "TaxYear"),
}
FILER_NAMES = {True: "BusinessName/BusinessNameLine1Txt", False: "Name/BusinessNameLine1"}


def sample_return(
    *,
    form: str = "990",
    version: str = "2022v5.0",
    ein: str = SAMPLE_EIN,
    name: str = SAMPLE_NAME,
    start: str = "2022-07-01",
    end: str = "2023-06-30",
    tax_year: str = "2022",
    amended: bool = False,
    figures: Mapping[str, object] | None = None,
    extra: Mapping[str, object] | None = None,
    schedule_b: Mapping[str, object] | None = None,
    prefix: str | None = None,
    bom: bool = False,
) -> bytes:
    """Return the XML of a sample return.

    `form` is as in the XML: 990, 990EZ, 990T. `figures` says by name what to state instead of
    SAMPLE_FIGURES, None leaving it out. `extra` has further elements of the form by path, and
    `schedule_b` those of one contributor, by path under the contributor. `prefix` stands before
    every element instead of a default namespace.
    """
    modern = version >= "2013"
    root = etree.Element(_tag("Return"), nsmap={prefix: NAMESPACE}, returnVersion=version)
    header = etree.SubElement(root, _tag("ReturnHeader"))
    for element, text in zip(HEADER_NAMES[modern], (end, form, start, tax_year), strict=True):
        _put(header, element, text)
    _put(header, "Filer/EIN", ein.replace("-", ""))
    _put(header, f"Filer/{FILER_NAMES[modern]}", name)
    body = etree.SubElement(etree.SubElement(root, _tag("ReturnData")), _tag(f"IRS{form}"))
    if amended:
        _put(body, "AmendedReturnInd" if modern else "AmendedReturn", "X")
    stated = {**SAMPLE_FIGURES, **(figures or {})}
    for figure, path in PLACES.get((form, modern), {}).items():
        _put(body, path, stated[figure])
    for path, text in (extra or {}).items():
        _put(body, path, text)
    if schedule_b is not None:
        schedule = etree.SubElement(body.getparent(), _tag("IRS990ScheduleB"))
        group = "ContributorInformationGrp" if modern else "ContributorInfo"
        contributor = etree.SubElement(schedule, _tag(group))
        for path, text in schedule_b.items():
            _put(contributor, path, text)
    xml = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return b"\xef\xbb\xbf" * bom + xml


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _put(parent: etree._Element, path: str, text: object) -> None:
    """Add the element at the path, in the groups that are there already; None adds nothing."""
    if text is None:
        return
    *groups, name = path.split("/")
    for group in groups:
        found = parent.find(_tag(group))
        parent = etree.SubElement(parent, _tag(group)) if found is None else found
    etree.SubElement(parent, _tag(name)).text = str(text)
