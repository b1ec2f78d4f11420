"""Finding a teacher in a real browser: suggestions, results in place, "near me", maps."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_everyone import RULES

PLACES = [
    {"label": "Portland, Oregon, United States", "kind": "town"},
    {"label": "Portland, Maine, United States", "kind": "town"},
    {"label": "Portugal", "kind": "country"},
]
OREGON, MAINE, PORTUGAL = (place["label"] for place in PLACES)


def suggest(page, places=PLACES) -> list[str]:
    """Answer with these places whatever is typed; return a list of what is asked from now on."""
    asked = []

    def answer(route):
        asked.append(parse_qs(urlsplit(route.request.url).query)["q"][0])
        route.fulfill(content_type="application/json", body=json.dumps({"places": places}))

    page.route("**/places.json?*", answer)
    return asked


@pytest.fixture
def place(page):
    """The field for a place, with the focus."""
    page.goto("/teachers/")
    field = page.get_by_role("combobox", name="Place", exact=True)
    field.focus()
    return field


def active(page) -> str:
    """Return the words of the suggestion that a screen reader is told of; empty for none."""
    return page.evaluate(
        """() => {
            const key = document.activeElement.getAttribute("aria-activedescendant");
            const option = key && document.getElementById(key);
            return option ? option.dataset.value : "";
        }"""
    )


def shown(page) -> dict[str, list[str]]:
    """Return what the address bar asks."""
    return parse_qs(urlsplit(page.url).query)


def options(page, **wanted):
    """Return the suggestions, among which the options of selects are not."""
    return page.get_by_role("listbox", name="Places").get_by_role("option", **wanted)


def heading(page):
    """Return the line that says how many were found."""
    return page.locator("#teacher-results [data-total]")


class TestSuggestions:
    def test_are_a_combobox_that_says_how_many_there_are(self, page, place):
        suggest(page)
        expect(place).to_have_attribute("aria-expanded", "false")
        page.keyboard.type("port")
        expect(options(page)).to_have_count(3)
        expect(place).to_have_attribute("aria-expanded", "true")
        expect(place).to_have_attribute("aria-autocomplete", "list")
        listed = page.get_by_role("listbox", name="Places")
        expect(listed).to_have_attribute("id", place.get_attribute("aria-controls"))
        expect(page.locator("[role=status]", has_text="Suggestions: 3")).to_have_count(1)
        expect(options(page).nth(2)).to_have_text("Portugal Country")

    def test_are_walked_by_keyboard_alone(self, page, place):
        suggest(page)
        page.keyboard.type("port")
        expect(page.get_by_role("listbox")).to_be_visible()
        walked = []
        for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
            page.keyboard.press(key)
            walked.append(active(page))
        assert walked == [OREGON, MAINE, PORTUGAL, OREGON, PORTUGAL, MAINE]
        expect(options(page, selected=True)).to_have_text(MAINE)
        expect(place).to_be_focused()

    @pytest.mark.parametrize(("key", "at"), [("Home", 0), ("End", 4), ("ArrowLeft", 3)])
    def test_keys_of_the_text_go_back_to_it(self, page, place, key, at):
        suggest(page)
        page.keyboard.type("port")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press(key)
        assert active(page) == ""
        assert place.evaluate("field => field.selectionStart") == at

    def test_enter_takes_the_one_that_is_marked_and_shows_what_it_finds(self, page, place):
        suggest(page)
        page.keyboard.type("port")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("ArrowUp")
        assert active(page) == PORTUGAL
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(place).to_have_value(MAINE)
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(heading(page)).to_have_text(f"1 teacher near {MAINE}")
        expect(place).to_be_focused()

    def test_enter_with_none_marked_searches_for_what_was_typed(self, page, place):
        suggest(page)
        page.keyboard.type("lyon")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(heading(page)).to_have_text(re.compile(r"^\d+ teachers near Lyon"))
        assert shown(page)["near"] == ["lyon"]

    def test_escape_closes_them_and_a_second_one_empties_the_field(self, page, place):
        suggest(page)
        page.keyboard.type("port")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(place).to_have_value("port")
        page.keyboard.press("Escape")
        expect(place).to_have_value("")

    def test_tab_leaves_the_field_as_it_is(self, page, place):
        suggest(page)
        page.keyboard.type("port")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(place).to_have_value("port")
        expect(place).not_to_be_focused()

    def test_a_pointer_takes_one(self, page, place):
        suggest(page)
        page.keyboard.type("port")
        options(page, name=OREGON).click()
        expect(place).to_have_value(OREGON)
        expect(place).to_be_focused()
        expect(heading(page)).to_have_text(f"1 teacher near {OREGON}")

    def test_are_asked_for_once_the_typing_rests(self, page, place):
        asked = suggest(page)
        page.keyboard.type("portland", delay=20)
        expect(page.get_by_role("listbox")).to_be_visible()
        assert asked[-1] == "portland"
        assert len(asked) < len("portland")  # a slow machine may rest in between

    def test_wait_until_a_word_is_composed(self, page, place):
        asked = suggest(page)
        place.evaluate(
            """field => {
                field.value = "とう";
                field.dispatchEvent(new InputEvent("input", { isComposing: true }));
            }"""
        )
        page.wait_for_timeout(400)
        assert asked == []
        place.evaluate(
            """field => {
                field.value = "東";
                field.dispatchEvent(new CompositionEvent("compositionend"));
            }"""
        )
        expect(page.get_by_role("listbox")).to_be_visible()
        assert asked == ["東"]

    @pytest.mark.parametrize("body", ["", "[]", "<!doctype html>", '{"places": 1}'])
    def test_that_do_not_come_are_not_missed(self, page, place, body):
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/places.json?*", lambda route: route.fulfill(body=body))
        page.keyboard.type("lyon")
        page.wait_for_timeout(400)
        expect(page.get_by_role("listbox")).to_be_hidden()
        page.keyboard.press("Enter")
        expect(heading(page)).to_have_text(re.compile("near Lyon"))
        assert complaints == []

    def test_are_text_whatever_they_contain(self, page, place):
        suggest(page, [{"label": "<img src=x onerror=alert(1)>", "kind": "town"}])
        page.keyboard.type("port")
        expect(options(page)).to_have_text("<img src=x onerror=alert(1)>")

    def test_come_from_the_site_itself(self, page, place):
        page.keyboard.type("portl")
        expect(options(page, name="Portland")).to_have_count(2)


class TestResultsInPlace:
    def test_a_choice_changes_the_results_the_address_and_the_numbers(self, page):
        page.goto("/teachers/")
        page.evaluate("window.isStillHere = true")
        before = heading(page).inner_text()
        language = page.get_by_role("checkbox", name="French")
        language.focus()
        page.keyboard.press("Space")
        expect(heading(page)).not_to_have_text(before)
        assert shown(page) == {"language": ["fr"]}
        expect(page.get_by_role("checkbox", name="French")).to_be_checked()
        expect(page.get_by_role("checkbox", name="French")).to_be_focused()
        said = page.locator("form[data-teacher-search] > [role=status]")
        expect(said).to_have_text(heading(page).inner_text())
        assert page.evaluate("window.isStillHere")

    def test_back_and_forward_lead_through_the_searches(self, page, place):
        suggest(page, [])
        before = heading(page).inner_text()
        page.keyboard.type("Lyon")
        page.keyboard.press("Enter")
        expect(heading(page)).to_have_text(re.compile("near Lyon"))
        page.get_by_role("checkbox", name="Online").check()
        expect(page).to_have_url(re.compile("format=online"))
        page.go_back()
        expect(page.get_by_role("checkbox", name="Online")).not_to_be_checked()
        expect(place).to_have_value("Lyon")
        page.go_back()
        expect(heading(page)).to_have_text(before)
        expect(place).to_have_value("")
        page.go_forward()
        expect(heading(page)).to_have_text(re.compile("near Lyon"))
        expect(place).to_have_value("Lyon")

    def test_a_page_of_results_follows_the_other_and_has_the_focus(self, page):
        page.goto("/teachers/?near=Lyon")
        page.evaluate("window.isStillHere = true")
        page.get_by_role("navigation", name="Pages of results").get_by_text("Next").click()
        expect(page).to_have_url(re.compile("page=2"))
        expect(heading(page)).to_be_focused()
        assert page.evaluate("window.isStillHere")

    def test_where_the_script_cannot_reach_the_site_the_browser_asks_itself(self, page, place):
        suggest(page, [])
        page.route(
            "**/teachers/?*",
            lambda route: (
                route.abort() if route.request.resource_type == "fetch" else route.continue_()
            ),
        )
        page.keyboard.type("Lyon")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("near=Lyon"))
        expect(heading(page)).to_have_text(re.compile("near Lyon"))

    def test_what_was_left_empty_is_not_in_the_address(self, page):
        page.goto("/teachers/")
        page.get_by_label("Name or keyword").fill("Maximiliana")
        page.get_by_label("Name or keyword").press("Enter")
        expect(page).to_have_url(re.compile("q=Maximiliana"))
        assert shown(page) == {"q": ["Maximiliana"]}

    def test_the_scripts_are_small_and_on_this_page_alone(self, page):
        page.goto("/teachers/")
        scripts = page.locator("script[src]").evaluate_all("all => all.map(one => one.src)")
        sizes = [
            len(page.request.get(address, headers={"Accept-Encoding": "identity"}).body())
            for address in scripts
        ]
        packed = page.evaluate(
            """async addresses => {
                let sum = 0;
                for (const address of addresses) {
                    const { body } = await fetch(address);
                    const packed = body.pipeThrough(new CompressionStream("gzip"));
                    sum += (await new Response(packed).arrayBuffer()).byteLength;
                }
                return sum;
            }""",
            scripts,
        )
        assert len(sizes) == 4
        assert packed <= 6 * 1024
        page.goto("/about/")
        assert page.locator("script[src*='teacher-search'], script[src*='combobox']").count() == 0


class TestNearMe:
    @pytest.fixture
    def abroad(self, browser, site):
        """A browser in Lyon that tells where it is."""
        context = browser.new_context(
            base_url=site.url,
            geolocation={"latitude": 45.764043, "longitude": 4.835659},
            permissions=["geolocation"],
        )
        yield context.new_page()
        context.close()

    def test_only_a_rounded_position_leaves_the_browser(self, abroad):
        sent = []
        abroad.goto("/teachers/")
        abroad.on("request", lambda request: sent.append(request.url))
        abroad.get_by_role("button", name="Near me").click()
        expect(abroad.get_by_label("Place", exact=True)).to_have_value("45.8, 4.8")
        expect(abroad).to_have_url(re.compile("near=45.8%2C\\+4.8"))
        expect(heading(abroad)).to_have_text(re.compile(r"teachers"))
        assert sent
        assert not any("45.76" in url or "4.83" in url for url in sent)

    def test_nothing_is_asked_before_it_is_pressed(self, browser, site):
        context = browser.new_context(base_url=site.url)
        page = context.new_page()
        page.add_init_script(
            "navigator.geolocation.getCurrentPosition = () => { window.wasAsked = true; }"
        )
        page.goto("/teachers/")
        button = page.get_by_role("button", name="Near me")
        expect(button).to_be_visible()
        expect(button).to_have_accessible_description(re.compile("only roughly"))
        assert not page.evaluate("window.wasAsked")
        button.click()
        assert page.evaluate("window.wasAsked")
        context.close()

    @pytest.mark.parametrize(
        ("code", "words"), [(1, "keeps your position to itself"), (2, "could not tell")]
    )
    def test_a_browser_that_does_not_tell_is_fine(self, page, code, words):
        page.add_init_script(
            "navigator.geolocation.getCurrentPosition = (found, failed) => "
            f"failed({{ code: {code}, PERMISSION_DENIED: 1 }})"
        )
        page.goto("/teachers/")
        page.get_by_role("button", name="Near me").click()
        expect(page.locator(".near-me [role=status]")).to_have_text(re.compile(words))
        expect(page.get_by_label("Place", exact=True)).to_have_value("")


class TestWithoutJavaScript:
    @pytest.fixture
    def plain(self, browser, site):
        """A phone without JavaScript."""
        context = browser.new_context(
            base_url=site.url, java_script_enabled=False, viewport={"width": 360, "height": 700}
        )
        yield context.new_page()
        context.close()

    def test_a_place_is_searched_for(self, plain):
        plain.goto("/teachers/")
        plain.get_by_label("Place", exact=True).fill("Munich")
        plain.get_by_role("button", name="Find teachers").click()
        expect(heading(plain)).to_have_text(re.compile("^1 teacher near Munich"))
        expect(plain.get_by_role("button", name="Near me")).to_have_count(0)

    def test_a_dot_that_stands_for_several_places_shows_them_below_the_map(self, plain):
        plain.goto("/teachers/")
        choices = plain.locator(".map__choices--narrow").first
        expect(choices).to_be_hidden()
        key = choices.get_attribute("id")
        plain.locator(f".map__view--narrow a[href='#{key}']").click()
        expect(choices).to_be_visible()
        expect(choices.get_by_role("link").first).to_have_text(re.compile(r": \d+ teacher"))


class TestMaps:
    def test_the_land_is_drawn_and_follows_the_scheme(self, page):
        page.goto("/teachers/")
        land = page.locator(".map__land")
        box = land.bounding_box()
        assert box["width"] > 300
        assert box["height"] > 100
        light = land.evaluate("land => getComputedStyle(land).fill")
        page.emulate_media(color_scheme="dark")
        assert land.evaluate("land => getComputedStyle(land).fill") != light

    def test_a_dot_leads_to_the_teachers_of_its_area(self, page):
        page.goto("/teachers/")
        page.locator(".map__dot:visible", has_text="Kenya").click()
        expect(heading(page)).to_have_text(re.compile("^1 teacher in Kenya"))

    def test_the_keyboard_finds_the_list_and_not_the_drawing(self, page):
        page.goto("/teachers/")
        assert page.locator(".map__drawing a:not([tabindex='-1'])").count() == 0
        page.get_by_role("link", name=re.compile("^Kenya 1 teacher")).press("Enter")
        expect(heading(page)).to_have_text(re.compile("^1 teacher in Kenya"))

    def test_a_town_around_a_place_leads_to_its_first_teacher_in_the_list(self, page):
        page.goto("/teachers/?near=Lyon&distance=250")
        dot = page.locator(".map--around .map__dot:visible").first
        key = dot.get_attribute("href")
        assert re.fullmatch(r"#teacher-[\w-]+|#map-wide-\d+", key)
        assert page.locator(key).count() == 1

    @pytest.mark.parametrize("path", ["/teachers/", "/teachers/?near=Lyon&distance=250"])
    def test_dots_on_a_phone_can_be_pressed_with_a_finger(self, browser, site, path):
        context = browser.new_context(base_url=site.url, viewport={"width": 320, "height": 700})
        page = context.new_page()
        page.goto(path)
        sizes = page.locator(".map__target:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().width)"
        )
        assert sizes
        assert min(sizes) >= 24
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        context.close()


def test_what_is_printed_is_the_map_and_the_list_with_nothing_to_press(page):
    page.emulate_media(media="print")
    page.goto("/teachers/?near=Lyon&distance=500")
    expect(page.locator(".map--around .map__dot:visible").first).to_be_visible()
    expect(page.locator(".teacher").first).to_be_visible()
    to_press = page.locator("button:visible, input:visible, select:visible, summary:visible")
    assert to_press.count() == 0
    page.locator(".teacher__name a").first.click()
    page.wait_for_url(re.compile(r"/teachers/[\w-]+/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert to_press.count() == 0


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_places_are_suggested(browser, site, scheme, width):
    context = browser.new_context(
        base_url=site.url, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    suggest(page)
    page.goto("/teachers/")
    page.get_by_role("combobox", name="Place", exact=True).focus()
    page.keyboard.type("port")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    results = Axe().run(page, options={"runOnly": RULES})
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [
        f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in results.response["violations"]
    ] == []
    assert wide == width
