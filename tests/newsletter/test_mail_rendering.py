"""What someone who signed up finds in their inbox, whatever their mail program is like."""

import re
from email import message_from_bytes, policy

import pytest
from lxml import html

from newsletter.links import LIFETIMES, Purpose
from newsletter.mail_rendering import Links, render_mail
from newsletter.mailing import queue_mail
from newsletter.models import MailKind, MailText
from pages.models import OrganisationSettings
from tests.factories import SubscriberFactory
from tests.newsletter.mail_colors import contrasts

pytestmark = pytest.mark.django_db

LINKS = Links(
    action="https://example.org/newsletter/confirm/one?a=1&b=2",
    leave="https://example.org/newsletter/unsubscribe/two/",
    preferences="https://example.org/newsletter/preferences/three/",
)
every_kind = pytest.mark.parametrize("kind", MailKind)


def rendered(kind=MailKind.CONFIRM, language="en", links=LINKS):
    return render_mail(kind, language, links)


def rewrite(kind=MailKind.CONFIRM, **words) -> None:
    """Have staff say it otherwise; `save` is what begins a new generation."""
    text = MailText.objects.get(kind=kind)
    for name, value in words.items():
        setattr(text, name, value)
    text.save()


def words_of(mail_html: str) -> str:
    return " ".join(html.fromstring(mail_html).body.text_content().split())


class TestBothForms:
    @every_kind
    def test_lead_to_all_three_places(self, kind):
        mail = rendered(kind)
        found = {link.get("href") for link in html.fromstring(mail.html).iter("a")}
        assert found == {LINKS.action, LINKS.leave, LINKS.preferences}
        for link in found:
            assert link in mail.text.splitlines()

    @every_kind
    def test_say_the_same(self, kind):
        mail = rendered(kind)
        stored = MailText.objects.get(kind=kind)
        for words in (stored.heading, stored.text, stored.button, stored.after):
            assert words in words_of(mail.html)
            assert words in " ".join(mail.text.split())

    @every_kind
    def test_end_with_who_writes_from_where_and_why(self, kind):
        OrganisationSettings.objects.update(
            name="Sample & Sons", postal_address="1 Sample Street\nSample Town"
        )
        mail = rendered(kind)
        assert "Sample & Sons 1 Sample Street" in words_of(mail.html).replace("Sons1", "Sons 1")
        assert mail.text.endswith("Sample & Sons\n1 Sample Street\nSample Town\n")
        for form in (words_of(mail.html), mail.text):
            assert "You get this mail because" in form

    def test_hold_no_mark_that_was_left_behind(self):
        mail = rendered()
        assert not re.search(r"[\x00-\x08\x0b-\x1f]", mail.subject + mail.text + mail.html)

    def test_tell_truly_how_long_the_link_holds(self):
        days = LIFETIMES[Purpose.CONFIRM].days
        assert f"The link holds for {days} days." in words_of(rendered().html)

    def test_name_nobody(self):
        reader = SubscriberFactory(name="Sample Person")
        for kind in MailKind:
            mail = queue_mail(reader, kind).mail
            assert "Sample Person" not in mail.subject + mail.message + mail.html_message

    def test_in_a_language_that_the_site_does_not_speak_are_in_its_own(self):
        assert rendered(language="xx-klingon") == rendered()
        assert html.fromstring(rendered(language="xx-klingon").html).get("lang") == "en"

    def test_follow_the_words_of_staff_at_once(self, committed):
        before = rendered()
        with committed():
            rewrite(subject="Sample subject", text="Sample first.\n\nSample second.")
        after = rendered()
        assert after.subject == "Sample subject"
        assert "Sample first.\n\nSample second." in after.text
        assert before.html != after.html

    def test_follow_the_organization_at_once(self, committed):
        rendered()
        with committed():
            organisation = OrganisationSettings.objects.get()
            organisation.name = "Sample Renamed"
            organisation.save()
        assert rendered().text.startswith("Sample Renamed\n")

    @every_kind
    def test_are_there_when_the_words_of_staff_are_not(self, kind, committed):
        kept = rendered(kind)
        with committed():
            rewrite(kind, subject="Sample subject")
        assert rendered(kind).subject == "Sample subject"
        with committed():
            MailText.objects.get(kind=kind).delete()
        assert rendered(kind) == kept

    def test_are_made_without_asking_the_database_twice(self, count_queries):
        rendered()
        assert count_queries(rendered) == 0


class TestWordsOfStaff:
    def test_are_shown_as_typed_and_never_run(self):
        rewrite(text="{{ 7|add:1 }} {% now 'Y' %} <script>alert(1)</script> & “so”")
        mail = rendered()
        assert "{{ 7|add:1 }} {% now 'Y' %} <script>alert(1)</script> & “so”" in " ".join(
            mail.text.split()
        )
        assert "<script" not in mail.html
        assert "{{ 7|add:1 }} {% now 'Y' %} <script>alert(1)</script> & “so”" in words_of(mail.html)

    def test_cannot_forge_a_link_by_a_mark(self):
        rewrite(text="before \x01leave\x02 after")
        mail = rendered()
        assert "before leave after" in mail.text
        assert mail.html.count(LINKS.leave) == 1

    def test_cannot_make_a_second_header_of_the_subject(self):
        rewrite(subject="Sample\r\nBcc: someone@example.org\x07\u2028more")
        assert rendered().subject == "Sample Bcc: someone@example.org more"

    def test_without_a_button_give_a_mail_without_one(self):
        rewrite(MailKind.WELCOME, button="")
        mail = rendered(MailKind.WELCOME)
        assert "If the button does not work" not in mail.html
        assert LINKS.action not in mail.html + mail.text


class TestALink:
    def test_cannot_break_out_of_its_attribute(self):
        mail = rendered(links=Links('https://e.org/"><b>x', LINKS.leave, LINKS.preferences))
        assert "<b>" not in mail.html


class TestText:
    @every_kind
    def test_is_at_most_72_characters_wide_but_for_its_links(self, kind):
        rewrite(kind, text="Sample words that are said again and again. " * 20)
        lines = [line for line in rendered(kind).text.splitlines() if "://" not in line]
        assert max(map(len, lines)) <= 72
        assert max(map(len, lines)) > 50

    @every_kind
    def test_holds_no_html(self, kind):
        rewrite(kind, text="Tea & cake <for> “you”")
        assert "Tea & cake <for> “you”" in rendered(kind).text
        assert "&amp;" not in rendered(kind).text


class TestHtml:
    @every_kind
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_can_be_read(self, kind, scheme):
        found = list(contrasts(rendered(kind).html, scheme))
        assert len(found) > 8
        assert {words: contrast for words, contrast in found if contrast < 4.5} == {}

    @every_kind
    def test_loads_nothing_and_runs_nothing(self, kind):
        tree = html.fromstring(rendered(kind).html)
        assert {e.tag for e in tree.iter() if isinstance(e.tag, str)} <= {
            *("html", "head", "meta", "title", "style", "body", "div"),
            *("table", "tr", "td", "tbody", "h1", "p", "a", "br"),
        }
        assert "url(" not in rendered(kind).html
        assert not tree.xpath("//@src | //@background | //@*[starts-with(name(), 'on')]")

    @every_kind
    def test_tables_are_layout_alone_to_a_screen_reader(self, kind):
        tables = html.fromstring(rendered(kind).html).findall(".//table")
        assert {table.get("role") for table in tables} == {"presentation"}

    @every_kind
    def test_tells_its_language_where_mail_programs_keep_it(self, kind):
        tree = html.fromstring(rendered(kind).html)
        outermost = tree.body.find("table")
        assert (tree.get("lang"), tree.get("dir")) == ("en", "ltr")
        assert (outermost.get("lang"), outermost.get("dir")) == ("en", "ltr")

    @every_kind
    def test_says_first_what_it_is_about(self, kind):
        preheader = html.fromstring(rendered(kind).html).body[0]
        stored = MailText.objects.get(kind=kind)
        assert stored.text.startswith(preheader.text_content().rstrip("…").strip())
        assert "display:none" in preheader.get("style")


class TestTheMailAsSent:
    @pytest.mark.parametrize(
        "text", [("Sample “wörds”. " * 125)[:2000], "Word" * 500, "例" * 1200], ids=len
    )
    @every_kind
    def test_is_small_and_its_lines_are_short(self, kind, text):
        rewrite(kind, subject="Ünser “sample”", text=text)
        raw = as_sent(kind)
        assert len(raw) < 30_000
        assert max(map(len, raw.splitlines())) < 998

    @every_kind
    def test_in_our_own_words_is_plain_ascii_and_under_ten_kilobytes(self, kind):
        raw = as_sent(kind)
        assert len(raw) < 10_000
        assert raw.isascii()

    @every_kind
    def test_is_read_by_a_mail_program_as_it_was_written(self, kind):
        rewrite(kind, subject="Ünser “sample”", text="Sample “wörds” 例.")
        mail = message_from_bytes(as_sent(kind), policy=policy.default)
        assert mail["Subject"] == "Ünser “sample”"
        assert mail.defects == []
        assert mail.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in mail.iter_parts()] == [
            "text/plain",
            "text/html",
        ]
        assert "Sample “wörds” 例." in mail.get_body(("plain",)).get_content()
        assert "Sample “wörds” 例." in words_of(mail.get_body(("html",)).get_content())


def as_sent(kind: MailKind) -> bytes:
    """Return what a mail server is handed for a subscriber: the mail whole, with its headers."""
    queued = queue_mail(SubscriberFactory(), kind).mail
    return queued.email_message().message().as_bytes(linesep="\r\n")
