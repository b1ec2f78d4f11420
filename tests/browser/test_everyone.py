"""Everyone can use every page: by eye, ear, keyboard, small screen, without JavaScript."""

import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.paths import PATHS

BOARD_MEMBER = "board@example.org"  # made by sample_site
RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22a",
    "wcag22aa",
    "best-practice",
]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser, site, scheme, width):
    context = browser.new_context(
        base_url=site.url, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    found = []
    for name, path in PATHS.items():
        page.goto(path)
        results = Axe().run(page, options={"runOnly": RULES})
        found += [
            f"{name}: {v['id']}: {v['nodes'][0]['html'][:120]}"
            for v in results.response["violations"]
        ]
    context.close()
    assert found == []


@pytest.fixture
def board_member(browser, site):
    """The phone of a member of the board, who has signed in."""
    context = browser.new_context(base_url=site.url, viewport={"width": 320, "height": 700})
    page = context.new_page()
    sign_in(page, "/board/", BOARD_MEMBER)
    yield page
    context.close()


def test_a_member_of_the_board_reads_the_library_on_a_phone(board_member):
    expect(board_member.get_by_role("link", name="Sample minutes", exact=True)).to_be_visible()
    for scheme in ("light", "dark"):
        board_member.emulate_media(color_scheme=scheme)
        results = Axe().run(board_member, options={"runOnly": RULES})
        assert [v["id"] for v in results.response["violations"]] == []
    assert board_member.evaluate("document.documentElement.scrollWidth") == 320
    board_member.get_by_label("Words in the documents").fill("minutes")
    board_member.get_by_label("Words in the documents").press("Enter")
    expect(board_member.get_by_role("link", name="Sample minutes", exact=True)).to_be_visible()
    board_member.get_by_role("button", name="Sign out").click()
    board_member.goto("/board/")
    expect(board_member).to_have_url(re.compile("/account/login/"))


class TestFinancialReports:
    @pytest.mark.parametrize("paper", ["A4", "Letter"])
    def test_no_chart_is_cut_in_print(self, page, paper):
        page.goto("/about/financials/")
        page.emulate_media(media="print")
        kept_whole = page.locator(".chart__picture, .filing").evaluate_all(
            "all => all.map(part => getComputedStyle(part).breakInside)"
        )
        assert kept_whole
        assert set(kept_whole) == {"avoid"}
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format=paper))) <= 6

    def test_are_chosen_without_a_script(self, plain):
        plain.goto("/about/financials/")
        plain.get_by_label("Kind").select_option(label="IRS determination letter")
        plain.get_by_role("button", name="Show").click()
        expect(plain.locator(".filing")).to_have_count(1)
        plain.get_by_role("link", name="Show all documents").click()
        expect(plain.locator(".filing").nth(3)).to_be_visible()

    def test_a_checksum_is_shown_when_it_is_asked_for(self, plain):
        plain.goto("/about/financials/")
        card = plain.locator(".filing", has=plain.get_by_text("Checksum")).first
        expect(card.locator("code")).to_be_hidden()
        card.get_by_text("Checksum").click()
        expect(card.locator("code")).to_have_text(re.compile("^[0-9a-f]{64}$"))


def test_nothing_scrolls_sideways_at_320_pixels(browser, site):
    context = browser.new_context(base_url=site.url, viewport={"width": 320, "height": 700})
    page = context.new_page()
    widths = {}
    for name, path in PATHS.items():
        page.goto(path)
        widths[name] = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert {name: width for name, width in widths.items() if width > 320} == {}


def test_every_page_has_one_title_and_no_heading_skips_a_level(page):
    for name, path in PATHS.items():
        page.goto(path)
        levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
            "all => all.map(heading => Number(heading.tagName[1]))"
        )
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels)), name


@pytest.fixture
def plain(browser, site):
    """A phone without JavaScript."""
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, viewport={"width": 360, "height": 700}
    )
    yield context.new_page()
    context.close()


class TestWithoutJavaScript:
    def test_the_menu_opens_and_leads_on(self, plain):
        plain.goto("/")
        menu = plain.locator("nav").get_by_role("link", name="Mission", exact=True).first
        expect(menu).to_be_hidden()
        plain.get_by_role("button", name="Menu").click()
        menu.click()
        expect(plain.get_by_role("heading", level=1)).to_have_text("Mission and Vision")

    def test_searching_works(self, plain):
        plain.goto("/search/")
        plain.get_by_role("searchbox").fill("government")
        plain.get_by_role("searchbox").press("Enter")
        expect(plain.get_by_role("link", name="Mission and Vision").first).to_be_visible()

    def test_an_accordion_opens(self, plain):
        plain.goto("/sample-blocks/")
        question = plain.locator("details", has_text="A sample question?").first
        answer = question.get_by_text("Sample words with")
        expect(answer).to_be_hidden()
        question.locator("summary").click()
        expect(answer).to_be_visible()

    def test_a_video_is_a_link_to_its_host(self, plain):
        plain.goto("/sample-blocks/")
        link = plain.get_by_role("link", name=re.compile("A sample video"))
        expect(link).to_have_attribute("href", "https://www.youtube.com/watch?v=dQw4w9WgXcQ")

    def test_the_way_back_to_the_top_is_there(self, plain):
        plain.goto("/about/mission/")
        top = plain.get_by_role("link", name="Scroll to top").last
        top.scroll_into_view_if_needed()
        top.click()
        expect(plain).to_have_url(re.compile("#top$"))


class TestByKeyboard:
    def test_the_first_key_offers_to_skip_to_the_content(self, page):
        page.goto("/about/mission/")
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_have_text("Skip to content")
        expect(focused).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#main$"))

    def test_whatever_has_the_focus_shows_it(self, page):
        page.goto("/")
        for _step in range(12):
            page.keyboard.press("Tab")
            outline = page.locator(":focus").evaluate(
                "element => getComputedStyle(element).outlineWidth"
            )
            assert outline == "3px"

    def test_the_menu_of_a_phone_opens_by_keyboard(self, browser, site):
        context = browser.new_context(base_url=site.url, viewport={"width": 360, "height": 700})
        page = context.new_page()
        page.goto("/")
        entry = page.get_by_role("navigation", name="Main").get_by_role("link", name="Leadership")
        page.get_by_role("button", name="Menu").focus()
        page.keyboard.press("Enter")
        expect(entry).to_be_visible()
        page.keyboard.press("Escape")
        expect(entry).to_be_hidden()
        expect(page.get_by_role("button", name="Menu")).to_be_focused()
        context.close()


def test_a_video_asks_nothing_of_its_host_before_it_is_pressed(page):
    asked = []
    page.route(
        re.compile(r"^https://"), lambda route: (asked.append(route.request.url), route.abort())
    )
    page.goto("/sample-blocks/")
    page.wait_for_load_state("networkidle")
    assert asked == []
    page.get_by_role("link", name=re.compile("A sample video")).click()
    expect(page.locator("iframe")).to_have_attribute(
        "src", re.compile(r"^https://www\.youtube-nocookie\.com/embed/dQw4w9WgXcQ")
    )
    page.wait_for_load_state("networkidle")
    assert all(url.startswith("https://www.youtube-nocookie.com/") for url in asked)


def test_the_home_page_is_light_and_loads_from_nowhere_else(browser, site):
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    kinds, sizes, hosts = {}, {}, set()

    def responded(event):
        kinds[event["requestId"]] = event["type"]
        hosts.add(event["response"]["url"].split("/")[2])

    def finished(event):
        kind = kinds.get(event["requestId"], "Other")
        sizes[kind] = sizes.get(kind, 0) + event["encodedDataLength"]

    network.on("Network.responseReceived", responded)
    network.on("Network.loadingFinished", finished)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    context.close()
    assert hosts == {site.url.removeprefix("http://")}
    assert sizes["Stylesheet"] <= 20 * 1024
    assert sizes.get("Script", 0) <= 10 * 1024
    assert sum(sizes.values()) <= 130 * 1024


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_mission_prints_on_two_sheets(page, paper):
    page.goto("/about/mission/")
    pdf = page.pdf(format=paper)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 2


def test_nothing_is_blocked_by_the_sites_own_policy(browser, site):
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    complaints = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    for path in PATHS.values():
        if path != PATHS["not found"]:
            page.goto(path)
    context.close()
    assert complaints == []
