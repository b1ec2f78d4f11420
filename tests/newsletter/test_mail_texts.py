"""Staff change the words of the mails, see them as they will arrive, and send themselves a test."""

import pytest
from django.urls import reverse
from post_office.models import STATUS, Email
from wagtail.models import Locale

from newsletter.content import load_mail_texts
from newsletter.mail_rendering import Links, render_mail
from newsletter.models import MailKind, MailText
from pages.content.loader import Loading
from tests.factories import UserFactory
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db

MAILS = "/admin/snippets/newsletter/mailtext/"
LINKS = Links("https://e.org/a", "https://e.org/l", "https://e.org/p")
WORDS = {
    "subject": "Sample subject",
    "heading": "Sample heading",
    "text": "Sample text",
    "button": "Sample button",
    "after": "",
}


@pytest.fixture
def confirmation() -> MailText:
    """The mail that asks to confirm."""
    return MailText.objects.get(kind=MailKind.CONFIRM)


@pytest.fixture
def superuser():
    """A browser in which someone has signed in who may do everything."""
    return signed_in(UserFactory(admin=True))


def text_of(response) -> str:
    return response.content.decode()


def edit(mail_text: MailText) -> str:
    return f"{MAILS}edit/{mail_text.pk}/"


def trial(mail_text: MailText) -> str:
    return reverse("newsletter_send_test", args=[mail_text.pk])


class TestLoading:
    def test_gives_staff_each_mail_to_change(self):
        assert set(MailText.objects.values_list("kind", flat=True)) == set(MailKind)

    def test_once_leaves_what_staff_wrote_since(self, confirmation):
        MailText.objects.filter(pk=confirmation.pk).update(subject="Sample subject")
        load_mail_texts(Loading({}))
        confirmation.refresh_from_db()
        assert confirmation.subject == "Sample subject"
        assert MailText.objects.count() == len(MailKind)


class TestChanging:
    def test_is_in_the_next_mail(self, newsletter_staff, confirmation, committed):
        render_mail(MailKind.CONFIRM, "en", LINKS)
        with committed():
            response = newsletter_staff.post(edit(confirmation), WORDS, follow=True)
        assert trial(confirmation) in text_of(response)
        mail = render_mail(MailKind.CONFIRM, "en", LINKS)
        assert mail.subject == "Sample subject"
        assert "Sample button:\nhttps://e.org/a\n" in mail.text

    @pytest.mark.parametrize("field", WORDS)
    def test_refuses_braces_since_nothing_is_filled_in(self, newsletter_staff, confirmation, field):
        values = {**WORDS, field: "Dear {name}"}
        answer = newsletter_staff.post(edit(confirmation), values)
        assert answer.context["form"].errors.keys() == {field}
        assert "Nothing is filled in here" in text_of(answer)

    @pytest.mark.parametrize("field", ["subject", "heading", "button"])
    @pytest.mark.parametrize("character", ["\r\nBcc: a@example.org", "\x07", "\u2028"])
    def test_refuses_a_second_line_and_loses_nothing(
        self, newsletter_staff, confirmation, field, character
    ):
        values = {**WORDS, field: f"one{character}two"}
        text = text_of(newsletter_staff.post(edit(confirmation), values))
        assert "This is one line" in text
        assert "Sample text" in text
        before = getattr(confirmation, field)
        confirmation.refresh_from_db()
        assert getattr(confirmation, field) == before

    def test_leaves_the_confirmation_its_button(self, newsletter_staff, confirmation):
        text = text_of(newsletter_staff.post(edit(confirmation), {**WORDS, "button": " "}))
        assert "nobody could confirm without it" in text

    def test_may_take_the_button_from_another_mail(self, newsletter_staff):
        welcome = MailText.objects.get(kind=MailKind.WELCOME)
        newsletter_staff.post(edit(welcome), {**WORDS, "button": ""})
        welcome.refresh_from_db()
        assert welcome.button == ""

    @pytest.mark.parametrize("place", ["add/", "delete/{}/", "copy/{}/"])
    def test_adds_deletes_and_copies_nothing(
        self, newsletter_staff, superuser, confirmation, place
    ):
        address = MAILS + place.format(confirmation.pk)
        for browser in (newsletter_staff, superuser):
            assert browser.get(address).status_code in {302, 403, 404}
            browser.post(address, WORDS)
        assert set(MailText.objects.values_list("kind", flat=True)) == set(MailKind)

    def test_deletes_nothing_in_bulk(self, newsletter_staff, superuser, confirmation):
        address = f"/admin/bulk/newsletter/mailtext/delete/?id={confirmation.pk}"
        newsletter_staff.post(address)
        assert "cannot be deleted" in text_of(superuser.post(address, follow=True))
        assert MailText.objects.filter(pk=confirmation.pk).exists()

    def test_begins_from_a_list_that_offers_no_more_than_that(self, superuser):
        text = text_of(superuser.get(MAILS))
        assert "Please confirm your subscription to our newsletter" in text
        assert f"{MAILS}add/" not in text
        assert f"{MAILS}delete/" not in text


class TestPreview:
    def preview(self, browser, mail_text, mode, **words):
        """Return what the frame beside the form shows while words are typed."""
        address = f"{MAILS}preview/{mail_text.pk}/"
        assert browser.post(address, {**WORDS, **words}).json()["is_valid"]
        return browser.get(address, {"mode": mode, "in_preview_panel": "true"})

    def test_shows_the_mail_as_html_before_it_is_saved(self, newsletter_staff, confirmation):
        response = self.preview(newsletter_staff, confirmation, "html", text="Sample <b>typed</b>")
        assert response["Content-Type"].startswith("text/html")
        assert "Sample &lt;b&gt;typed&lt;/b&gt;" in text_of(response)
        assert "Sample button" in text_of(response)
        assert not MailText.objects.filter(subject="Sample subject").exists()

    def test_shows_the_mail_as_text(self, newsletter_staff, confirmation):
        response = self.preview(newsletter_staff, confirmation, "text", text="Sample <b>typed</b>")
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert "Sample <b>typed</b>" in text_of(response)

    def test_may_be_framed_and_styled_by_the_admin_alone(self, newsletter_staff, confirmation):
        response = self.preview(newsletter_staff, confirmation, "html")
        policy = response["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy
        assert "style-src 'self' 'unsafe-inline'" in policy
        assert response["X-Frame-Options"] == "SAMEORIGIN"

    def test_keeps_nothing_for_the_mails_that_are_sent(self, newsletter_staff, confirmation):
        self.preview(newsletter_staff, confirmation, "html")
        assert "Sample heading" not in render_mail(MailKind.CONFIRM, "en", LINKS).html

    def test_leads_to_nobodys_data(self, newsletter_staff, confirmation):
        text = text_of(self.preview(newsletter_staff, confirmation, "text"))
        link = next(line for line in text.splitlines() if "/confirm/" in line)
        assert link.endswith("/newsletter/confirm/example/")


class TestSendingATest:
    def test_is_asked_about_first(self, newsletter_staff, confirmation):
        response = newsletter_staff.get(trial(confirmation))
        assert "your own address and to nobody else" in text_of(response)
        assert not Email.objects.exists()

    def test_goes_to_the_one_who_asked_and_says_that_it_is_one(self, confirmation):
        user = member("Newsletter")
        values = {"to": "someone@example.org", "email": "someone@example.org"}
        response = signed_in(user).post(trial(confirmation), values, follow=True)
        mail = Email.objects.get()
        assert (mail.to, mail.cc, mail.bcc) == ([user.email], [], [])
        assert mail.subject == f"[Test] {confirmation.subject}"
        assert confirmation.heading in mail.message
        assert confirmation.heading in mail.html_message
        assert mail.status == STATUS.queued
        assert "on its way to your own address" in text_of(response)

    def test_sends_the_words_that_are_saved(self, newsletter_staff, confirmation):
        newsletter_staff.post(edit(confirmation), WORDS)
        newsletter_staff.post(trial(confirmation))
        assert Email.objects.get().subject == "[Test] Sample subject"

    def test_of_no_mail_is_not_found(self, newsletter_staff):
        assert newsletter_staff.post("/admin/newsletter/mails/0/test/").status_code == 404

    @pytest.mark.parametrize("group", ["", "Editors", "Moderators", "Finance", "Board"])
    def test_is_for_the_newsletter_staff_alone(self, group, confirmation):
        browser = signed_in(member(group))
        assert browser.post(trial(confirmation)).status_code in {302, 403}
        assert browser.get(edit(confirmation)).status_code in {302, 403}
        assert not Email.objects.exists()


def test_a_mail_is_in_the_language_of_the_subscriber_where_staff_wrote_it(settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    arabic = Locale.objects.create(language_code="ar")
    MailText.objects.create(kind=MailKind.WELCOME, locale=arabic, **WORDS)
    mail = render_mail(MailKind.WELCOME, "ar", LINKS)
    assert mail.subject == "Sample subject"
    assert '<html lang="ar" dir="rtl">' in mail.html
    assert render_mail(MailKind.WELCOME, "en", LINKS).subject != "Sample subject"
