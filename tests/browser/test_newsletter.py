"""Signing up in a real browser: in place, without JavaScript, with a puzzle, by everyone."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, RunningSite
from tests.browser.test_everyone import RULES

# Who is faster than that is taken for a robot.
UNTIL_READY = "new Promise(done => setTimeout(done, 1600 - performance.now()))"
TURNING_SIGN = "\u202e"
FORM_PAGE = "/newsletter/subscribe/"
SET_PUZZLE = (
    "from newsletter.models import NewsletterSettings; from wagtail.models import Site; "
    "words = NewsletterSettings.for_site(Site.objects.get()); words.proof_of_work = {}; "
    "words.save()"
)


def asked(site: RunningSite, table: str, address: str) -> list[tuple]:
    """Return the rows of that address in one of the newsletter's tables."""
    with closing(sqlite3.connect(site.var / "site.sqlite3")) as database:
        query = f"select * from newsletter_{table} where key = ?"  # noqa: S608
        return database.execute(query, [address]).fetchall()


def type_into(form, address: str, name: str = "") -> None:
    form.page.evaluate(UNTIL_READY)
    form.get_by_label("Email address").fill(address)
    form.get_by_label("Name (optional)").fill(name)


def press(form) -> None:
    form.get_by_role("button", name="Subscribe").click()


def form_on(page, path: str):
    page.goto(path)
    return page.locator("form[data-sign-up]")


def posts(page) -> list[str]:
    """Return a list that each sign-up sent from now on is added to, by the kind of request."""
    sent = []
    page.on(
        "request",
        lambda request: sent.append(request.resource_type) if request.method == "POST" else None,
    )
    return sent


@pytest.fixture
def plain(browser, site):
    """A phone without JavaScript."""
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, viewport={"width": 360, "height": 700}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def puzzle(site):
    """Have the form ask for a puzzle, as long as the test runs."""

    def switch(on: bool) -> None:
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", SET_PUZZLE.format(on)],
            cwd=ROOT,
            env=site.environment,
            check=True,
            capture_output=True,
        )

    switch(True)
    yield
    switch(False)


class TestInPlace:
    def test_the_answer_takes_the_forms_place_and_the_focus(self, page, site):
        form = form_on(page, "/about/")
        type_into(form, "in-place@example.org", "Ann")
        press(form)
        expect(page.get_by_role("heading", name="Check your inbox")).to_be_focused()
        expect(form).to_have_count(0)
        expect(page).to_have_url(re.compile("/about/$"))
        assert len(asked(site, "subscriber", "in-place@example.org")) == 1
        assert asked(site, "heldsignup", "in-place@example.org") == []

    def test_a_slip_in_the_domain_is_pointed_out(self, page):
        form = form_on(page, "/about/")
        type_into(form, "slip@gmial.com")
        press(form)
        expect(page.get_by_text("Did you mean gmail.com?")).to_be_visible()

    def test_a_fault_is_said_at_the_field_and_nothing_is_lost(self, page, site):
        form = form_on(page, "/about/")
        type_into(form, "fault@example.org", f"Ann{TURNING_SIGN}")
        press(form)
        name = form.get_by_label("Name (optional)")
        expect(name).to_be_focused()
        expect(name).to_have_attribute("aria-invalid", "true")
        expect(name).to_have_accessible_description(re.compile("without invisible signs"))
        expect(form.get_by_label("Email address")).to_have_value("fault@example.org")
        type_into(form, "fault@example.org", "Ann")
        press(form)
        expect(page.get_by_role("heading", name="Check your inbox")).to_be_focused()
        (row,) = asked(site, "subscriber", "fault@example.org")
        assert "/about/" in row

    def test_two_presses_send_once(self, page):
        form = form_on(page, "/about/")
        type_into(form, "twice@example.org")
        sent = posts(page)
        form.evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
        expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
        assert sent == ["fetch"]

    def test_where_the_script_cannot_reach_the_site_the_form_is_sent_by_itself(self, page):
        form = form_on(page, "/about/")
        type_into(form, "by-itself@example.org")
        page.route(
            f"**{FORM_PAGE}",
            lambda route: (
                route.abort() if route.request.resource_type == "fetch" else route.continue_()
            ),
        )
        press(form)
        expect(page).to_have_url(re.compile("/newsletter/check-your-inbox/$"))

    def test_an_answer_that_is_no_answer_is_not_shown(self, page):
        form = form_on(page, "/about/")
        type_into(form, "proxy@example.org")
        page.route(
            f"**{FORM_PAGE}",
            lambda route: (
                route.fulfill(body="<!doctype html><title>Bad gateway</title><p>502")
                if route.request.resource_type == "fetch"
                else route.continue_()
            ),
        )
        press(form)
        expect(page).to_have_url(re.compile("/newsletter/check-your-inbox/$"))

    def test_a_refusal_stands_above_what_was_typed(self, page):
        form = form_on(page, "/about/")
        type_into(form, "refused@example.org")
        refusal = '<p class="sign-up__refusal" role="alert" tabindex="-1" data-answer>Later.</p>'
        page.route(f"**{FORM_PAGE}", lambda route: route.fulfill(status=429, body=refusal))
        for _time in range(2):
            press(form)
            expect(form.get_by_role("alert")).to_be_focused()
        expect(form.get_by_label("Email address")).to_have_value("refused@example.org")

    def test_the_script_is_small(self, page, site):
        response = page.request.get(
            form_on(page, "/")
            .page.locator("script[src*='every-page']")
            .evaluate("script => script.src"),
            headers={"Accept-Encoding": "identity"},
        )
        assert len(response.body()) <= 2048


class TestWithoutJavaScript:
    def test_the_form_leads_to_a_page_that_says_the_same(self, plain, site):
        form = form_on(plain, "/about/")
        form.get_by_label("Email address").fill("plain@example.org")
        press(form)
        expect(plain.get_by_role("heading", level=1)).to_have_text("Check your inbox")
        expect(plain).to_have_url(re.compile("/newsletter/check-your-inbox/$"))
        assert len(asked(site, "subscriber", "plain@example.org")) == 1

    def test_a_fault_is_said_on_a_page_with_the_form_as_typed(self, plain):
        form = form_on(plain, "/about/")
        form.get_by_label("Email address").fill("plain@example.org")
        form.get_by_label("Name (optional)").fill(f"Ann{TURNING_SIGN}")
        press(form)
        expect(plain.get_by_role("alert")).to_have_text(re.compile("without invisible signs"))
        expect(plain.get_by_label("Name (optional)")).to_be_focused()
        expect(plain.get_by_label("Email address")).to_have_value("plain@example.org")

    def test_the_puzzle_is_told_of_and_what_follows_without_it(self, plain, puzzle, site):
        form = form_on(plain, "/about/")
        expect(form.get_by_text("A small puzzle keeps robots away.")).to_be_visible()
        # A Chromium that is told to run no script does not draw what is for browsers without.
        assert "waits until someone has looked at it" in plain.content()
        form.get_by_label("Email address").fill("unsolved@example.org")
        press(form)
        expect(plain.get_by_role("heading", level=1)).to_have_text("Check your inbox")
        assert len(asked(site, "heldsignup", "unsolved@example.org")) == 1


class TestWithAPuzzle:
    def test_the_browser_solves_it_and_the_sites_policy_lets_it(self, page, puzzle, site):
        complaints = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        form = form_on(page, "/about/")
        type_into(form, "solved@example.org")
        press(form)
        expect(page.get_by_role("heading", name="Check your inbox")).to_be_focused(timeout=30_000)
        assert complaints == []
        assert asked(site, "heldsignup", "solved@example.org") == []
        assert len(asked(site, "subscriber", "solved@example.org")) == 1

    def test_the_page_says_what_it_does(self, page, puzzle):
        form = form_on(page, "/about/")
        type_into(form, "told@example.org")
        page.route("**/newsletter/challenge/", lambda route: None)  # which is never answered
        press(form)
        expect(form.get_by_role("status")).to_have_text(re.compile("is being solved"))

    def test_a_fault_that_is_mended_needs_a_new_one_which_is_solved_too(self, page, puzzle, site):
        form = form_on(page, "/about/")
        type_into(form, "mended@example.org", f"Ann{TURNING_SIGN}")
        press(form)
        expect(form.get_by_label("Name (optional)")).to_be_focused(timeout=30_000)
        type_into(form, "mended@example.org", "Ann")
        press(form)
        expect(page.get_by_role("heading", name="Check your inbox")).to_be_focused(timeout=30_000)
        assert asked(site, "heldsignup", "mended@example.org") == []

    def test_where_it_cannot_be_had_the_sign_up_waits_for_someone(self, page, puzzle, site):
        form = form_on(page, "/about/")
        type_into(form, "no-puzzle@example.org")
        page.route("**/newsletter/challenge/", lambda route: route.abort())
        press(form)
        expect(page.get_by_role("heading", name="Check your inbox")).to_be_focused()
        assert len(asked(site, "heldsignup", "no-puzzle@example.org")) == 1

    def test_nothing_is_loaded_for_it_while_it_is_not_asked_for(self, page):
        page.goto("/about/")
        assert page.locator("script[src*='altcha'], altcha-widget").count() == 0


class TestEveryone:
    @pytest.mark.parametrize("width", [320, 768, 1280])
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_can_use_the_form_its_faults_and_its_answer(self, browser, site, scheme, width):
        context = browser.new_context(
            base_url=site.url,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
        )
        page = context.new_page()
        found = []

        def look(name: str) -> None:
            results = Axe().run(page, options={"runOnly": RULES})
            found.extend(f"{name}: {v['id']}" for v in results.response["violations"])
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{name}: scrolls sideways")

        for path in (FORM_PAGE, "/newsletter/check-your-inbox/?meant=gmail.com"):
            page.goto(path)
            look(path)
        form = form_on(page, "/about/")
        type_into(form, f"axe-{scheme}-{width}@gmial.com", f"Ann{TURNING_SIGN}")
        press(form)
        expect(form.get_by_role("alert")).to_be_visible()
        look("a fault")
        form.get_by_label("Name (optional)").fill("")
        press(form)
        expect(page.get_by_text("Did you mean gmail.com?")).to_be_visible()
        look("the answer")
        context.close()
        assert found == []

    def test_the_puzzle_is_for_everyone(self, page, puzzle):
        form_on(page, "/about/")
        results = Axe().run(page, options={"runOnly": RULES})
        assert [v["id"] for v in results.response["violations"]] == []

    def test_the_form_is_filled_in_by_keyboard_alone(self, page):
        form = form_on(page, "/about/")
        page.evaluate(UNTIL_READY)
        form.get_by_label("Email address").focus()
        page.keyboard.type("keys@example.org")
        page.keyboard.press("Tab")
        expect(form.get_by_label("Name (optional)")).to_be_focused()
        page.keyboard.press("Tab")
        expect(form.get_by_role("button", name="Subscribe")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Check your inbox")).to_be_focused()

    def test_paper_holds_no_form(self, page):
        form = form_on(page, "/about/")
        expect(form).to_be_visible()
        page.emulate_media(media="print")
        expect(form).to_be_hidden()
