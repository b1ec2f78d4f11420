"""The page of financial reports, and what is below it for people and machines."""

import csv
import datetime
import hashlib
import io
import json
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest
from wagtail.models import PageViewRestriction

from finance.kinds import Kind
from finance.models import FinancialReportsPage
from tests.factories import AnnualFiguresFactory, FilingFactory, FilingFileFactory
from tests.finance.conftest import read

pytestmark = pytest.mark.django_db

REPORTS = "/about/financials/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def text_of(client, path: str = REPORTS) -> str:
    return client.get(path).content.decode()


def graph(client) -> list[dict]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text_of(client))
    return json.loads(found[1])["@graph"]


class TestTheList:
    def test_newest_year_first(self, client):
        for year in (1998, 2005, 2001):
            FilingFactory(fiscal_year=year)
        years = re.findall(r'id="year-(\d{4})"', text_of(client))
        assert years == ["2021", "2005", "2001", "1998"]

    def test_a_card_says_kind_period_pages_size_date_and_checksum(self, client):
        filing = FilingFactory(
            fiscal_year_end=datetime.date(2018, 6, 30), issued_on=datetime.date(2019, 5, 15)
        )
        text = " ".join(text_of(client).split())
        for words in (
            "Form 990",
            "Tax year 2017",
            "Fiscal year July 2017 to June 2018",
            "PDF, 2 pages,",
            '<time datetime="2019-05-15">',
            filing.file.sha256,
            f"{REPORTS}{filing.thumbnail_path}",
        ):
            assert words in text

    def test_one_page_is_one_page(self, client):
        FilingFactory(file__pages=1)
        assert "PDF, 1 page," in text_of(client)

    def test_a_filing_without_a_file_says_that_it_comes(self, client):
        text = text_of(client)  # the first content, to which staff will add the files
        assert "2022 Form 990 (Return of Organization Exempt From Income Tax)" in text
        assert "will be here to read and download soon" in text
        assert ".zip" not in text

    def test_what_holds_for_all_years_stands_apart(self, client):
        FilingFactory(kind=Kind.DETERMINATION_LETTER, fiscal_year=1990, title="")
        text = text_of(client)
        assert "Tax exemption and governance" in text
        assert 'id="year-1990"' not in text

    def test_an_amended_return_leads_to_the_one_it_amends(self, client):
        original = FilingFactory(title="Sample original")
        FilingFactory(title="Sample amendment", amends=original)
        assert f'href="#2019-{original.slug}">Sample original</a>' in text_of(client)

    def test_the_one_it_amends_leads_to_it(self, client):
        original = FilingFactory(title="Sample original")
        made = FilingFactory(title="Sample amendment", amends=original)
        FilingFactory(title="Sample secret amendment", amends=original, board=True)
        text = text_of(client)
        assert f'Amended by <a href="#2019-{made.slug}">Sample amendment</a>' in text
        assert "Sample secret amendment" not in text

    def test_words_of_staff_are_shown_as_words(self, client):
        FilingFactory(title="<b>Bold</b> & co", summary="<script>alert(1)</script>")
        text = text_of(client)
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; co" in text
        assert "<script>alert" not in text

    def test_tells_where_to_ask_for_paper(self, client):
        assert "To ask for a copy, write to us." in text_of(client)

    def test_says_that_a_placeholder_is_one(self, client):
        FilingFactory(file__is_placeholder=True)
        assert "the real document is not here yet" in text_of(client)


class TestChoosing:
    @pytest.fixture(autouse=True)
    def _filed(self):
        FilingFactory(title="Sample return", fiscal_year=2018)
        FilingFactory(title="Sample statements", fiscal_year=2018, kind=Kind.AUDITED_STATEMENTS)
        FilingFactory(title="Older return", fiscal_year=2017)

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", {"Sample return", "Sample statements", "Older return"}),
            ("?kind=form-990", {"Sample return", "Older return"}),
            ("?year=2018", {"Sample return", "Sample statements"}),
            ("?kind=form-990&year=2017", {"Older return"}),
            ("?kind=&year=", {"Sample return", "Sample statements", "Older return"}),
            ("?kind=poem", set()),
            ("?year=99999", set()),
            ("?kind=%00&year=%F0%9F%92%A9", set()),
            ("?other=1", {"Sample return", "Sample statements", "Older return"}),
        ],
    )
    def test_by_kind_and_year_without_a_script(self, client, query, shown):
        for _cold_then_warm in range(2):
            response = client.get(f"{REPORTS}{query}")
            text = response.content.decode()
            assert response.status_code == 200
            assert {
                title
                for title in ("Sample return", "Sample statements", "Older return")
                if f">{title}</a></h3>" in text
            } == shown

    def test_says_when_there_is_nothing_and_leads_back(self, client):
        text = text_of(client, f"{REPORTS}?kind=poem")
        assert "There is no such document here." in text
        assert f'<a href="{REPORTS}">Show all documents</a>' in text

    def test_the_choice_stays_in_the_form(self, client):
        text = text_of(client, f"{REPORTS}?kind=form-990&year=2018")
        assert '<option value="form-990" selected>' in text
        assert '<option value="2018" selected>' in text

    def test_search_engines_are_given_the_whole_page_alone(self, client):
        text = text_of(client, f"{REPORTS}?year=2018")
        assert '<meta name="robots" content="noindex, follow">' in text
        assert f'<link rel="canonical" href="http://localhost:8000{REPORTS}">' in text

    def test_a_choice_that_finds_nothing_is_not_kept_in_the_cache(self, client):
        from django.core.cache import cache

        client.get(f"{REPORTS}?year=2018")
        before = len(cache._cache)
        for number in range(20):
            client.get(f"{REPORTS}?kind=made-up-{number}")
        assert len(cache._cache) == before


class TestQueries:
    @pytest.mark.parametrize("number", [3, 300])
    def test_are_as_many_for_three_hundred_filings_as_for_three(
        self, client, count_queries, number
    ):
        from django.core.cache import cache

        file = FilingFileFactory()
        for index in range(number):
            FilingFactory(fiscal_year=1950 + index % 60, slug=f"s-{index}", file=file)
            if index % 3 == 0:
                AnnualFiguresFactory(fiscal_year=1950 + index // 3)
        client.get(REPORTS)
        cache.clear()
        assert count_queries(lambda: client.get(REPORTS)) <= 16
        assert count_queries(lambda: client.get(REPORTS)) <= 8

    @pytest.mark.parametrize("path", ["feed.atom", "figures.csv", "figures.json", "2019.zip"])
    def test_are_few_for_what_is_below_it(self, client, count_queries, path):
        for index in range(40):
            FilingFactory(slug=f"s-{index}")
            AnnualFiguresFactory(fiscal_year=1950 + index)
        client.get(REPORTS)
        assert count_queries(lambda: b"".join(client.get(f"{REPORTS}{path}"))) <= 8

    def test_are_few_for_a_file(self, client, count_queries):
        filing = FilingFactory()
        read(client.get(f"{REPORTS}{filing.path}"))
        assert count_queries(lambda: read(client.get(f"{REPORTS}{filing.path}"))) <= 6


class TestAFile:
    def test_is_byte_for_byte_what_was_uploaded_and_its_checksum_is_the_one_shown(self, client):
        filing = FilingFactory()
        body = b"".join(client.get(f"{REPORTS}{filing.path}"))
        assert hashlib.sha256(body).hexdigest() == filing.file.sha256
        assert filing.file.sha256 in text_of(client)

    def test_is_saved_under_its_title_in_any_script(self, client):
        filing = FilingFactory(title="Jahresbericht für Zürich – 東京")
        response = client.get(f"{REPORTS}{filing.path}")
        assert "filename*=UTF-8''Jahresbericht%20f%C3%BCr" in response["Content-Disposition"]
        read(response)

    def test_takes_no_query_when_it_was_given_before(self, client, count_queries):
        filing = FilingFactory()
        path = f"{REPORTS}{filing.path}"
        read(client.get(path))
        assert count_queries(lambda: read(client.get(path))) == 0

    def test_is_gone_at_the_next_request_when_it_is_withdrawn(self, client, committed):
        filing = FilingFactory()
        path = f"{REPORTS}{filing.path}"
        read(client.get(path))
        with committed():
            filing.visibility = "board"
            filing.save()
        assert client.get(path).status_code == 404

    def test_what_a_member_of_the_board_was_given_is_not_kept_for_others(self, client, board):
        paper = FilingFactory(board=True)
        path = f"{REPORTS}{paper.path}"
        read(board.get(path))
        assert client.get(path).status_code == 404

    def test_what_a_private_page_gave_to_someone_is_not_kept_for_others(
        self, client, finance, reports
    ):
        filing = FilingFactory()
        PageViewRestriction.objects.create(page=reports, restriction_type="login")
        path = f"{REPORTS}{filing.path}"
        assert finance.get(path).status_code == 200
        assert client.get(path).status_code == 302

    @pytest.mark.parametrize(
        "path",
        [
            "2019/",
            "2019/form-990",
            "2019/form-990.pdf/",
            "19/form-990.pdf",
            "2019/../2019/form-990.pdf",
            "2019/form-990.PDF",
            "2019/form-990/version-0.pdf",
            "2019/form-990/version-99999.pdf",
            "2019/form-990/0000000000000000.jpg",
            "9999.zip",
        ],
    )
    def test_other_addresses_are_not_found(self, client, path):
        FilingFactory(slug="form-990")
        assert client.get(f"{REPORTS}{path}", follow=True).status_code == 404

    def test_nothing_below_an_unpublished_page_is_found(self, client, committed):
        filing = FilingFactory()
        with committed():
            FinancialReportsPage.objects.get().unpublish()
        assert client.get(f"{REPORTS}{filing.path}").status_code == 404
        assert client.get("/search/?q=sample").status_code == 200


class TestAYearAsZip:
    def test_has_all_public_files_of_the_year(self, client):
        first = FilingFactory(title="Sample one")
        FilingFactory(title="Sample two")
        FilingFactory(title="Other year", fiscal_year=2018)
        response = client.get(f"{REPORTS}2019.zip")
        body = b"".join(response)
        assert int(response["Content-Length"]) == len(body)
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            assert archive.testzip() is None
            assert sorted(archive.namelist()) == ["Sample one.pdf", "Sample two.pdf"]
            assert archive.read("Sample one.pdf") == first.file.file.read()

    def test_is_refused_kindly_while_many_are_being_sent(self, client, settings):
        FilingFactory()
        begun = [client.get(f"{REPORTS}2019.zip") for _number in range(settings.ZIPS_AT_ONCE)]
        busy = client.get(f"{REPORTS}2019.zip")
        assert (busy.status_code, busy["Retry-After"]) == (503, "60")
        assert "try again" in busy.content.decode()
        assert client.get(REPORTS).status_code == 200
        for response in begun:
            read(response)
        assert read(client.get(f"{REPORTS}2019.zip"))


class TestTheFeed:
    def test_tells_of_new_filings_latest_first(self, client):
        FilingFactory(title="Sample earlier")
        later = FilingFactory(title="Sample later", summary="What it says.")
        feed = ET.fromstring(client.get(f"{REPORTS}feed.atom").content)
        titles = [
            entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)
        ]
        assert titles == ["Sample later", "Sample earlier"]
        link = f"http://localhost:8000{REPORTS}{later.path}"
        assert feed.find("a:entry/a:link", ATOM).get("href") == link
        assert feed.findtext("a:entry/a:summary", namespaces=ATOM) == "What it says."

    def test_a_replaced_file_updates_its_entry(self, client):
        filing = FilingFactory()
        filing.file = FilingFileFactory(content=b"%PDF-1.7 second")
        filing.save()
        entries = ET.fromstring(client.get(f"{REPORTS}feed.atom").content).findall("a:entry", ATOM)
        assert len(entries) == 1
        assert entries[0].findtext("a:updated", namespaces=ATOM)[:10] == str(
            filing.file.current_since.date()
        )

    def test_is_named_in_the_pages_head(self, client):
        assert (
            f'type="application/atom+xml" title="Financial reports" href="{REPORTS}feed.atom"'
            in (text_of(client))
        )


class TestTheFigures:
    def test_are_not_there_until_there_are_any(self, client):
        assert 'id="figures"' not in text_of(client)
        assert "figures.csv" not in text_of(client)

    def test_are_drawn_told_and_listed(self, client):
        filing = FilingFactory(title="Sample return")
        AnnualFiguresFactory(fiscal_year=2019, explanation="We taught more courses.", source=filing)
        text = text_of(client)
        assert text.count('<svg class="chart__drawing') == 3
        assert "We taught more courses." in text
        assert "$1,000" in text
        assert f'Source: <a href="{REPORTS}{filing.path}">Sample return</a>' in text

    def test_shares_that_are_not_of_the_total_are_not_drawn(self, client):
        AnnualFiguresFactory(program_expenses=5)
        assert 'id="each-dollar"' not in text_of(client)

    def test_a_draft_is_not_shown(self, client):
        AnnualFiguresFactory(live=False, explanation="Not yet.")
        assert "Not yet." not in text_of(client)

    def test_samples_are_badged_and_gone_with_the_first_real_year(self, client, committed):
        AnnualFiguresFactory(fiscal_year=2001, is_sample=True)
        assert "Sample figures. They are not the organization’s." in text_of(client)
        with committed():
            AnnualFiguresFactory(fiscal_year=2019)
        text = text_of(client)
        assert "Sample figures" not in text
        assert "2001" not in text

    def test_csv_has_units_sources_and_gaps(self, client):
        filing = FilingFactory(title="=cmd|' /C calc'!A0")
        AnnualFiguresFactory(
            fiscal_year_end=datetime.date(2019, 6, 30), source=filing, fundraising_expenses=None
        )
        AnnualFiguresFactory(fiscal_year=2018, net_assets=-5)
        response = client.get(f"{REPORTS}figures.csv")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(response.content.decode())))
        assert [row["fiscal_year"] for row in rows] == ["2019", "2018"]
        assert rows[0]["fiscal_year_end"] == "2019-06-30"
        assert rows[0]["fundraising_expenses_usd"] == ""
        assert rows[0]["total_revenue_usd"] == "1000"
        assert rows[0]["source_title"].startswith("'=")
        assert rows[0]["source_address"] == f"http://localhost:8000{REPORTS}{filing.path}"
        assert rows[1]["net_assets_usd"] == "-5"

    def test_json_has_the_same(self, client):
        AnnualFiguresFactory(fiscal_year=2019, fundraising_expenses=None)
        data = client.get(f"{REPORTS}figures.json").json()
        assert data["currency"] == "USD"
        (year,) = data["years"]
        assert year["figures"]["fundraising_expenses"] is None
        assert year["figures"]["total_assets"] == 700
        assert year["source"] is None


class TestMachines:
    def test_structured_data_names_documents_and_figures(self, client):
        filing = FilingFactory(fiscal_year_end=datetime.date(2018, 12, 31))
        AnnualFiguresFactory(fiscal_year=2018)
        parts = {part["@type"]: part for part in graph(client)}
        document = parts["DigitalDocument"]
        assert document["url"] == f"http://localhost:8000{REPORTS}{filing.path}"
        assert document["sha256"] == filing.file.sha256
        assert document["temporalCoverage"] == "2018-01-01/2018-12-31"
        assert [d["encodingFormat"] for d in parts["Dataset"]["distribution"]] == [
            "text/csv",
            "application/json",
        ]

    def test_samples_and_placeholders_are_not_told_to_machines(self, client):
        filing = FilingFactory(file__is_placeholder=True)
        AnnualFiguresFactory(is_sample=True)
        kinds = {part["@type"] for part in graph(client)}
        assert not kinds & {"DigitalDocument", "Dataset"}
        assert filing.path not in text_of(client, "/sitemap.xml")

    def test_the_sitemap_has_every_file(self, client):
        filing = FilingFactory()
        assert f"{REPORTS}{filing.path}</loc>" in text_of(client, "/sitemap.xml")


class TestTheSearch:
    def test_finds_words_inside_a_file(self, client):
        filing = FilingFactory(title="Sample return", words="The giraffe was depreciated.")
        text = text_of(client, "/search/?q=giraffe")
        assert f'href="{REPORTS}{filing.path}"' in text
        assert "The <mark>giraffe</mark> was depreciated." in text

    def test_forgets_the_words_of_a_file_that_was_replaced(self, client):
        filing = FilingFactory(title="Sample return", words="The giraffe was depreciated.")
        filing.file = FilingFileFactory(content=b"%PDF-1.7 second")
        filing.save()
        assert "giraffe</mark>" not in text_of(client, "/search/?q=giraffe")

    def test_a_very_long_file_can_be_found(self, client):
        words = " ".join(f"word{number}" for number in range(200_000))
        FilingFactory(title="Sample long return", words=words)
        assert "Sample long return" in text_of(client, "/search/?q=word777")


def test_filings_live_at_once(client, committed):
    text_of(client)
    with committed():
        filing = FilingFactory(title="Sample that came just now")
    assert "Sample that came just now" in text_of(client)
    with committed():
        filing.delete()
    assert "Sample that came just now" not in text_of(client)
