"""Staff change the words of the directory's mails; what is filled in is what belongs there."""

import pytest
from django.urls import reverse
from post_office.models import Email

from pages.content.loader import Loading
from pages.models import OrganisationSettings
from teachers.content import load_mail_texts
from teachers.links import renew_link
from teachers.mails import address_mails, message_mail, reminder_mail, words_of
from teachers.models import AddressChange, TeacherMailKind, TeacherMailText
from tests.factories import TeacherFactory, UserFactory
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db

MAILS = "/admin/snippets/teachers/teachermailtext/"
WORDS = {
    "subject": "Sample subject {date}",
    "heading": "Sample heading",
    "text": "Dear {name}, until {date}.",
    "button": "Sample button",
    "after": "",
}
every_kind = pytest.mark.parametrize("kind", TeacherMailKind)


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def superuser():
    """A browser in which someone has signed in who may do everything."""
    return signed_in(UserFactory(admin=True))


@every_kind
def test_each_is_staffs_to_change_and_loaded_once(kind):
    text = TeacherMailText.objects.get(kind=kind)
    TeacherMailText.objects.filter(pk=text.pk).update(subject="Sample subject")
    load_mail_texts(Loading({}))
    assert words_of(kind).subject == "Sample subject"
    assert TeacherMailText.objects.count() == len(TeacherMailKind)


@every_kind
def test_each_has_an_example_that_leads_to_nobodys_data(kind):
    mail = TeacherMailText.objects.get(kind=kind).example()
    assert "{name}" not in mail.text + mail.html
    links = [line for line in mail.text.splitlines() if "/teachers/own/" in line]
    assert all(link.endswith("/example/") for link in links)


def test_the_words_of_staff_are_filled_in_and_the_subject_holds_no_name(superuser):
    text = TeacherMailText.objects.get(kind=TeacherMailKind.REMIND)
    superuser.post(f"{MAILS}edit/{text.pk}/", {**WORDS, "subject": "Sample subject"})
    teacher = TeacherFactory(name="<b>Sample</b> Ana")
    mail = reminder_mail(TeacherMailKind.REMIND, teacher, words_of(TeacherMailKind.REMIND))
    assert "Dear <b>Sample</b> Ana" in mail.message
    assert "Dear &lt;b&gt;Sample&lt;/b&gt; Ana" in mail.html_message
    assert mail.subject == "Sample subject"
    assert f"Sample button:\n{renew_link(teacher).rpartition('/renew/')[0]}" in mail.message


@pytest.mark.parametrize("field", ["subject", "heading", "button"])
def test_a_second_line_is_refused(superuser, field):
    text = TeacherMailText.objects.get(kind=TeacherMailKind.LINK)
    words = {**WORDS, field: "one\r\nBcc: a@example.org"}
    assert "This is one line" in text_of(superuser.post(f"{MAILS}edit/{text.pk}/", words))


def test_a_mail_whose_purpose_is_its_button_keeps_it(superuser):
    text = TeacherMailText.objects.get(kind=TeacherMailKind.LINK)
    answer = superuser.post(f"{MAILS}edit/{text.pk}/", {**WORDS, "button": ""})
    assert "needs its button" in text_of(answer)


@pytest.mark.parametrize(
    ("kind", "field", "words", "told"),
    [
        ("remind", "text", "Dear {Name},", "Use {name} and {date}, written just like this"),
        ("remind", "text", "Dear {nmae},", "Use {name} and {date}"),
        ("remind", "heading", "Until {date", "Use {name} and {date}"),
        ("remind", "after", "{ name }", "Use {name} and {date}"),
        ("remind", "subject", "For {name}", "Use {date}, written just like this"),
        ("remind", "button", "Until {date}", "Nothing is filled in here"),
        ("link", "text", "Until {date}", "Use {name}, written just like this"),
        ("link", "subject", "For {name}", "Nothing is filled in here"),
    ],
)
def test_what_would_not_be_filled_in_is_refused_at_its_field(superuser, kind, field, words, told):
    text = TeacherMailText.objects.get(kind=kind)
    plain = {**WORDS, "subject": "Sample subject", "text": "Sample text"}
    answer = superuser.post(f"{MAILS}edit/{text.pk}/", {**plain, field: words})
    errors = answer.context["form"].errors
    assert errors.keys() == {field}
    assert told in str(errors[field])
    assert TeacherMailText.objects.get(kind=kind).subject == text.subject


@pytest.mark.parametrize("kind", ["remind", "last"])
def test_what_is_filled_in_is_taken(superuser, kind):
    text = TeacherMailText.objects.get(kind=kind)
    words = {**WORDS, "heading": "{name} until {date}", "after": "{date} {name}"}
    assert superuser.post(f"{MAILS}edit/{text.pk}/", words).status_code == 302


class TestWhereToWrite:
    @pytest.fixture
    def office(self, root_site):
        """The organization says where it reads mail."""
        OrganisationSettings.objects.update_or_create(
            site=root_site, defaults={"email": "office@example.org"}
        )

    def notice(self):
        change = AddressChange(teacher=TeacherFactory(), address="x@example.org")
        return address_mails(change, "x@example.org")[1]

    def test_stands_in_the_notice_of_a_change_that_may_be_a_theft(self, office):
        notice = self.notice()
        assert "office@example.org" in notice.message
        assert "office@example.org" in notice.html_message
        assert notice.headers["Reply-To"] == "office@example.org"

    def test_stands_in_a_message_that_is_answered_to_its_writer(self, office):
        mail = message_mail(TeacherFactory(), "Ana", "a@example.org", "Sample message.")
        assert "write to office@example.org" in " ".join(mail.message.split())
        assert mail.headers["Reply-To"] == "a@example.org"

    def test_is_not_promised_where_nobody_has_said_it(self):
        message = message_mail(TeacherFactory(), "Ana", "a@example.org", "Sample message.")
        for mail in (self.notice(), message):
            words = mail.message.lower()
            assert "write to us" not in words
            assert "tell us" not in words
        assert "Reply-To" not in self.notice().headers


def test_nobody_adds_or_deletes_one(superuser):
    text = TeacherMailText.objects.first()
    for place in ("add/", f"delete/{text.pk}/"):
        superuser.post(MAILS + place, WORDS)
    superuser.post(f"/admin/bulk/teachers/teachermailtext/delete/?id={text.pk}")
    assert TeacherMailText.objects.count() == len(TeacherMailKind)


def test_a_test_goes_to_whoever_asks_alone(superuser):
    text = TeacherMailText.objects.get(kind=TeacherMailKind.MESSAGE)
    superuser.post(reverse("teachers_send_test", args=[text.pk]))
    mail = Email.objects.get()
    assert mail.subject.startswith("[Test] ")
    assert len(mail.to) == 1


@pytest.mark.parametrize("group", ["", "Editors", "Board", "Newsletter"])
def test_the_words_are_not_everyones(group):
    text = TeacherMailText.objects.first()
    browser = signed_in(member(group))
    assert browser.get(f"{MAILS}edit/{text.pk}/").status_code in {302, 403}
    assert browser.post(reverse("teachers_send_test", args=[text.pk])).status_code in {302, 403}
    assert not Email.objects.exists()


def test_a_message_is_quoted_in_both_forms():
    mail = message_mail(TeacherFactory(), "Ana", "a@example.org", "First.\n\nSecond <i>.")
    assert "> First.\n\n> Second <i>." in mail.message
    assert "Second &lt;i&gt;." in mail.html_message
