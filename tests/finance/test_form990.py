"""Staff import a return's figures; what is not surely their own public return is refused kindly."""

import codecs
import io
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from django.utils import translation
from django.utils.functional import lazy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from finance import form990
from finance.figures import FIGURES
from finance.form990 import Form990, read_return
from finance.return_refusals import REFUSALS, RefusedReturn
from tests.finance.returns import NAMESPACE, SAMPLE_EIN, SAMPLE_FIGURES, SAMPLE_NAME, sample_return

pytestmark = pytest.mark.without_database

SAMPLE = sample_return()
# A busy machine is no reason to fail, and examples are not kept from run to run.
SLOWLY_TOO = settings(
    deadline=None,
    database=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow],
)
RESTRICTED = {
    "ContributorNum": "RESTRICTED",
    "ContributorBusinessName/BusinessNameLine1": "RESTRICTED",
    "ContributorUSAddress/AddressLine1": "RESTRICTED",
    "ContributorUSAddress/ZIPCode": "RESTRICTED",
    "TotalContributionsAmt": "RESTRICTED",
}


def refusal(data: bytes, ein: str = SAMPLE_EIN) -> RefusedReturn:
    with pytest.raises(RefusedReturn) as refused:
        read_return(data, ein=ein)
    return refused.value


def read(**choices) -> Form990:
    return read_return(sample_return(**choices), ein=SAMPLE_EIN)


class TestWhatIsRead:
    @pytest.mark.parametrize(
        "version", ["2008v2.7", "2009v1.0", "2012v2.1", "2013v3.0", "2024v5.0"]
    )
    def test_every_figure_of_a_form_990_of_any_version(self, version):
        found = read(version=version)
        assert found.form == "990"
        assert found.return_version == version
        assert {**found.figures, "surplus": found.surplus} == SAMPLE_FIGURES
        assert list(found.figures) == list(FIGURES)
        assert found.differences == []

    @pytest.mark.parametrize("version", ["2009v1.0", "2012v2.1", "2013v3.0", "2024v5.0"])
    def test_every_figure_of_a_form_990_ez_with_gaps_where_it_does_not_ask(self, version):
        found = read(form="990EZ", version=version)
        gaps = {"management_expenses": None, "fundraising_expenses": None}
        assert found.form == "990-EZ"
        assert {**found.figures, "surplus": found.surplus} == SAMPLE_FIGURES | gaps
        assert found.differences == []

    def test_whose_return_it_is_and_of_which_year(self):
        found = read(name="Sample  Organization\n of Samples", amended=True)
        assert found.ein == "00-0000000"
        assert found.organization == "Sample Organization of Samples"
        assert found.fiscal_year_start == date(2022, 7, 1)
        assert found.fiscal_year_end == date(2023, 6, 30)
        assert found.tax_year == 2022
        assert found.amended

    @pytest.mark.parametrize("version", ["2012v2.1", "2022v5.0"])
    @pytest.mark.parametrize("form", ["990", "990EZ"])
    def test_whether_it_amends_an_earlier_one(self, form, version):
        assert read(form=form, version=version, amended=True).amended
        assert not read(form=form, version=version).amended

    def test_a_box_that_says_no_does_not_make_it_an_amended_one(self):
        assert not read(extra={"AmendedReturnInd": "0"}).amended

    @pytest.mark.parametrize("prefix", [None, "efile", "n1"])
    @pytest.mark.parametrize("bom", [False, True])
    def test_whatever_prefix_stands_before_the_names_and_with_a_byte_order_mark(self, prefix, bom):
        assert read(prefix=prefix, bom=bom).figures["total_revenue"] == 1000

    @pytest.mark.parametrize("ein", ["00-0000000", "000000000", " 00-0000000 "])
    def test_with_the_ein_written_either_way(self, ein):
        assert read_return(SAMPLE, ein=ein).ein == "00-0000000"

    def test_a_return_inside_the_envelope_in_which_it_was_sent(self):
        declared, _, body = SAMPLE.partition(b"?>")
        wrapped = declared + b"?><Sent><Part>" + body + b"</Part></Sent>"
        assert read_return(wrapped, ein=SAMPLE_EIN).figures["net_assets"] == 500

    def test_the_balance_sheet_where_the_summary_leaves_it_out(self):
        found = read(
            figures={"total_assets": None, "total_liabilities": None, "net_assets": None},
            extra={
                "TotalAssetsGrp/BOYAmt": 1,
                "TotalAssetsGrp/EOYAmt": 900,
                "TotalLiabilitiesGrp/EOYAmt": 400,
                "TotalNetAssetsFundBalanceGrp/EOYAmt": 500,
            },
        )
        assert found.figures["total_assets"] == 900
        assert found.differences == []

    def test_net_assets_of_the_short_form_from_either_line(self):
        line_21 = {"NetAssetsOrFundBalancesEOYAmt": 500}
        found = read(form="990EZ", figures={"net_assets": None}, extra=line_21)
        assert found.figures["net_assets"] == 500

    @pytest.mark.parametrize(
        ("line", "kind"),
        [
            ("MembershipDuesAmt", "program_service_revenue"),
            ("GainOrLossFromSaleOfAssetsAmt", "investment_income"),
            ("SpecialEventsNetIncomeLossAmt", "other_revenue"),
            ("GrossProfitLossSlsOfInvntryAmt", "other_revenue"),
        ],
    )
    def test_each_line_of_the_short_form_in_the_kind_of_revenue_of_the_long_one(self, line, kind):
        found = read(form="990EZ", figures={"total_revenue": 1007, "surplus": 157}, extra={line: 7})
        assert found.figures[kind] == SAMPLE_FIGURES[kind] + 7
        assert found.differences == []

    def test_lines_before_2013_too(self):
        lines = ["MembershipDues", "GainOrLossFromSaleOfAssets", "SpecialEventsNetIncomeLoss"]
        extra = dict.fromkeys([*lines, "GroProfitLossSalesOfInventory"], -5)
        found = read(
            form="990EZ",
            version="2011v1.2",
            figures={"total_revenue": 980, "surplus": 130},
            extra=extra,
        )
        assert found.figures["other_revenue"] == 10
        assert found.differences == []


class TestWhatTheReturnDoesNotState:
    @pytest.mark.parametrize("version", ["2008v2.7", "2022v5.0"])
    def test_a_missing_functional_split_is_a_gap_and_never_zero(self, version):
        split = ["program_expenses", "management_expenses", "fundraising_expenses"]
        # What some software writes where nothing was split.
        line_16b = {"CYTotalFundraisingExpenseAmt": 0, "TotalFundrsngExpCurrentYear": 0}
        found = read(version=version, figures=dict.fromkeys(split), extra=line_16b)
        assert [found.figures[name] for name in split] == [None, None, None]
        assert found.figures["total_expenses"] == 850

    def test_a_stated_zero_is_zero(self):
        found = read(figures={"fundraising_expenses": 0, "other_revenue": " 0 "})
        assert found.figures["fundraising_expenses"] == 0
        assert found.figures["other_revenue"] == 0

    def test_an_empty_element_is_a_gap(self):
        assert read(figures={"other_revenue": "  "}).figures["other_revenue"] is None

    def test_an_organization_without_a_name_has_none(self):
        assert read(name="").organization == ""

    def test_the_tax_year_is_the_one_in_which_the_fiscal_year_begins(self):
        assert read(tax_year="").tax_year == 2022

    def test_a_return_without_totals_is_refused(self):
        data = sample_return(figures={"total_revenue": None, "total_expenses": None})
        assert refusal(data).code == "no_figures"

    @pytest.mark.parametrize(
        ("missing", "named"),
        [
            (b"EIN", "EIN"),
            (b"TaxPeriodBeginDt", "TaxPeriodBeginDt"),
            (b"TaxPeriodEndDt", "TaxPeriodEndDt"),
            (b"ReturnHeader", "ReturnHeader"),
            (b"ReturnData", "ReturnData"),
        ],
    )
    def test_a_return_without_what_every_return_has_is_refused(self, missing, named):
        found = refusal(SAMPLE.replace(missing, b"Other"))
        assert found.code == "incomplete"
        assert named in str(found)


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "amount"),
        [("-12", -12), ("\n  7\t", 7), ("+3", 3), ("-0", 0), (str(10**15), 10**15)],
    )
    def test_are_whole_dollars_of_either_sign(self, text, amount):
        assert read(figures={"other_revenue": text}).figures["other_revenue"] == amount

    @pytest.mark.parametrize(
        "text", ["12.5", "abc", "1,000", "$5", "1e3", "--1", "٣", "RESTRICTED", "0x10", "1 2"]
    )
    def test_that_are_none_are_refused_naming_the_element(self, text):
        found = refusal(sample_return(figures={"other_revenue": text}))
        assert found.code == "number"
        assert "CYOtherRevenueAmt" in str(found)
        assert text in str(found)

    @pytest.mark.parametrize("text", [str(10**15 + 1), "-" + "9" * 16, "9" * 10_000])
    def test_beyond_reason_are_refused(self, text):
        found = refusal(sample_return(figures={"total_assets": text}))
        assert found.code == "amount"
        assert "TotalAssetsEOYAmt" in str(found)

    def test_stated_twice_are_refused(self):
        found = refusal(sample_return(extra={"CYTotalRevenueAmt": 5}))
        assert found.code == "twice"
        assert "CYTotalRevenueAmt" in str(found)

    def test_that_do_not_add_up_are_read_and_told(self):
        found = read(figures={"contributions": 701, "fundraising_expenses": 49, "surplus": 151})
        assert [(each.computed, each.stated) for each in found.differences] == [
            (1001, 1000),
            (849, 850),
            (150, 151),
        ]


class TestDates:
    @pytest.mark.parametrize(
        "text", ["2022-13-01", "2022-02-30", "soon", "20220701", "2022-W26-4", "2022-07-01Z"]
    )
    def test_that_are_none_are_refused(self, text):
        found = refusal(sample_return(start=text))
        assert found.code == "date"
        assert text in str(found)

    @pytest.mark.parametrize("end", ["2022-06-30", "2023-07-07", "2122-06-30"])
    def test_of_a_year_that_ends_too_early_or_too_late_are_refused(self, end):
        found = refusal(sample_return(end=end))
        assert found.code == "period"
        assert end in str(found)

    def test_of_a_year_of_53_weeks_are_read(self):
        assert read(end="2023-07-06").fiscal_year_end == date(2023, 7, 6)

    @pytest.mark.parametrize("text", ["2019", "1e3", "two", "9" * 500])
    def test_that_are_not_of_the_tax_year_are_refused(self, text):
        assert refusal(sample_return(tax_year=text)).code == "tax_year"


class TestWhoseReturn:
    @pytest.mark.parametrize("ein", ["", "  ", "none", "1234"])
    def test_nothing_is_read_before_the_ein_is_set(self, ein):
        found = refusal(SAMPLE, ein=ein)
        assert found.code == "no_ein"
        assert "Settings" in str(found)

    def test_the_return_of_another_organization_is_refused_naming_both(self):
        found = refusal(SAMPLE, ein="00-0000001")
        assert found.code == "other_ein"
        for part in (SAMPLE_NAME, "00-0000000", "00-0000001"):
            assert part in str(found)


class TestContributors:
    def test_whose_names_are_withheld_do_no_harm(self):
        assert read(schedule_b=RESTRICTED).figures["contributions"] == 700

    def test_may_show_what_they_gave_and_for_what(self):
        gift = {
            "ContributorNum": "1",
            "PersonContributionInd": "X",
            "TotalContributionsAmt": "5000",
            "NoncashPropertyDescriptionTxt": "Sample books",
            "ReceivedDt": "2022-08-01",
        }
        assert read(schedule_b=RESTRICTED | gift).figures["contributions"] == 700

    @pytest.mark.parametrize(
        "path",
        [
            "ContributorPersonNm",
            "ContributorPersonName",
            "ContributorNamePerson",
            "ContributorNameIndividual",
            "ContributorBusinessName/BusinessNameLine1",
            "ContributorBusinessName/BusinessNameLine2Txt",
            "ContributorNameBusiness/BusinessNameLine1",
            "ContributorUSAddress/AddressLine1Txt",
            "ContributorUSAddress/CityNm",
            "ContributorAddressUS/State",
            "ContributorForeignAddress/CountryCd",
            "ContributorAddressForeign/PostalCode",
            "TransfereePersonNm",
            "SomethingNewTxt",
            "Group/Within/Group",
        ],
    )
    @pytest.mark.parametrize("version", ["2008v2.7", "2022v5.0"])
    def test_who_are_named_have_the_return_refused(self, path, version):
        data = sample_return(version=version, schedule_b=RESTRICTED | {path: "Sample Donor"})
        found = refusal(data)
        assert found.code == "contributors"
        assert "6104(d)(3)(A)" in str(found)
        assert "Sample Donor" not in str(found)

    @pytest.mark.parametrize(
        "path",
        ["ContributorUSAddress/ZIPCd", "ContributorAddressUS/ZIPCode", "ContributorEIN"],
    )
    def test_are_told_by_the_digits_of_an_address_too(self, path):
        assert refusal(sample_return(schedule_b={path: "00000"})).code == "contributors"

    def test_are_found_out_of_place_and_in_no_namespace(self):
        named = b"<ContributorInfo xmlns=''><Nm>Sample Donor</Nm></ContributorInfo>"
        data = SAMPLE.replace(b"</IRS990>", named + b"</IRS990>")
        assert refusal(data).code == "contributors"

    def test_are_found_beside_an_element_with_a_withheld_name(self):
        end = b"</ContributorBusinessName>"
        data = sample_return(schedule_b=RESTRICTED).replace(end, b"Sample Donor" + end)
        assert refusal(data).code == "contributors"

    def test_of_a_kind_that_need_not_be_named_do_no_harm(self):
        assert read(schedule_b={"ContributorPersonNm": "N/A"}).form == "990"


class TestOtherReturns:
    @pytest.mark.parametrize(
        ("form", "code", "said"),
        [
            ("990PF", "form_990pf", "990-PF"),
            ("990T", "form_990t", "990-T"),
            ("990N", "form_990n", "990-N"),
            ("1120POL", "other_form", "1120POL"),
            ("8868", "other_form", "8868"),
        ],
    )
    def test_of_another_form_are_refused_as_such(self, form, code, said):
        found = refusal(sample_return(form=form))
        assert found.code == code
        assert said in str(found)

    def test_that_do_not_say_their_form_are_known_by_what_they_hold(self):
        assert read_return(SAMPLE.replace(b">990<", b"><"), ein=SAMPLE_EIN).form == "990"
        other = sample_return(form="990PF").replace(b">990PF<", b"><")
        assert refusal(other).code == "form_990pf"

    @pytest.mark.parametrize(
        ("claim", "code"),
        [(b"990T", "form_990t"), (b"990-PF", "form_990pf"), (b"1120", "other_form")],
    )
    def test_that_say_another_form_than_they_hold_are_refused(self, claim, code):
        assert refusal(SAMPLE.replace(b">990<", b">" + claim + b"<")).code == code

    def test_from_before_the_form_was_redesigned_are_refused(self):
        found = refusal(sample_return(version="2007v3.0"))
        assert found.code == "old_version"
        assert "2007v3.0" in str(found)

    def test_with_a_version_that_is_none_are_read_without(self):
        assert read(version="not a version").return_version == ""

    def test_of_several_years_in_one_file_are_refused(self):
        body = SAMPLE.partition(b"?>")[2]
        for data in (
            b"<Returns>" + body + body + b"</Returns>",
            SAMPLE + body,
            SAMPLE + SAMPLE,
            SAMPLE.replace(b"</ReturnData>", body + b"</ReturnData>"),
            SAMPLE.replace(b"</ReturnData>", b"<IRS990EZ/></ReturnData>"),
        ):
            assert refusal(data).code == "several"

    def test_with_a_second_part_of_data_are_refused(self):
        data = SAMPLE.replace(b"</Return>", b"<ReturnData/></Return>")
        assert refusal(data).code == "twice"

    @pytest.mark.parametrize("namespace", [b"http://example.org/efile", b""])
    def test_in_another_namespace_or_none_are_not_returns(self, namespace):
        data = SAMPLE.replace(NAMESPACE.encode(), namespace)
        assert refusal(data).code == "not_efile"


def zipped(data: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("return.xml", data)
    return archive.getvalue()


def declaring(declaration: str, use: str) -> bytes:
    """Return a sample with a document type, and something of it used where an amount stands."""
    opening, _, body = SAMPLE.partition(b"?>")
    data = opening + b"?>" + declaration.encode() + body
    return data.replace(b">1000<", f">{use}<".encode())


def laughing() -> bytes:
    lines = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return declaring(f'<!DOCTYPE r [<!ENTITY l0 "ha">{lines}]>', "&l9;")


EXTERNAL = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
HOSTILE = {
    "nothing": (b"", "empty"),
    "only a mark and blanks": (codecs.BOM_UTF8 + b" \n", "empty"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf"),
    "a ZIP": (zipped(SAMPLE), "zip"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "not_xml"),
    "words": (b"Total revenue: 1000", "not_xml"),
    "JSON": (b'{"TotalRevenueAmt": 1000}', "not_xml"),
    "a web page": (b"<!DOCTYPE html><html><title>Return</title></html>", "html"),
    "a web page in old style": (b"\n<HTML><BODY>404</BODY></HTML>", "html"),
    "UTF-16": (SAMPLE.decode().replace("utf-8", "utf-16").encode("utf-16"), "encoding"),
    "UTF-16 without a mark": (SAMPLE.decode().encode("utf-16-le"), "encoding"),
    "UTF-16, the other end first": (SAMPLE.decode().encode("utf-16-be"), "encoding"),
    "UTF-32": (SAMPLE.decode().encode("utf-32"), "encoding"),
    "a claim of UTF-7": (SAMPLE.replace(b"utf-8", b"UTF-7"), "encoding"),
    "a claim of EBCDIC": (SAMPLE.replace(b"utf-8", b"cp037"), "encoding"),
    "a claim of no encoding at all": (SAMPLE.replace(b"utf-8", b""), "encoding"),
    "Latin-1 letters": (SAMPLE.replace(b"Sample", b"S\xe4mple"), "encoding"),
    "a character that XML has not": (SAMPLE.replace(b"1000", b"10\x0000"), "encoding"),
    "a control character": (SAMPLE.replace(b"1000", b"10\x0100"), "broken"),
    "an entity that nothing declares": (SAMPLE.replace(b"1000", b"&nbsp;"), "broken"),
    "half of it": (SAMPLE[: len(SAMPLE) // 2], "broken"),
    "all but the last letter": (SAMPLE.rstrip()[:-1], "broken"),
    "something after it": (SAMPLE + b"more", "broken"),
    "the same attribute twice": (b"<Return a='1' a='1'/>", "broken"),
    "a billion laughs": (laughing(), "doctype"),
    "an external entity": (declaring(EXTERNAL, "&e;"), "doctype"),
    "an external type": (declaring('<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x">', "1"), "doctype"),
    "an empty document type": (declaring("<!DOCTYPE r>", "1"), "doctype"),
    "deep nesting": (SAMPLE.replace(b"</IRS990>", b"<a>" * 100 + b"</a>" * 100), "broken"),
    "deep nesting, well-formed": (
        SAMPLE.replace(b"</IRS990>", b"<a>" * 100 + b"</a>" * 100 + b"</IRS990>"),
        "too_deep",
    ),
    "nesting without an end": (b"<a>" * 100_000, "broken"),
    "a feed": (b"<rss version='2.0'><channel/></rss>", "not_efile"),
    "a million parts": (b"<Return>" + b"<a/>" * 1_000_000 + b"</Return>", "too_many_parts"),
    "a million attributes": (
        b"<a " + b" ".join(b"a%d=''" % n for n in range(600_000)) + b"/>",
        "too_many_parts",
    ),
    "21 MB": (b"<a>" + b" " * (21 * 1024 * 1024) + b"</a>", "too_big"),
}


class TestHostileAndMistakenFiles:
    @pytest.mark.parametrize("kind", HOSTILE)
    def test_are_refused_with_a_sentence_of_their_own(self, kind):
        data, code = HOSTILE[kind]
        assert refusal(data).code == code

    def test_cannot_have_another_file_read(self, monkeypatch, tmp_path):
        """The parser itself is safe, should a document type ever get past the first look."""
        monkeypatch.setattr(form990, "_refuse_other_kinds_of_file", lambda data: None)
        secret = tmp_path / "secret"
        secret.write_text("424242")
        entity = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        assert "424242" not in str(refusal(declaring(entity, "&e;")))
        assert "haha" not in str(refusal(laughing()))

    @given(st.binary(max_size=400))
    @SLOWLY_TOO
    def test_of_any_bytes_are_refused(self, data):
        for each in (data, b"<" + data, b"<Return>" + data + b"</Return>"):
            assert str(refusal(each))

    @given(st.data())
    @SLOWLY_TOO
    def test_made_of_a_damaged_return_are_read_or_refused(self, data):
        assert_read_or_refused(damage_bytes(data, sample_return(schedule_b=RESTRICTED)))

    @given(st.data())
    @SLOWLY_TOO
    def test_made_of_a_rearranged_return_are_read_or_refused(self, data):
        assert_read_or_refused(rearrange(data, sample_return(schedule_b=RESTRICTED)))


def damage_bytes(data: st.DataObject, xml: bytes) -> bytes:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(xml)))
        length = data.draw(st.integers(0, 40))
        xml = xml[:at] + data.draw(st.binary(max_size=8)) + xml[at + length :]
    return xml


def rearrange(data: st.DataObject, xml: bytes) -> bytes:
    """Return the XML with elements renamed, emptied, doubled or moved; it stays well-formed."""
    root = etree.fromstring(xml)
    for _ in range(data.draw(st.integers(1, 6))):
        elements = list(root.iter())
        one, other = (data.draw(st.sampled_from(elements)) for _ in range(2))
        match data.draw(st.sampled_from(["text", "swap", "copy", "drop", "version"])):
            case "text":
                one.text = data.draw(st.sampled_from(["", "-1", "9" * 5000, "\u202e", "0x", "٣"]))
            case "swap":
                one.tag, other.tag = other.tag, one.tag
            case "copy":
                other.append(etree.fromstring(etree.tostring(one)))
            case "drop" if one is not root:
                one.getparent().remove(one)
            case _:
                root.set("returnVersion", data.draw(st.sampled_from(["", "9999v", "0000v1.0"])))
    return etree.tostring(root)


def assert_read_or_refused(xml: bytes) -> None:
    with suppress(RefusedReturn):
        found = read_return(xml, ein=SAMPLE_EIN)
        assert set(found.figures) == set(FIGURES)
        assert found.fiscal_year_start <= found.fiscal_year_end


def test_refusals_are_said_in_the_language_of_whoever_reads_them(monkeypatch):
    monkeypatch.setitem(REFUSALS, "empty", lazy(translation.get_language, str)())
    with translation.override("de"):
        assert str(refusal(b"")) == "de"


def test_a_long_text_from_the_file_is_cut_in_the_sentence():
    assert len(str(refusal(sample_return(figures={"other_revenue": "x" * 100_000})))) < 300
    assert len(str(refusal(sample_return(name="x" * 100_000), ein="00-0000001"))) < 500
