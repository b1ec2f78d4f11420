"""A teacher keeps their own entry on a phone, and a visitor writes to a teacher."""

import re
import subprocess
import sys
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, RunningSite
from tests.browser.test_everyone import RULES

# Who is faster than that is taken for a robot.
UNTIL_READY = "new Promise(done => setTimeout(done, 1600 - performance.now()))"
LINKS = """
from teachers.links import edit_link
from teachers.models import Place
from tests.factories import ImageFactory, ProgramFactory, TeacherFactory
ProgramFactory(name="Sample program")
portrait = ImageFactory(title="Sample portrait", description="Sample portrait of Ana")
lyon = Place.objects.get(name="Lyon")
ana = TeacherFactory(name="Sample Ana", slug="sample-own-entry", languages=["en", "fr"],
    contact_address="ana@example.org", place=lyon, portrait=portrait)
moved = TeacherFactory(name="Sample Moved", contact_address="moved@example.org", place=lyon)
print("edit", edit_link(ana))
print("over", edit_link(moved))
moved.contact_address = "elsewhere@example.org"
moved.save()
"""


@dataclass(frozen=True)
class Links:
    """What stands in the mails of two teachers: to an entry, and one that has expired."""

    edit: str
    over: str


@pytest.fixture(scope="module")
def links(site: RunningSite) -> Links:
    """Add two teachers to the site, and return their links."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", LINKS],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = dict(line.split() for line in done.stdout.splitlines())
    return Links(found["edit"], found["over"])


@pytest.fixture
def phone(browser, site):
    """A narrow phone."""
    context = browser.new_context(base_url=site.url, viewport={"width": 320, "height": 700})
    yield context.new_page()
    context.close()


def press(page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def walk(page, links: Links):
    """Go through every page that a teacher sees, and yield the name of each."""
    page.goto("/teachers/own/")
    yield "ask"
    page.evaluate("document.querySelector('.contact__form').noValidate = true")
    page.get_by_label("Your contact address").fill("no address")
    press(page, "Send me a link")
    yield "ask, with a mistake"
    page.get_by_label("Your contact address").fill("nobody@example.org")
    press(page, "Send me a link")
    yield "sent"
    page.goto(links.edit)
    yield "edit"
    page.get_by_text("Other languages").click()
    page.get_by_label("Website").fill("not a website")
    press(page, "Save")
    yield "edit, with a mistake"
    page.get_by_label("Website").fill("example.org/me")
    press(page, "See how it will look")
    yield "preview"
    page.goto(links.over)
    yield "over"
    page.goto("/teachers/sample-own-entry/write/")
    page.evaluate("document.querySelector('.contact__form').noValidate = true")
    page.evaluate(UNTIL_READY)
    press(page, "Send")
    yield "message, with mistakes"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_teachers_own_pages(phone, links, scheme):
    phone.emulate_media(color_scheme=scheme)
    found, wide = [], []
    for name in walk(phone, links):
        results = Axe().run(phone, options={"runOnly": RULES})
        found += [
            f"{name}: {v['id']}: {v['nodes'][0]['html'][:120]}"
            for v in results.response["violations"]
        ]
        if phone.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(name)
    assert found == []
    assert wide == []


def test_a_website_is_typed_without_its_scheme(phone, links):
    phone.goto(links.edit)
    phone.get_by_label("Website").fill("example.org/me")
    press(phone, "See how it will look")
    link = phone.get_by_role("link", name="example.org/me")
    expect(link).to_have_attribute("href", "https://example.org/me")


def test_a_language_is_chosen_with_a_finger(phone, links):
    phone.goto(links.edit)
    german = phone.get_by_role("checkbox", name="German", exact=True)
    expect(phone.get_by_role("checkbox", name="French", exact=True)).to_be_checked()
    expect(german).to_be_hidden()
    phone.get_by_text("Other languages").click()
    german.check()
    press(phone, "See how it will look")
    expect(phone.get_by_text("English, French, German")).to_be_visible()
    press(phone, "Change more")
    expect(german).to_be_visible()
    expect(german).to_be_checked()


def test_a_box_stands_beside_its_label_and_above_what_is_said_of_it(phone, links):
    phone.goto(links.edit)
    field = phone.locator(".field", has=phone.locator("#id_listed"))
    box, label, told = (
        field.locator(part).bounding_box() for part in ("input", "label", ".field__help")
    )
    assert box["x"] + box["width"] <= label["x"]
    assert box["y"] < label["y"] + label["height"]
    assert label["x"] == told["x"]
    assert label["y"] + label["height"] <= told["y"]


def test_saving_is_within_reach_before_and_after_the_preview(phone, links):
    phone.goto(links.edit)
    press(phone, "See how it will look")
    profile = phone.locator(".own-entry__preview").bounding_box()
    above, below = (
        phone.get_by_role("button", name="Save").nth(at).bounding_box() for at in (0, 1)
    )
    assert above["y"] < profile["y"]
    assert below["y"] >= profile["y"] + profile["height"]
    phone.get_by_role("button", name="Save").nth(1).click()
    expect(phone).to_have_url(re.compile(r"\?done=same$"))


def test_the_focus_is_on_the_first_mistake(phone, links):
    phone.goto(links.edit)
    phone.get_by_label("Website").fill("not a website")
    press(phone, "Save")
    expect(phone.get_by_label("Website")).to_be_focused()
    phone.goto("/teachers/sample-own-entry/write/")
    phone.evaluate("document.querySelector('.contact__form').noValidate = true")
    phone.get_by_label("Your name").fill("Sample Writer")
    phone.evaluate(UNTIL_READY)
    press(phone, "Send")
    expect(phone.get_by_label("Your email address")).to_be_focused()
    summary = phone.locator(".form-errors")
    expect(summary.get_by_role("link")).to_have_text(["Your email address", "Your message"])
    summary.get_by_role("link", name="Your message").click()
    expect(phone.get_by_role("textbox", name="Your message")).to_be_focused()


def test_the_way_to_the_top_covers_no_field(phone, links):
    phone.goto(links.edit)
    for field in ("Town", "Website", "Contact address"):
        phone.get_by_label(field, exact=True).scroll_into_view_if_needed()
        expect(phone.get_by_role("link", name="Scroll to top")).not_to_be_in_viewport()
