"""Visitors see the figures as charts that tell no more and no less than is known."""

import re
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from finance.charts import each_dollar, net_assets, revenue_and_expenses
from finance.charts.bars import NARROW, WIDE, YEAR_ROOM
from finance.charts.dollars import short_dollars
from finance.charts.scale import scale_for
from finance.charts.shares import cents_of_a_dollar
from finance.figures import FIGURES

pytestmark = pytest.mark.without_database

LENGTH = re.compile(r"-?\d+(\.\d+)?(em|%)?")
GEOMETRY = ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height")
whole_dollars = st.integers(-(10**12), 10**12)


def fiscal_year(number: int, **figures):
    period = f"July {number - 1} to June {number}"
    known = {**dict.fromkeys(FIGURES), **figures}
    return SimpleNamespace(fiscal_year=number, period=period, **known)


def with_revenue(number: int, revenue: int | None, expenses: int | None):
    return fiscal_year(number, total_revenue=revenue, total_expenses=expenses)


def with_purposes(number: int, *amounts: int | None):
    names = ("program_expenses", "management_expenses", "fundraising_expenses")
    return fiscal_year(number, **dict(zip(names, amounts, strict=True)))


def with_assets(number: int, amount: int | None):
    return fiscal_year(number, net_assets=amount)


def full_years(count: int) -> list:
    return [
        fiscal_year(
            number,
            total_revenue=3_412_345 + number,
            total_expenses=3_298_771,
            program_expenses=2_800_000,
            management_expenses=400_000,
            fundraising_expenses=98_771,
            net_assets=1_250_411,
        )
        for number in range(2023 - count, 2023)
    ]


def shown(template: str, chart, **context):
    text = render_to_string(f"components/charts/{template}.html", {"chart": chart, **context})
    return html.fromstring(text)


def whole_page(years: list, **context):
    charts = [("bars", revenue_and_expenses), ("shares", each_dollar), ("bars", net_assets)]
    main = html.Element("main")
    main.extend(shown(template, draw(years), **context) for template, draw in charts)
    return main


def text_of(element) -> str:
    return " ".join(element.text_content().split())


def texts_of(elements) -> list[str]:
    return [text_of(element) for element in elements]


def number_in(length: str) -> float:
    return float(re.match(r"-?[\d.]+", length).group())


def bottom(bar) -> float:
    return number_in(bar.y) + number_in(bar.height)


def zero_line(chart) -> float:
    return next(number_in(line.y) for line in chart.lines if line.is_zero)


class TestNothingIsDrawn:
    @pytest.mark.parametrize("draw", [revenue_and_expenses, each_dollar, net_assets])
    def test_of_no_years_or_years_without_figures(self, draw):
        assert draw([]) is None
        assert draw([fiscal_year(2021), fiscal_year(2022)]) is None

    @pytest.mark.parametrize("amounts", [(5, 5, None), (0, 0, 0), (10, -2, 1)])
    def test_of_expenses_that_are_no_parts_of_a_dollar(self, amounts):
        assert each_dollar([with_purposes(2022, *amounts)]) is None


class TestSentences:
    def test_tell_the_latest_year_then_the_first(self):
        chart = revenue_and_expenses(
            [with_revenue(2018, 2_120_443, 2_035_190), with_revenue(2022, 3_412_345, 3_298_771)]
        )
        assert chart.lead == "In 2022 revenue was $3.4 million and expenses $3.3 million."
        assert "In 2018 revenue was $2.1 million and expenses $2 million." in chart.description

    @pytest.mark.parametrize(
        ("revenue", "expenses", "words"),
        [
            (3_412_000, 3_380_000, "revenue was $3.41 million and expenses $3.38 million"),
            (3_412_345, 3_412_346, "revenue was $3,412,345 and expenses $3,412,346"),
            (3_400_000, 3_400_000, "revenue was $3.4 million and expenses $3.4 million"),
            (-500, 0, "revenue was −$500 and expenses $0"),
            (850_250, None, "revenue was $850,250; expenses are not reported"),
            (None, 7, "expenses were $7; revenue is not reported"),
        ],
    )
    def test_round_no_further_than_tells_figures_apart(self, revenue, expenses, words):
        assert words in revenue_and_expenses([with_revenue(2022, revenue, expenses)]).lead

    def test_say_which_years_are_not_reported(self):
        years = [with_revenue(n, 5, None if n in (2019, 2020) else 6) for n in range(2018, 2023)]
        told = revenue_and_expenses(years).description
        assert told.endswith("Not all figures are reported for 2019 and 2020.")

    def test_pass_over_a_latest_year_without_figures(self):
        chart = net_assets([with_assets(2021, -42), fiscal_year(2022)])
        assert chart.lead == "At the end of fiscal year 2021 net assets were −$42."

    def test_tell_where_each_dollar_went_in_the_latest_year_that_says_so(self):
        chart = each_dollar(
            [with_purposes(2020, 1, 1, 2), with_purposes(2021, 84, 11, 5), fiscal_year(2022)]
        )
        assert chart.year == "2021"
        assert chart.lead == (
            "Of each dollar spent in 2021, 84 cents went to program services, 11 cents to "
            "management and general costs, and 5 cents to fundraising."
        )

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            (999_999, "$999,999"),
            (1_000_000, "$1 million"),
            (-1_250_000, "−$1.3 million"),
            (52_512_345_678, "$52.5 billion"),
        ],
    )
    def test_write_large_amounts_short(self, amount, words):
        assert short_dollars(amount) == words


class TestGaps:
    def test_a_figure_that_is_not_known_is_marked_and_never_a_zero(self):
        years = [with_assets(2020, 5_000), with_assets(2021, None), with_assets(2022, 6_000)]
        chart = net_assets(years)
        assert (len(chart.bars), len(chart.gaps)) == (2, 1)
        assert chart.gaps[0].x == "50.00%"
        figure = shown("bars", chart)
        assert texts_of(figure.xpath(".//tbody/tr[2]/*")) == [
            "2021 July 2020 to June 2021",
            "not reported",
        ]
        assert "$0" not in text_of(figure)

    def test_a_year_that_is_absent_keeps_its_place(self):
        chart = net_assets([with_assets(2019, 5), with_assets(2022, 6)])
        assert [words.text for words in chart.years] == ["2022", "2021", "2020", "2019"]
        assert len(chart.gaps) == 2
        assert [row.cells[0].is_known for row in chart.table.rows] == [True, False, False, True]

    def test_a_mistyped_year_does_not_stretch_the_axis(self):
        chart = net_assets([with_assets(22, 5), with_assets(2021, 5), with_assets(2022, 6)])
        assert len(chart.table.rows) == 3

    def test_a_zero_is_a_figure(self):
        chart = net_assets([with_assets(2021, 0), with_assets(2022, 0)])
        assert not chart.gaps
        assert not chart.bars
        assert [words.text for words in chart.amounts] == ["0", "0"]
        assert chart.table.rows[0].cells[0].text == "$0"


class TestBars:
    def test_the_oldest_year_is_drawn_first_and_the_newest_listed_first(self):
        chart = net_assets([with_assets(2022, 6), with_assets(2020, 4), with_assets(2021, 5)])
        heights = [number_in(bar.height) for bar in chart.bars]
        assert heights == sorted(heights)
        assert [row.year for row in chart.table.rows] == ["2022", "2021", "2020"]

    def test_what_is_owed_hangs_below_the_zero_line(self):
        chart = net_assets([with_assets(2021, -400_000), with_assets(2022, 700_000)])
        owed, owned = chart.bars
        assert number_in(owed.y) == pytest.approx(zero_line(chart), abs=0.02)
        assert bottom(owned) == pytest.approx(zero_line(chart), abs=0.02)
        assert chart.amounts[0].text == "−0.4"
        assert number_in(chart.amounts[0].y) > bottom(owed)

    def test_revenue_and_expenses_differ_by_more_than_colour(self):
        chart = revenue_and_expenses([with_revenue(2022, 5, 6)])
        assert len({bar.series.texture for bar in chart.bars}) == 2
        legend = shown("bars", chart).find_class("chart__legend")[0]
        assert text_of(legend) == "Total revenue Total expenses"

    def test_a_tiny_amount_beside_a_huge_one_is_still_seen(self):
        chart = revenue_and_expenses([with_revenue(2022, 3, 3_000_000_000)])
        assert number_in(chart.bars[0].height) > 0
        assert [words.text for words in chart.amounts] == ["3.0"]

    @pytest.mark.parametrize(
        ("amounts", "lines"),
        [
            ([3_412_345], ["0", "1", "2", "3", "$4 million"]),
            ([1_250_411], ["0", "0.5", "1", "$1.5 million"]),
            ([82_000], ["0", "25", "50", "75", "$100 thousand"]),
            ([-700, -20], ["−800", "−600", "−400", "−200", "0", "$200"]),
            ([-2_000_000, 4_100_000], ["−2", "0", "2", "4", "$6 million"]),
            ([0], ["0", "$1"]),
            ([4_000_000], ["0", "1", "2", "3", "4", "$5 million"]),
            ([9_000], ["0", "2.5", "5", "7.5", "$10 thousand"]),
            ([4_100], ["0", "2,000", "4,000", "$6,000"]),
        ],
    )
    def test_the_scale_has_round_steps(self, amounts, lines):
        assert [line.text for line in scale_for(amounts).lines()] == lines

    @given(st.lists(whole_dollars, min_size=1, max_size=30))
    def test_any_amounts_fit_a_scale_of_few_lines(self, amounts):
        scale = scale_for(amounts)
        assert scale.lowest <= min(amounts)
        assert max(amounts) < scale.highest
        assert sum(line.is_zero for line in scale.lines()) == 1
        assert 2 <= len(scale.lines()) <= 8

    @given(st.lists(st.none() | whole_dollars, min_size=1, max_size=30))
    def test_any_amounts_stay_within_the_drawing(self, amounts):
        chart = net_assets([with_assets(1990 + n, amount) for n, amount in enumerate(amounts)])
        for bar in chart.bars if chart else []:
            assert number_in(bar.x) >= 0
            assert number_in(bar.x) + number_in(bar.width) <= 100
            assert number_in(bar.y) > 0
            assert bottom(bar) < number_in(chart.height)

    @pytest.mark.parametrize("count", [1, 2, 5, 6, 7, 12, 25, 40])
    def test_years_are_named_as_far_as_there_is_room(self, count):
        names = net_assets([with_assets(1990 + n, 5) for n in range(count)]).years
        narrow = [words for words in names if not words.is_wide]
        for words, room in ((names, WIDE), (narrow, NARROW)):
            places = [number_in(one.x) * room / 100 for one in words]
            apart = [after - before for after, before in pairwise(places)]
            assert min(apart, default=YEAR_ROOM) >= YEAR_ROOM - 0.1
            assert words[0].text == str(1989 + count)

    @pytest.mark.parametrize(
        ("count", "everywhere", "where_wide"), [(1, 2, 2), (2, 4, 4), (5, 0, 10), (12, 0, 0)]
    )
    def test_amounts_stand_at_bars_that_are_wide_enough(self, count, everywhere, where_wide):
        amounts = revenue_and_expenses(full_years(count)).amounts
        assert len(amounts) == where_wide
        assert sum(not words.is_wide for words in amounts) == everywhere


class TestEachDollar:
    @given(st.lists(st.integers(0, 10**10), min_size=3, max_size=3).filter(any))
    def test_the_cents_are_a_dollar(self, amounts):
        cents = cents_of_a_dollar(amounts)
        assert sum(cents) == 100
        for cent, amount in zip(cents, amounts, strict=True):
            assert abs(cent - amount * 100 / sum(amounts)) < 1

    def test_the_cents_left_over_go_to_the_largest_remainders(self):
        assert cents_of_a_dollar([1, 1, 1]) == [34, 33, 33]
        assert cents_of_a_dollar([8_330, 1_130, 540]) == [83, 11, 6]

    def test_the_bar_is_filled_from_end_to_end(self):
        shares = each_dollar([with_purposes(2022, 2_770_968, 362_865, 164_938)]).shares
        ends = [number_in(share.x) + number_in(share.width) for share in shares]
        assert [number_in(share.x) for share in shares] == pytest.approx([0, *ends[:2]], abs=0.02)
        assert ends[-1] == pytest.approx(100, abs=0.02)

    def test_a_small_part_is_not_called_nothing(self):
        words = [share.words for share in each_dollar([with_purposes(2022, 9_999, 1, 0)]).shares]
        assert words == ["100 cents", "less than 1 cent", "0 cents"]

    def test_each_year_has_its_dollars_and_where_it_can_its_cents(self):
        chart = each_dollar([with_purposes(2021, 700, None, 5), with_purposes(2022, 9_900, 0, 100)])
        latest, earlier = shown("shares", chart).xpath(".//tbody/tr")
        assert texts_of(latest)[1:] == ["$9,900 99 cents", "$0 0 cents", "$100 1 cent"]
        assert texts_of(earlier)[1:] == ["$700", "not reported", "$5"]


class TestOnThePage:
    def test_each_drawing_has_a_name_and_says_what_it_shows(self):
        main = whole_page(full_years(3))
        drawings = main.xpath(".//svg[@role='img']")
        assert len(drawings) == 3
        for drawing in drawings:
            (title,) = drawing.xpath("./title[@id=../@aria-labelledby]")
            (description,) = drawing.xpath("./desc[@id=../@aria-describedby]")
            assert title.text
            assert "2022" in description.text

    def test_each_table_has_a_caption_and_headers_and_can_be_scrolled_by_keyboard(self):
        tables = whole_page(full_years(3)).xpath(".//div[@role='region'][@tabindex='0']/table")
        assert len(tables) == 3
        for table in tables:
            assert text_of(table.find("caption")) == table.getparent().get("aria-label")
            assert len(table.xpath("./tbody/tr/th[@scope='row']")) == 3
            columns = table.xpath("./thead//th[@scope='col']")
            assert len(columns) == 1 + len(table.xpath("./tbody/tr[1]/td"))

    def test_no_identifier_is_used_twice_and_every_texture_is_there(self):
        main = whole_page(full_years(3))
        identifiers = main.xpath(".//@id")
        assert len(identifiers) == len(set(identifiers))
        textures = {fill[5:-1] for fill in main.xpath(".//@fill") if fill.startswith("url(#")}
        assert textures
        assert textures <= set(identifiers)

    def test_nothing_needs_what_the_content_policy_forbids(self):
        main = whole_page(full_years(3))
        assert not main.xpath(".//@style | .//style | .//script | .//@*[starts-with(name(), 'on')]")

    def test_the_heading_has_the_level_that_the_page_asks_for(self):
        chart = net_assets(full_years(1))
        assert shown("bars", chart, level=2).xpath("./figcaption/h2")
        assert shown("bars", chart).xpath("./figcaption/h3")

    def test_sample_figures_say_so_in_heading_and_description(self):
        main = whole_page(full_years(2), sample=True)
        for figure in main:
            assert "Sample figures" in text_of(figure.xpath("./figcaption/h3")[0])
            assert figure.xpath(".//desc")[0].text.startswith("Sample figures. ")

    def test_real_figures_are_not_called_samples(self):
        assert "Sample" not in text_of(whole_page(full_years(2)))

    def test_in_german_numbers_read_as_german_and_lengths_as_svg(self):
        with override("de"):
            main = whole_page(full_years(2))
        assert "$3.298.771" in text_of(main)
        assert "$3,4 million" in text_of(main)
        for name in GEOMETRY:
            for length in main.xpath(f".//svg//@{name}"):
                assert LENGTH.fullmatch(length), (name, length)


def test_the_digits_at_two_bars_tell_them_apart():
    chart = revenue_and_expenses([with_revenue(2022, 1_250_000, 1_300_000)])
    assert {words.text for words in chart.amounts} == {"1.25", "1.30"}
    chart = revenue_and_expenses([with_revenue(2022, 1_200_000, 1_300_000)])
    assert {words.text for words in chart.amounts} == {"1.2", "1.3"}
