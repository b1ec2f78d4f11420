"""Teachers change their own entries without a password, and nothing that is not theirs."""

import re
import struct
import zlib
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from post_office.models import Email
from wagtail.log_actions import registry

from library.models import UploadedImage
from pages.models import OrganisationSettings
from teachers.languages import language_choices, language_names
from teachers.links import Purpose, address_link, edit_link, make_token, reminders_link
from teachers.models import (
    AddressChange,
    ChangeRequest,
    DirectoryEntry,
    Teacher,
    TeacherSettings,
)
from teachers.models.languages_field import MOST_LANGUAGES
from teachers.models.teacher import State
from teachers.own_changes import decline_change
from teachers.own_entry import confirm_new_address, forget_leftovers, save_own_entry
from teachers.own_entry_forms import MOST_PROGRAMS, OwnEntryForm
from teachers.own_entry_words import rich_text, typed_text
from tests.factories import ImageFactory, ProgramFactory, TeacherFactory, picture_bytes

pytestmark = pytest.mark.django_db

ASK = "/teachers/own/"


@pytest.fixture
def teacher() -> Teacher:
    return TeacherFactory(
        name="Sample Ana", contact_address="ana@example.org", biography="<p>Old</p>"
    )


@pytest.fixture
def client():
    """A browser that enforces CSRF protection, as real ones do."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def live_at_once(root_site):
    """Staff have chosen that changes are not looked at first."""
    settings = TeacherSettings.for_site(root_site)
    settings.reviews_changes = False
    settings.save()


def stored(teacher: Teacher) -> Teacher:
    return Teacher.objects.get(pk=teacher.pk)


def path(link: str) -> str:
    return link.removeprefix("http://localhost:8000")


def address(teacher: Teacher) -> str:
    return path(edit_link(teacher))


def text_of(response) -> str:
    return response.content.decode()


def page(client: Client, teacher: Teacher) -> dict:
    """Return what a browser would send back from the page as it was opened."""
    form = client.get(address(teacher)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False, "")}


def save(client: Client, teacher: Teacher, act: str = "save", **fields):
    sent = {**page(client, teacher), **fields, "act": act}
    return client.post(address(teacher), {k: v for k, v in sent.items() if v is not None})


def ask(client: Client, email: str, **headers):
    return client.post(ASK, {"email": email}, headers={"Sec-Fetch-Site": "same-origin", **headers})


class TestAskingForALink:
    @pytest.mark.parametrize("state", State)
    def test_sends_one_to_a_teacher_of_any_state(self, client, state):
        TeacherFactory(contact_address="Ana@Example.org", state=state, live=False)
        assert ask(client, " ana@example.ORG ").status_code == 303
        mail = Email.objects.get()
        assert mail.to == ["Ana@example.org"]
        link = next(line for line in mail.message.splitlines() if "/teachers/own/edit/" in line)
        assert "Sample" in text_of(client.get(path(link)))

    def test_says_the_same_for_any_address(self, client, teacher):
        known, unknown = ask(client, "ana@example.org"), ask(client, "nobody@example.org")
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert known.content == unknown.content
        assert known.headers.keys() == unknown.headers.keys()
        assert Email.objects.count() == 1
        assert "ana@" not in text_of(client.get(known["Location"]))

    def test_takes_as_many_queries_for_any_address(self, client, teacher, count_queries):
        ask(client, "first@example.org")  # what is remembered from then on
        known = count_queries(lambda: ask(client, "ana@example.org"))
        cooling = count_queries(lambda: ask(client, "ana@example.org"))
        unknown = count_queries(lambda: ask(client, "nobody@example.org"))
        assert known == cooling == unknown

    def test_sends_one_in_ten_minutes(self, client, teacher):
        now = timezone.now().replace(minute=1, second=0)
        for minutes, count in ((0, 1), (1, 1), (11, 2)):
            with time_machine.travel(now + timedelta(minutes=minutes)):
                ask(client, "ana@example.org")
            assert Email.objects.count() == count

    def test_in_a_flood_is_refused_alike(self, teacher):
        browser = Client(REMOTE_ADDR="192.0.2.1")
        codes = [ask(browser, f"n{number}@example.org").status_code for number in range(21)]
        assert codes == [303] * 20 + [429]
        response = ask(browser, "ana@example.org")
        assert response.status_code == 429
        assert int(response["Retry-After"]) > 0
        assert not Email.objects.exists()

    def test_refuses_what_is_no_address_and_another_site(self, client):
        response = ask(client, "no address")
        assert response.status_code == 400
        assert 'value="no address"' in text_of(response)
        assert ask(client, "a@example.org", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.post(ASK, {"email": "x" * 20_000}).status_code == 413

    def test_looking_sends_nothing(self, client, teacher):
        assert client.get(ASK, {"email": "ana@example.org"}).status_code == 200
        assert not Email.objects.exists()


class TestTheLink:
    def test_holds_for_one_day(self, client, teacher):
        link = address(teacher)
        with time_machine.travel(timezone.now() + timedelta(hours=23)):
            assert client.get(link).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            response = client.get(link)
        assert response.status_code == 410
        assert "Sample Ana" not in text_of(response)

    def test_that_is_over_gives_back_what_was_typed_and_offers_a_new_one(self, client, teacher):
        link = address(teacher)
        sent = {"name": "Sample New", "biography": "A long <b>story</b>", "act": "save"}
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            response = client.post(link, sent)
            assert response.status_code == 410
            assert "A long &lt;b&gt;story&lt;/b&gt;" in text_of(response)
            assert stored(teacher).name == "Sample Ana"
            assert client.post(link, {"act": "again"}).status_code == 200
        assert Email.objects.get().to == ["ana@example.org"]

    def test_in_a_former_mailbox_opens_nothing(self, client, teacher):
        link = address(teacher)
        teacher.contact_address = "other@example.org"
        teacher.save()
        response = client.get(link)
        assert response.status_code == 410
        assert "again" not in text_of(response).partition("<main")[2].partition("</main")[0]
        client.post(link, {"act": "again"})
        assert not Email.objects.exists()

    def test_in_a_reminder_holds_for_longer(self, client, teacher):
        link = path(edit_link(teacher, Purpose.EDIT_REMINDED))
        with time_machine.travel(timezone.now() + timedelta(days=59)):
            assert client.get(link).status_code == 200


class TestSaving:
    @pytest.mark.usefixtures("live_at_once")
    def test_is_live_at_once_where_staff_chose_so(self, client, teacher, world):
        program = ProgramFactory()
        response = save(
            client,
            teacher,
            name="Sample Béa",
            credentials="PhD",
            biography="One.\r\n\r\n- a\r\n- b",
            languages=["fr", "de"],
            teaches_online="on",
            programs=[program.pk],
            town="Lyon",
            website="example.org/me",
            public_phone="+1 (555) 0100",
        )
        assert response.status_code == 303
        assert "Visitors see it now" in text_of(client.get(response["Location"]))
        saved = stored(teacher)
        assert saved.biography == "<p>One.</p><ul><li>a</li><li>b</li></ul>"
        assert (saved.name, saved.sort_name, saved.credentials) == (
            "Sample Béa", "Béa, Sample", "PhD",
        )  # fmt: skip
        assert (saved.place, saved.website) == (world["Lyon"], "https://example.org/me")
        assert sorted(saved.languages) == ["de", "fr"]
        entry = DirectoryEntry.objects.get()
        assert (entry.spoken, entry.online, entry.taught) == (",de,fr,", True, f",{program.pk},")

    def test_waits_for_review_where_staff_chose_so(self, client, teacher):
        response = save(client, teacher, biography="New")
        assert "before visitors see it" in text_of(client.get(response["Location"]))
        change = ChangeRequest.objects.get()
        assert (change.changed, change.outcome) == (["biography"], "waiting")
        assert stored(teacher).biography == "<p>Old</p>"
        assert page(client, teacher)["biography"] == "New"

    def test_of_an_unchanged_page_changes_nothing_but_confirms_it(self, client, teacher):
        Teacher.objects.update(last_confirmed=timezone.localdate() - timedelta(days=200))
        response = save(client, teacher)
        assert "done=same" in response["Location"]
        assert not ChangeRequest.objects.exists()
        assert stored(teacher).last_confirmed == timezone.localdate()

    def test_leaves_what_staff_changed_since_the_page_was_opened(self, client, teacher):
        sent = page(client, teacher)
        Teacher.objects.update(credentials="Set by staff")
        client.post(address(teacher), {**sent, "biography": "New", "act": "save"})
        assert ChangeRequest.objects.get().changed == ["biography"]

    def test_keeps_formatting_that_the_teacher_did_not_touch(self, client, teacher):
        Teacher.objects.update(biography='<p data-block-key="a1">Old <b>bold</b></p>')
        save(client, teacher, credentials="MD")
        assert ChangeRequest.objects.get().changed == ["credentials"]

    def test_asks_which_town_is_meant(self, client, teacher, world):
        response = save(client, teacher, town="Portland", name="Kept name")
        assert response.status_code == 400
        assert text_of(response).count('type="radio"') == 2
        assert "Kept name" in text_of(response)
        chosen = world["Portland, ME"]
        assert save(client, teacher, town="Portland", place=str(chosen.pk)).status_code == 303
        assert ChangeRequest.objects.get().after["place"] == chosen.pk

    @pytest.mark.parametrize("town", ["Nowhere at all", "France", "Oregon", "45.7, 4.8"])
    def test_takes_a_town_and_nothing_else(self, client, teacher, world, town):
        assert save(client, teacher, town=town).status_code == 400

    def test_no_place_of_the_browsers_choice_is_stored(self, client, teacher, world):
        save(client, teacher, town="Lyon", place=str(world["France"].pk))
        assert ChangeRequest.objects.get().after["place"] == world["Lyon"].pk

    def test_leaving_and_coming_back_wait_for_nobody(self, client, teacher):
        save(client, teacher, listed=None)
        assert not DirectoryEntry.objects.exists()
        assert stored(teacher).state == State.WITHDRAWN
        save(client, teacher, listed="on")
        assert DirectoryEntry.objects.exists()

    def test_brings_back_nobody_whom_staff_have_hidden(self, client):
        hidden = TeacherFactory(state=State.HIDDEN, agreed_to_be_listed=False)
        save(client, hidden, listed="on")
        assert stored(hidden).state == State.HIDDEN
        assert not DirectoryEntry.objects.exists()


class TestWhatThePageSays:
    def test_why_visitors_do_not_find_the_entry(self, client, level):
        past = timezone.localdate() - timedelta(days=400)
        for unfit, told in (
            ({"live": False}, "We have not published your entry"),
            ({"state": State.HIDDEN}, "We have taken your entry out of the directory."),
            ({"state": State.WITHDRAWN}, "You have not ticked that you want to be shown"),
            ({"last_confirmed": None}, "You have not confirmed yet"),
            ({"last_confirmed": past}, "Your entry was to be confirmed by"),
            ({"level": level("Teacher-in-Training")}, "Teachers of the level “Teacher-in-"),
        ):
            text = text_of(client.get(address(TeacherFactory(**unfit))))
            assert "Visitors do not find your entry" in text
            assert told in text

    def test_that_the_entry_is_shown(self, client, teacher):
        text = text_of(client.get(address(teacher)))
        assert "Your entry is shown in the directory." in text
        assert "do not find" not in text

    @pytest.mark.usefixtures("live_at_once")
    def test_not_that_visitors_see_what_they_do_not(self, client):
        hidden = TeacherFactory(state=State.HIDDEN)
        response = save(client, hidden, credentials="MD")
        text = text_of(client.get(response["Location"]))
        assert "Visitors see it now" not in text
        assert "Visitors do not find you at present; you read why below." in text

    def test_that_a_change_was_declined_and_why(self, client, teacher):
        save(client, teacher, credentials="MD")
        assert "did not take it over" not in text_of(client.get(address(teacher)))
        decline_change(ChangeRequest.objects.get(), None, reason="Show us <the> diploma.")
        text = text_of(client.get(address(teacher)))
        assert "did not take it over: credentials." in text
        assert "Show us &lt;the&gt; diploma." in text
        save(client, teacher, credentials="MD, PhD")
        assert "did not take it over" not in text_of(client.get(address(teacher)))

    def test_where_to_write_and_nothing_of_it_where_there_is_no_address(
        self, client, teacher, root_site, committed
    ):
        pages = [address(teacher), f"{ASK}asked/", path(reminders_link(teacher))]

        def texts() -> list[str]:
            answers = [client.get(page) for page in pages[:2]]
            answers.append(client.post(pages[2], {"act": "leave"}))
            return [text_of(one).partition("<main")[2].partition("</main")[0] for one in answers]

        assert not any("write to us" in text.lower() for text in texts())
        ours = {"email": "office@example.org"}
        with committed():
            OrganisationSettings.objects.update_or_create(site=root_site, defaults=ours)
        assert all('href="mailto:office@example.org"' in text for text in texts())


class TestWhatIsNotTheirs:
    POSTED = {
        "level": "1",
        "level_date": "2001-01-01",
        "is_trainer": "on",
        "state": "listed",
        "slug": "mine",
        "is_sample": "on",
        "last_confirmed": "2099-01-01",
        "handle": "x",
        "contact_key": "x@example.org",
        "live": "on",
        "sort_name": "Aaa",
        "portrait": "1",
        "agreed_to_be_listed": "on",
        "wants_reminders": "",
    }

    @pytest.mark.usefixtures("live_at_once")
    def test_is_ignored_and_noted_in_the_history(self, client):
        teacher = TeacherFactory(state=State.HIDDEN)
        before = Teacher.objects.values(*self.POSTED).get()
        save(client, teacher, credentials="MD", **self.POSTED)
        assert stored(teacher).credentials == "MD"
        assert Teacher.objects.values(*self.POSTED).get() == before
        entry = registry.get_logs_for_instance(teacher).get(action="teachers.ignored_fields")
        assert set(entry.data["fields"]) == set(self.POSTED)
        assert "level_date" in entry.message

    def test_is_not_noted_where_nothing_was_posted(self, client, teacher):
        save(client, teacher, credentials="MD")
        assert not registry.get_logs_for_instance(teacher).filter(action="teachers.ignored_fields")

    def test_has_no_field_on_the_page(self, client, teacher):
        form = client.get(address(teacher)).context["form"]
        assert not {"level", "level_date", "is_trainer", "state", "slug"} & form.fields.keys()


class TestRefusing:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "Two\nlines"),
            ("website", "javascript:alert(1)"),
            ("website", "data:text/html,x"),
            ("website", "ftp://example.org/"),
            ("website", "not a website"),
            ("public_phone", "call me"),
            ("contact_address", "no address"),
            ("contact_address", ""),
            ("languages", ["xx"]),
            ("programs", ["99999"]),
            ("teaches_in_person", None),
            ("biography", "x" * 5001),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, client, teacher, field, value):
        response = save(client, teacher, **{"credentials": "Typed words", field: value})
        assert response.status_code == 400
        assert field in response.context["form"].errors
        assert "Typed words" in text_of(response)
        assert "This field is required" not in text_of(response)
        assert not ChangeRequest.objects.exists()

    def test_names_the_fields_at_the_top_and_begins_at_the_first(self, client, teacher):
        text = text_of(save(client, teacher, name="", website="not a website"))
        summary = text.partition('role="alert"')[2].partition("</ul>")[0]
        assert re.findall(r'href="#(\w+)"', summary) == ["id_name", "id_website"]
        focused = re.search(r"<input[^>]* autofocus[^>]*>", text)
        assert 'id="id_name"' in focused[0]
        assert text.count(" autofocus") == 1
        assert text.count("Please type the address of a website") == 1

    def test_no_browser_refuses_a_website_without_its_scheme(self, client, teacher):
        field = re.search(r'<input[^>]*name="website"[^>]*>', text_of(client.get(address(teacher))))
        assert 'type="text"' in field[0]
        assert 'inputmode="url"' in field[0]
        assert 'autocomplete="url"' in field[0]

    @pytest.mark.parametrize(
        "typed",
        [
            "<script>alert(1)</script>",
            '<img src=x onerror="alert(1)">',
            '<a href="javascript:alert(1)">x</a>',
            '<embed embedtype="image" id="1">',
            '**<b onclick="x">**',
            "- <li onclick=x>",
            "*<i>*",
        ],
    )
    @pytest.mark.usefixtures("live_at_once")
    def test_no_html_of_a_biography_reaches_a_page(self, client, teacher, typed):
        preview = text_of(save(client, teacher, act="preview", biography=typed))
        save(client, teacher, biography=typed)
        for text in (preview, text_of(client.get(f"/teachers/{teacher.slug}/"))):
            shown = text.partition('class="prose"')[2]
            assert "&lt;" in shown
            for dangerous in ("<script>a", "<img src=x", '<a href="javascript', "<embed", "<b on"):
                assert dangerous not in shown


class TestLanguages:
    def test_are_boxes_with_the_chosen_ones_first_and_the_others_folded_away(self, client):
        teacher = TeacherFactory(languages=["de", "pt"])
        text = text_of(client.get(address(teacher)))
        boxes = re.findall(r'name="languages" value="(\w+)"[^>]*>', text)
        assert boxes[:2] == ["de", "pt"]
        assert len(boxes) == len(set(boxes)) == len(language_choices())
        assert text.index("<details") > text.index('value="pt"')
        assert text.index("<details") < text.index('value="fr"')
        assert "<details open" not in text.replace(' class="own-entry__more"', "")

    def test_are_refused_with_a_kind_sentence_where_they_are_too_many(self, client, teacher):
        codes = sorted(language_names())
        refused = save(client, teacher, languages=codes[: MOST_LANGUAGES + 1])
        assert refused.status_code == 400
        assert "at most 20 languages: those you teach in most." in text_of(refused)
        assert save(client, teacher, languages=codes[:MOST_LANGUAGES]).status_code == 303

    def test_of_programs_as_well(self, client, teacher):
        keys = [program.pk for program in ProgramFactory.create_batch(MOST_PROGRAMS + 1)]
        refused = save(client, teacher, programs=keys)
        assert refused.status_code == 400
        assert "at most 20 programs: those you teach most." in text_of(refused)
        assert save(client, teacher, programs=keys[:-1]).status_code == 303

    def test_are_all_in_sight_where_none_is_chosen(self, client):
        text = text_of(client.get(address(TeacherFactory(languages=[]))))
        assert "<details open" in text.replace(' class="own-entry__more"', "")


class TestPreviewing:
    def test_shows_the_profile_and_saves_nothing(self, client, teacher):
        text = text_of(save(client, teacher, act="preview", credentials="MD", biography="New"))
        assert '<h1 class="profile__name">Sample Ana</h1>' in text
        assert "<p>New</p>" in text
        assert not ChangeRequest.objects.exists()

    @pytest.mark.parametrize("act", ["save", "more"])
    def test_sends_all_of_it_again(self, client, teacher, act):
        preview = save(
            client,
            teacher,
            act="preview",
            credentials="MD",
            languages=["fr", "de"],
            biography="A\n\nB",
        )
        sent = {one.name: one.values for one in preview.context["sent"]}
        response = client.post(address(teacher), {**sent, "act": act})
        if act == "save":
            assert set(ChangeRequest.objects.get().changed) == {
                "credentials", "languages", "biography",
            }  # fmt: skip
        else:
            assert 'value="MD"' in text_of(response)
            assert not ChangeRequest.objects.exists()


def upload(content: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


class TestThePortrait:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("me.jpg", b"<html><script>alert(1)</script></html>"),
            ("me.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>"),
            ("me.png", bomb()),
            ("me.jpg", picture_bytes()[:200]),
            ("me.png", picture_bytes(kind="GIF")),
            ("me.html", picture_bytes()),
        ],
    )
    def test_is_checked_like_any_upload(self, client, teacher, name, content):
        response = save(client, teacher, credentials="Typed", new_portrait=upload(content, name))
        assert response.status_code == 400
        assert "new_portrait" in response.context["form"].errors
        assert 'value="Typed"' in text_of(response)
        assert not UploadedImage.objects.exists()

    def test_that_is_too_large_is_refused_unread(self, client, teacher, settings):
        settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1000
        big = upload(b"x" * (1024 * 1024 + 2000))
        assert save(client, teacher, new_portrait=big).status_code == 413

    @pytest.mark.usefixtures("live_at_once")
    def test_is_stored_among_the_teachers_and_shown(self, client, teacher, committed):
        with committed():
            save(client, teacher, new_portrait=upload(picture_bytes(), "../../evil name.JPG"))
        portrait = stored(teacher).portrait
        assert portrait.collection.name == "Teachers"
        assert portrait.filename.startswith("portrait")
        assert (portrait.width, portrait.file_size > 0, bool(portrait.file_hash)) == (
            500,
            True,
            True,
        )
        assert portrait.renditions.exists()

    def test_of_a_preview_is_sent_once(self, client, teacher, committed):
        with committed():
            preview = save(client, teacher, act="preview", new_portrait=upload(picture_bytes()))
        assert "Portrait of Sample Ana" in text_of(preview)
        key = preview.context["kept_portrait"]
        save(client, teacher, kept_portrait=key)
        assert UploadedImage.objects.count() == 1
        assert ChangeRequest.objects.get().after == {"portrait": UploadedImage.objects.get().pk}

    def test_of_a_page_with_a_slip_is_kept(self, client, teacher, committed):
        with committed():
            response = save(client, teacher, name="", new_portrait=upload(picture_bytes()))
        assert response.status_code == 400
        key = response.context["kept_portrait"]
        save(client, teacher, kept_portrait=key)
        assert ChangeRequest.objects.get().changed == ["portrait"]

    def test_of_somebody_else_cannot_be_taken(self, client, teacher):
        alien = ImageFactory()
        for key in (str(alien.pk), f"{alien.pk}:x"):
            save(client, teacher, kept_portrait=key)
        assert not ChangeRequest.objects.exists()

    def test_that_was_replaced_stays_while_a_draft_uses_it(self, client, committed):
        former = ImageFactory()
        teacher = TeacherFactory(portrait=former)
        with committed():
            save(client, teacher, new_portrait=upload(picture_bytes()))
        assert UploadedImage.objects.filter(pk=former.pk).exists()
        assert stored(teacher).portrait == former

    def test_can_be_taken_away(self, client):
        teacher = TeacherFactory(portrait=ImageFactory())
        save(client, teacher, remove_portrait="on")
        assert ChangeRequest.objects.get().after == {"portrait": None}

    def test_that_was_never_saved_is_forgotten_and_no_other(self, client, teacher, committed):
        with committed():
            save(client, teacher, act="preview", new_portrait=upload(picture_bytes()))
            save(client, teacher, new_portrait=upload(picture_bytes(480)))
        kept = ImageFactory()
        with time_machine.travel(timezone.now() + timedelta(days=3)):
            assert forget_leftovers() == 1
        left = set(UploadedImage.objects.values_list("pk", flat=True))
        assert left == {kept.pk, ChangeRequest.objects.get().after["portrait"]}


class TestTheContactAddress:
    def confirmation(self) -> str:
        return path(address_link(AddressChange.objects.get()))

    def test_changes_once_it_is_confirmed(self, client, teacher):
        former = address(teacher)
        save(client, teacher, contact_address="New@example.org")
        assert stored(teacher).contact_address == "ana@example.org"
        mails = {mail.to[0]: mail for mail in Email.objects.all()}
        assert mails.keys() == {"New@example.org", "ana@example.org"}
        assert "/teachers/own/address/" in mails["New@example.org"].message
        assert "new@" not in mails["ana@example.org"].message.lower()
        notice = mails["ana@example.org"].message
        assert address(teacher).rpartition("/edit/")[0] in notice
        link = self.confirmation()
        client.get(link)
        assert stored(teacher).contact_address == "ana@example.org"
        assert client.post(link).status_code == 200
        assert stored(teacher).contact_key == "new@example.org"
        assert client.get(former).status_code == 410
        assert client.post(link).status_code == 410

    def test_that_another_asked_for_is_forgotten_once_the_entry_is_saved(self, client, teacher):
        save(client, teacher, contact_address="thief@example.org")
        link = self.confirmation()
        notice = Email.objects.get(to="ana@example.org").message
        page = next(line for line in notice.splitlines() if "/teachers/own/edit/" in line)
        form = client.get(path(page)).context["form"]
        assert form["contact_address"].value() == "ana@example.org"
        save(client, teacher)
        assert client.post(link).status_code == 410

    def test_is_not_taken_back_by_an_older_draft(self, client, teacher):
        save(client, teacher, credentials="MD", contact_address="new@example.org")
        client.post(self.confirmation())
        stored(teacher).get_latest_revision().publish()
        assert stored(teacher).contact_address == "new@example.org"

    def test_of_another_teacher_is_not_given_away(self, client, teacher):
        other = TeacherFactory(contact_address="other@example.org")
        free = save(client, teacher, contact_address="free@example.org")
        taken = save(client, teacher, contact_address="other@example.org")
        assert free["Location"].partition("?")[2] == taken["Location"].partition("?")[2]
        assert not Email.objects.filter(to="other@example.org").exists()
        assert client.post(self.confirmation()).status_code == 410
        assert stored(other).contact_address == "other@example.org"

    def test_cannot_be_used_to_write_to_strangers_again_and_again(self, client, teacher):
        for number in range(5):
            save(client, teacher, contact_address=f"stranger{number}@example.org")
        assert Email.objects.filter(to__contains="stranger").count() == 3

    def test_holds_for_seven_days_and_only_the_last_one(self, client, teacher):
        save(client, teacher, contact_address="one@example.org")
        first = self.confirmation()
        save(client, teacher, contact_address="two@example.org")
        assert client.post(first).status_code == 410
        second = self.confirmation()
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            assert client.post(second).status_code == 410
            forget_leftovers()
        assert not AddressChange.objects.exists()

    def test_a_token_for_another_purpose_confirms_none(self, client, teacher):
        save(client, teacher, contact_address="new@example.org")
        for purpose in Purpose:
            token = make_token(purpose, teacher)
            assert client.post(f"/teachers/own/address/{token}/").status_code in {404, 410}
        assert stored(teacher).contact_address == "ana@example.org"


class TestTheBiography:
    @pytest.mark.parametrize(
        ("typed", "html"),
        [
            ("One\ntwo\n\nThree", "<p>One<br/>two</p><p>Three</p>"),
            ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
            ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
            ("**bold** and *italic*", "<p><b>bold</b> and <i>italic</i></p>"),
            ("5 * 3 * 2 < 31 & more", "<p>5 * 3 * 2 &lt; 31 &amp; more</p>"),
            ("", ""),
        ],
    )
    def test_is_typed_plainly_and_comes_back_as_it_was(self, typed, html):
        assert rich_text(typed) == html
        assert typed_text(html) == typed

    def test_of_staff_is_read_whole(self):
        html = '<p data-block-key="x">A <b>b</b></p><ul><li data-block-key="y">c</li></ul>'
        assert typed_text(html) == "A **b**\n\n- c"


def test_every_field_of_the_form_is_one_that_teachers_may_change():
    allowed = {
        "name", "credentials", "biography", "languages", "teaches_in_person", "teaches_online",
        "programs", "website", "public_phone", "contact_address",
        "new_portrait", "kept_portrait", "remove_portrait", "town", "place", "listed", "seen",
    }  # fmt: skip
    assert set(OwnEntryForm.base_fields) == allowed


def test_a_new_address_is_void_once_staff_have_changed_the_present_one(teacher):
    change = AddressChange.objects.create(
        teacher=teacher, address="former@example.org", former_key=teacher.contact_key
    )
    teacher.contact_address = "staff@example.org"
    teacher.save()
    assert not confirm_new_address(change.handle)
    assert stored(teacher).contact_address == "staff@example.org"


def test_saving_the_present_address_drops_a_new_one(teacher):
    AddressChange.objects.create(teacher=teacher, address="x@example.org")
    save_own_entry(teacher, {}, listed=True, new_address=None)
    assert not AddressChange.objects.exists()


def test_deeply_nested_fingerprints_are_no_fault(client, teacher):
    assert save(client, teacher, seen="[" * 1990).status_code < 500
