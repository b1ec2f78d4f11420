"""An editor's tasks, done by the admin's own screens."""

from playwright.sync_api import expect

from tests.factories import pdf_bytes


def test_the_dashboard_names_what_staff_come_to_do(admin):
    tasks = admin.get_by_role("region", name="What would you like to do?")
    for name in ("Change a page", "Present people", "Announce something", "Arrange the menus"):
        expect(tasks.get_by_role("link", name=name)).to_be_visible()
    tasks.get_by_role("link", name="Present people").click()
    expect(admin.get_by_role("link", name="Lisa Baylis", exact=True)).to_be_visible()


def test_changing_the_vision_is_live_on_the_next_request(admin, site):
    admin.goto(admin_edit_address(admin, "/about/mission/"))
    vision = admin.get_by_label("Vision statement")
    before = vision.input_value()
    vision.fill(f"{before} Changed by a test.")
    publish(admin)
    admin.goto("/about/mission/")
    expect(admin.get_by_text("Changed by a test.")).to_be_visible()
    admin.goto(admin_edit_address(admin, "/about/mission/"))
    admin.get_by_label("Vision statement").fill(before)
    publish(admin)


def test_the_preview_shows_a_change_before_it_is_saved(admin):
    admin.goto(admin_edit_address(admin, "/about/mission/"))
    admin.get_by_label("Vision statement").fill("Words that nobody has saved.")
    admin.get_by_role("button", name="Toggle preview").click()
    preview = admin.frame_locator("iframe[title='Preview']").first
    expect(preview.get_by_text("Words that nobody has saved.")).to_be_visible(timeout=20_000)
    assert admin.complaints == []


def test_every_screen_works_under_the_policy(admin):
    for address in (
        "/admin/",
        admin_edit_address(admin, "/"),
        admin_edit_address(admin, "/sample-blocks/"),
        "/admin/snippets/people/person/",
        "/admin/snippets/people/person/add/",
        "/admin/snippets/people/peoplegroup/",
        "/admin/images/add/",
        "/admin/settings/pages/menusettings/",
        "/admin/settings/pages/organisationsettings/",
        "/admin/snippets/pages/announcement/add/",
        "/admin/snippets/finance/filing/",
        "/admin/snippets/finance/annualfigures/add/",
        "/admin/finance/disclosure/",
        "/admin/finance/import/",
        "/admin/finance/board/",
        "/admin/account/",
        "/admin/reports/",
    ):
        admin.goto(address)
        admin.wait_for_load_state("networkidle")
    assert admin.complaints == []


def test_a_new_person_is_made_and_given_a_seat(admin):
    admin.goto("/admin/snippets/people/person/add/")
    admin.locator("#id_name").fill("Sample Newcomer")
    publish(admin)
    expect(
        admin.get_by_text("Person 'Sample Newcomer' created").or_(
            admin.locator(".messages .success")
        )
    ).to_be_visible()
    admin.goto("/admin/snippets/people/peoplegroup/")
    admin.get_by_role("link", name="Board of Directors", exact=True).click()
    admin.get_by_role("button", name="Add seat").click()
    admin.get_by_role("button", name="Choose person").last.click()
    admin.get_by_role("link", name="Sample Newcomer").click()
    admin.get_by_label("Title").last.fill("Sample Chair")
    publish(admin)
    admin.goto("/about/leadership/")
    expect(admin.get_by_role("link", name="Sample Newcomer")).to_be_visible()
    admin.get_by_role("link", name="Sample Newcomer").click()
    expect(admin.get_by_text("Sample Chair").first).to_be_visible()


class TestFilingADocument:
    def fill(self, admin, content: bytes, title: str, day: str) -> None:
        admin.goto("/admin/snippets/finance/filing/add/")
        upload = {"name": "sample.pdf", "mimeType": "application/pdf", "buffer": content}
        admin.get_by_label("Upload a PDF").set_input_files(upload)
        admin.get_by_label("Kind").select_option(label="Annual report")
        admin.get_by_label("Fiscal year ends on").fill(day)
        admin.get_by_role("textbox", name="Title").fill(title)
        publish(admin)

    def test_the_page_tells_by_itself_when_the_check_is_passed(self, admin, site):
        self.fill(admin, pdf_bytes("Uploaded by a test"), "Sample upload", "2017-06-30")
        expect(admin.get_by_text("is being checked").first).to_be_visible()
        admin.goto("/about/financials/2017/annual-report.pdf")
        expect(admin.get_by_role("heading", level=1)).to_contain_text("could not find")
        admin.go_back()
        site.work()
        expect(admin.get_by_text("PDF, 2 pages")).to_be_visible(timeout=20_000)
        admin.goto("/about/financials/")
        link = admin.get_by_role("link", name="Sample upload", exact=True)
        expect(link).to_have_attribute("href", "/about/financials/2017/annual-report.pdf")
        assert admin.complaints == []

    def test_a_refused_file_is_explained_and_the_form_kept(self, admin, site):
        self.fill(admin, b"<!doctype html><p>Not a PDF", "Sample refusal", "2016-06-30")
        site.work()
        expect(admin.get_by_text("cannot be published")).to_be_visible(timeout=20_000)
        expect(admin.get_by_role("textbox", name="Title")).to_have_value("Sample refusal")
        admin.goto("/about/financials/")
        expect(admin.get_by_text("Sample refusal")).to_have_count(0)


def admin_edit_address(page, path: str) -> str:
    """Return the address at which the page at `path` is edited, from its userbar."""
    page.goto(path)
    userbar = page.locator("wagtail-userbar")
    href = userbar.evaluate(
        'bar => bar.shadowRoot.querySelector(\'a[href*="/admin/pages/"][href$="/edit/"]\').href'
    )
    return href


def publish(page) -> None:
    """Publish what the form holds: the last choice of the footer's menu."""
    page.get_by_role("button", name="More actions").or_(
        page.locator("footer [data-w-dropdown-target='toggle']")
    ).first.click()
    page.get_by_role("button", name="Publish").last.click()
    expect(page.locator(".messages li.success").first).to_be_visible()
