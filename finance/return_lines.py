"""Which lines of Form 990 and 990-EZ hold which figure, and which elements state them.

Names are those of the IRS's e-file schemas; a path leads from the form's own element.
"""

# For each figure the lines of the form that add up to it, and for each line the element that
# states it: since 2013, then before, then where the form states the same once more.
FORM_990: dict[str, tuple[str, ...]] = {
    # Part I, lines 8 to 12
    "contributions": ("CYContributionsGrantsAmt ContributionsGrantsCurrentYear",),
    "program_service_revenue": ("CYProgramServiceRevenueAmt ProgramServiceRevenueCY",),
    "investment_income": ("CYInvestmentIncomeAmt InvestmentIncomeCurrentYear",),
    "other_revenue": ("CYOtherRevenueAmt OtherRevenueCurrentYear",),
    "total_revenue": ("CYTotalRevenueAmt TotalRevenueCurrentYear",),
    # Part IX, line 25, columns B to D. Line 16b of part I has fundraising too, but some software
    # writes a 0 there where nothing was split.
    "program_expenses": (
        "TotalFunctionalExpensesGrp/ProgramServicesAmt TotalFunctionalExpenses/ProgramServices",
    ),
    "management_expenses": (
        "TotalFunctionalExpensesGrp/ManagementAndGeneralAmt "
        "TotalFunctionalExpenses/ManagementAndGeneral",
    ),
    "fundraising_expenses": (
        "TotalFunctionalExpensesGrp/FundraisingAmt TotalFunctionalExpenses/Fundraising",
    ),
    # Part I, lines 18 to 22; the balance sheet again in part X, lines 16, 26 and 32
    "total_expenses": ("CYTotalExpensesAmt TotalExpensesCurrentYear",),
    "surplus": ("CYRevenuesLessExpensesAmt RevenuesLessExpensesCY",),
    "total_assets": ("TotalAssetsEOYAmt TotalAssetsEOY TotalAssetsGrp/EOYAmt TotalAssets/EOY",),
    "total_liabilities": (
        "TotalLiabilitiesEOYAmt TotalLiabilitiesEOY TotalLiabilitiesGrp/EOYAmt "
        "TotalLiabilities/EOY",
    ),
    "net_assets": (
        "NetAssetsOrFundBalancesEOYAmt NetAssetsOrFundBalancesEOY "
        "TotalNetAssetsFundBalanceGrp/EOYAmt TotalNetAssetsFundBalances/EOY",
    ),
}

# The revenue of the short form, by where the long form would have it (its part I, lines 8 to 11,
# as they gather part VIII), so that the four kinds add up to the total, line 9.
FORM_990EZ: dict[str, tuple[str, ...]] = {
    # Line 1. It has the dues that are gifts, too.
    "contributions": ("ContributionsGiftsGrantsEtcAmt ContributionsGiftsGrantsEtc",),
    # Line 2, and line 3: dues that buy benefits are program service revenue in part VIII, line 2.
    "program_service_revenue": (
        "ProgramServiceRevenueAmt ProgramServiceRevenue",
        "MembershipDuesAmt MembershipDues",
    ),
    # Line 4, and line 5c: gains from assets other than inventory are in part VIII, line 7d.
    "investment_income": (
        "InvestmentIncomeAmt InvestmentIncome",
        "GainOrLossFromSaleOfAssetsAmt GainOrLossFromSaleOfAssets",
    ),
    # Lines 6d (gaming and events), 7c (inventory) and 8: part VIII, lines 8c, 9c, 10c and 11e.
    "other_revenue": (
        "SpecialEventsNetIncomeLossAmt SpecialEventsNetIncomeLoss",
        "GrossProfitLossSlsOfInvntryAmt GroProfitLossSalesOfInventory",
        "OtherRevenueTotalAmt OtherRevenueTotal",
    ),
    "total_revenue": ("TotalRevenueAmt TotalRevenue",),
    # Part III, line 32. The short form asks for no other function.
    "program_expenses": ("TotalProgramServiceExpensesAmt TotalProgramServiceExpenses",),
    "management_expenses": (),
    "fundraising_expenses": (),
    # Part I, lines 17 and 18
    "total_expenses": ("TotalExpensesAmt TotalExpenses",),
    "surplus": ("ExcessOrDeficitForYearAmt ExcessOrDeficitForYear",),
    # Part II, lines 25 to 27, column B; line 27 again in part I, line 21
    "total_assets": ("Form990TotalAssetsGrp/EOYAmt TotalAssets/EOY",),
    "total_liabilities": ("SumOfTotalLiabilitiesGrp/EOYAmt SumOfTotalLiabilities/EOY",),
    "net_assets": (
        "NetAssetsOrFundBalancesGrp/EOYAmt NetAssetsOrFundBalances/EOY "
        "NetAssetsOrFundBalancesEOYAmt NetAssetsOrFundBalancesEOY",
    ),
}

FORMS = {"IRS990": ("990", FORM_990), "IRS990EZ": ("990-EZ", FORM_990EZ)}
