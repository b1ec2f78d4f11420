"""What those who keep the directory of teachers do, by the admin's own screens."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.test_editors import publish

LIST = "/admin/snippets/teachers/teacher/"
ROWS = "Email,Name,Level,Languages,Town,Consent,Last confirmed\n" + "".join(
    f"walk{n}@example.org,Sample Walk {n},Certified Teacher,English; fr,"
    f'"Lyon, France",yes,{timezone.localdate()}\n'
    for n in range(20)
)


def test_a_teacher_is_added_with_a_town_and_found_by_visitors(admin):
    admin.goto(f"{LIST}add/")
    admin.locator("#id_name").fill("Sample Newcomer")
    admin.get_by_role("button", name="Choose a town").click()
    window = admin.get_by_role("dialog")
    window.get_by_label("Town").fill("suva")
    window.get_by_role("link", name="Suva, Fiji").click()
    expect(admin.locator("#id_place-title")).to_have_text("Suva, Fiji")
    admin.get_by_role("checkbox", name="Portuguese", exact=True).check()
    admin.get_by_label("Contact address").fill("newcomer@example.org")
    admin.get_by_role("tab", name="Directory").click()
    expect(admin.get_by_text("Not yet: nothing is stored.")).to_be_visible()
    admin.get_by_role("checkbox", name="Agreed to be listed").check()
    publish(admin)
    admin.goto(f"{LIST}?q=newcomer")
    row = admin.get_by_role("row").filter(has_text="Sample Newcomer")
    expect(row).to_contain_text("In the directory")
    expect(row).to_contain_text("Suva")
    row.get_by_role("link", name="Sample Newcomer").first.click()
    admin.get_by_role("tab", name="Directory").click()
    expect(admin.get_by_text("Visitors find this teacher in the directory now.")).to_be_visible()
    admin.goto("/teachers/sample-newcomer/")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Sample Newcomer")
    assert admin.complaints == []


def test_a_list_is_brought_in_and_the_page_tells_by_itself_when_it_is_done(admin, site):
    admin.goto("/admin/teachers/imports/")
    broken = ROWS + "walk99@example.org,Sample Walk 99,Grand Master,en,,yes,2026-06-01\n"
    upload = {"name": "list.csv", "mimeType": "text/csv", "buffer": broken.encode()}
    admin.get_by_label("CSV file").set_input_files(upload)
    admin.get_by_role("button", name="Look at the file").click()
    expect(admin.get_by_role("cell", name="Added").first).to_be_visible()
    admin.get_by_role("button", name="Go on").click()
    totals = admin.get_by_role("table", name="What would become of the rows")
    expect(totals.get_by_role("row", name=re.compile("Added 20"))).to_be_visible()
    expect(totals.get_by_role("row", name=re.compile("Refused 1"))).to_be_visible()
    admin.get_by_role("button", name="Import these teachers").click()
    expect(admin.get_by_text("0 of 21 rows")).to_be_visible()
    site.work()
    expect(admin.get_by_text("There is no training level “Grand Master”.")).to_be_visible(
        timeout=20_000
    )
    admin.goto(f"{LIST}?q=walk")
    expect(admin.get_by_text("20 teachers match")).to_be_visible()
    admin.goto("/teachers/sample-walk-7/")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Sample Walk 7")
    assert admin.complaints == []


def test_every_screen_works_under_the_policy(admin):
    for address in (
        LIST,
        f"{LIST}?listed=yes&renewal=soon",
        "/admin/snippets/teachers/traininglevel/",
        "/admin/snippets/teachers/program/add/",
        "/admin/teachers/changes/",
        "/admin/teachers/renewals/",
        "/admin/teachers/without-a-town/",
        "/admin/teachers/exports/",
        "/admin/teachers/settings/",
    ):
        admin.goto(address)
        admin.wait_for_load_state("networkidle")
        expect(admin).to_have_title(re.compile("CMSC|Wagtail"))
    assert admin.complaints == []
