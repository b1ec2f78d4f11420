"""Staff add, find, change, hide and delete teachers, and are told what is the matter."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone
from django.utils.html import strip_tags

from library.models import UploadedImage
from teachers.models import DirectoryEntry, Program, Teacher, TrainingLevel
from teachers.own_changes import last_declined, submit
from teachers.renewal import leave
from teachers.staff_menu import STAFF_MENU
from tests.factories import (
    ImageFactory,
    PlaceFactory,
    ProgramFactory,
    TeacherFactory,
    TrainingLevelFactory,
)
from tests.signing_in import member, signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/snippets/teachers/teacher/"


@pytest.fixture
def staff():
    """Return a browser of someone who keeps the directory."""
    return signed_in(member("Teachers"))


def words_of(response) -> str:
    """Return the words of a page, spaces made one."""
    return " ".join(strip_tags(response.content.decode().replace("<", " <")).split())


def form_of(**values) -> dict:
    """Return what the form of a new teacher sends."""
    level = TrainingLevel.objects.get(name="Certified Teacher")
    return {
        "name": "Sample Ana",
        "level": level.pk,
        "languages": ["en"],
        "biography": "null",
        "state": "listed",
        "agreed_to_be_listed": "on",
        "last_confirmed": f"{timezone.localdate():%Y-%m-%d}",
        "contact_address": "ana@example.org",
        "teaches_in_person": "on",
        "action-publish": "yes",
        **values,
    }


def edit(teacher: Teacher) -> str:
    return f"{LIST}edit/{teacher.pk}/"


# --- The form ------------------------------------------------------------------------------------


def test_a_new_teacher_is_published_and_in_the_directory_at_once(staff):
    response = staff.post(f"{LIST}add/", form_of())
    assert response.status_code == 302
    teacher = Teacher.objects.get()
    assert (teacher.live, teacher.slug, teacher.languages) == (True, "sample-ana", ["en"])
    assert DirectoryEntry.objects.get().teacher == teacher


def test_the_form_begins_with_the_first_listed_level_and_today_and_without_consent(staff):
    form = staff.get(f"{LIST}add/").context["form"]
    assert form["level"].value() == TrainingLevel.objects.get(name="Trained Teacher").pk
    assert form["last_confirmed"].value() == timezone.localdate()
    assert not form["agreed_to_be_listed"].value()


@pytest.mark.parametrize("known", [False, True])
def test_who_is_published_and_not_found_is_said_to_be_so_with_each_reason(staff, known):
    address = edit(TeacherFactory(contact_address="ana@example.org")) if known else f"{LIST}add/"
    sent = form_of(agreed_to_be_listed="", last_confirmed="")
    text = words_of(staff.post(address, sent, follow=True))
    assert "published. Visitors do not find this teacher yet. It is not noted that" in text
    assert "Nobody has confirmed yet" in text


def test_who_is_published_and_found_is_not_said_to_be_missing(staff):
    text = words_of(staff.post(f"{LIST}add/", form_of(), follow=True))
    assert "created and published." in text
    assert "do not find" not in text


def test_an_address_that_another_teacher_has_is_refused_with_a_link_to_them(staff):
    other = TeacherFactory(name="Sample Ben", contact_address="ben@example.org")
    response = staff.post(f"{LIST}add/", form_of(contact_address="BEN@Example.org"))
    assert "This address belongs to Sample Ben" in words_of(response)
    assert f'<a href="{edit(other)}">Sample Ben</a>' in response.content.decode()
    assert Teacher.objects.count() == 1


def test_a_form_that_was_open_while_the_teacher_left_does_not_bring_them_back(staff):
    teacher = TeacherFactory(name="Sample Ana", contact_address="ana@example.org")
    page = staff.get(edit(teacher)).content.decode()
    seen = re.search(r'name="facts_seen" value="([0-9a-f]{64})"', page)[1]
    leave(teacher)
    sent = form_of(facts_seen=seen, credentials="Typed meanwhile")
    page = staff.post(edit(teacher), sent).content.decode()
    assert "changed meanwhile" in page
    assert "Typed meanwhile" in page
    assert not DirectoryEntry.objects.exists()
    teacher.refresh_from_db()
    assert teacher.state == Teacher.State.WITHDRAWN


def test_a_name_that_is_code_is_shown_as_text_where_the_address_is_taken(staff):
    TeacherFactory(name="<b>Ben</b>", contact_address="ben@example.org")
    response = staff.post(f"{LIST}add/", form_of(contact_address="ben@example.org"))
    assert "&lt;b&gt;Ben&lt;/b&gt;" in response.content.decode()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"contact_address": "nobody"}, "An address has an @ in it"),
        ({"last_confirmed": "2999-01-01"}, "This day has not come yet."),
        ({"level_date": "2023-02-30"}, "Enter a valid date."),
        ({"website": "not an address"}, "Enter a valid URL."),
        ({"languages": ["zz"]}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_stored_is_told_in_a_sentence(staff, values, sentence):
    response = staff.post(f"{LIST}add/", form_of(**values))
    assert sentence in words_of(response)
    assert not Teacher.objects.exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"live": False}, "The entry is a draft."),
        ({"state": "hidden"}, "Staff hid the entry"),
        ({"state": "withdrawn"}, "The teacher left the directory"),
        ({"agreed_to_be_listed": False}, "It is not noted that the teacher agreed"),
        ({"last_confirmed": None}, "Nobody has confirmed yet"),
        ({"last_confirmed": timezone.localdate() - timedelta(days=400)}, "was to be renewed by"),
    ],
)
def test_the_page_says_why_a_teacher_is_not_in_the_directory(staff, fields, reason):
    text = words_of(staff.get(edit(TeacherFactory(**fields))))
    assert "Visitors do not find this teacher now." in text
    assert reason in text


def test_the_page_says_that_a_level_is_not_listed(staff):
    level = TrainingLevel.objects.get(name="Teacher-in-Training")
    text = words_of(staff.get(edit(TeacherFactory(level=level))))
    assert "Teachers of the level “Teacher-in-Training” are not listed." in text
    assert "Teachers → The directory says from which level on" in text
    assert "The directory" in {str(label) for label, *_rest in STAFF_MENU}


def test_the_page_says_that_a_teacher_is_in_the_directory(staff):
    text = words_of(staff.get(edit(TeacherFactory())))
    assert "Visitors find this teacher in the directory now." in text


# --- The list ------------------------------------------------------------------------------------


def names_in(response) -> list[str]:
    return [teacher.name for teacher in response.context["object_list"]]


@pytest.mark.parametrize("words", ["muller", "MÜLLER ana", "ana.m@ex"])
def test_a_teacher_is_found_by_name_without_accents_and_by_address(staff, words):
    TeacherFactory(name="Ana Müller", contact_address="ana.m@example.org")
    TeacherFactory(name="Sample Ben")
    assert names_in(staff.get(LIST, {"q": words})) == ["Ana Müller"]


def test_each_filter_keeps_those_it_names(staff):
    program = ProgramFactory()
    today = timezone.localdate()
    one = TeacherFactory(
        name="One",
        is_trainer=True,
        languages=["fr", "en"],
        teaches_online=True,
        place=PlaceFactory(country="PT"),
        is_sample=True,
        last_confirmed=today - timedelta(days=340),
    )
    one.programs.add(program)
    one.save()
    submit(one, {"credentials": "PhD"})
    TeacherFactory(
        name="Two",
        place=None,
        state="hidden",
        teaches_in_person=False,
        level=TrainingLevelFactory(),
        languages=["en"],
    )
    TeacherFactory(name="Three", last_confirmed=today - timedelta(days=366))
    for values, expected in [
        ({"is_trainer": "yes"}, {"One"}),
        ({"language": "fr"}, {"One"}),
        ({"format": "online"}, {"One"}),
        ({"format": "in-person"}, {"One", "Three"}),
        ({"country": "PT"}, {"One"}),
        ({"is_sample": "yes"}, {"One"}),
        ({"renewal": "soon"}, {"One"}),
        ({"renewal": "over"}, {"Three"}),
        ({"program": program.pk}, {"One"}),
        ({"changes": "yes"}, {"One"}),
        ({"changes": "no"}, {"Two", "Three"}),
        ({"town": "no"}, {"Two"}),
        ({"state": "hidden"}, {"Two"}),
        ({"listed": "yes"}, {"One"}),
        ({"listed": "no"}, {"Two", "Three"}),
        ({"level": TrainingLevel.objects.last().pk}, {"Two"}),
    ]:
        assert set(names_in(staff.get(LIST, values))) == expected, values


def test_the_list_offers_what_it_shows_as_a_file(staff):
    TeacherFactory()
    assert "Take all teachers out as a file" in words_of(staff.get(LIST))
    chosen = words_of(staff.get(LIST, {"listed": "yes"}))
    assert "1 teacher matches" in chosen
    assert "Take these teachers out as a file" in chosen


def test_the_list_takes_the_same_queries_for_any_number(staff, count_queries):
    TeacherFactory()
    staff.get(LIST)
    few = count_queries(lambda: staff.get(LIST))
    TeacherFactory.create_batch(20)
    assert count_queries(lambda: staff.get(LIST)) == few


# --- Acts ----------------------------------------------------------------------------------------


def test_hiding_many_takes_them_out_and_listing_again_brings_them_back(staff):
    teachers = TeacherFactory.create_batch(2)
    gone = TeacherFactory(state="withdrawn")
    chosen = "&".join(f"id={teacher.pk}" for teacher in [*teachers, gone])
    staff.post(f"/admin/bulk/teachers/teacher/hide/?{chosen}")
    assert not DirectoryEntry.objects.exists()
    staff.post(f"/admin/bulk/teachers/teacher/list/?{chosen}")
    assert DirectoryEntry.objects.count() == 2
    gone.refresh_from_db()
    assert gone.state == "withdrawn"


def test_all_in_the_listing_is_what_the_filters_choose(staff):
    TeacherFactory(name="Sample Ana"), TeacherFactory(name="Sample Ben")
    staff.post("/admin/bulk/teachers/teacher/hide/?id=all&q=ana")
    assert [t.name for t in Teacher.objects.filter(state="hidden")] == ["Sample Ana"]


def test_renewing_shows_a_teacher_for_another_year_and_the_editor_knows(staff):
    teacher = TeacherFactory(last_confirmed=timezone.localdate() - timedelta(days=400))
    teacher.save_revision().publish()
    assert teacher.name in words_of(staff.get("/admin/teachers/renewals/"))
    staff.post(f"/admin/teachers/renewals/{teacher.pk}/")
    teacher.refresh_from_db()
    assert teacher.last_confirmed == timezone.localdate()
    assert teacher.get_latest_revision_as_object().last_confirmed == timezone.localdate()
    assert DirectoryEntry.objects.filter(pk=teacher.pk).exists()
    assert "Staff noted that the entry was confirmed" in words_of(
        staff.get(f"{LIST}history/{teacher.pk}/")
    )


def test_many_teachers_are_not_deleted_at_once(staff):
    one, two = TeacherFactory.create_batch(2)
    staff.post(f"/admin/bulk/teachers/teacher/delete/?id={one.pk}&id={two.pk}")
    assert Teacher.objects.count() == 2


def test_deleting_one_says_what_goes_and_offers_to_hide(staff):
    teacher = TeacherFactory(name="Sample Ana")
    text = words_of(staff.get(f"{LIST}delete/{teacher.pk}/"))
    assert "Delete Sample Ana for good?" in text
    assert "Hidden by staff" in text
    staff.post(f"{LIST}delete/{teacher.pk}/")
    assert not Teacher.objects.exists()


@pytest.mark.parametrize(
    "path", ["snippets/teachers/{}/delete/{}/", "bulk/teachers/{}/delete/?id={}"]
)
def test_a_level_or_program_in_use_is_kept_with_a_sentence(staff, path):
    teacher, program = TeacherFactory(), ProgramFactory()
    teacher.programs.add(program)
    teacher.save()
    for model, kept, told, chosen_by in (
        ("traininglevel", teacher.level, "1 teacher has the level “{}”", "level"),
        ("program", program, "1 teacher teaches “{}”", "program"),
    ):
        response = staff.post(f"/admin/{path.format(model, kept.pk)}", follow=True)
        assert told.format(kept) in words_of(response)
        narrowed = f"{LIST}?{chosen_by}={kept.pk}"
        assert f'href="{narrowed}"' in response.content.decode()
        assert names_in(staff.get(narrowed)) == [teacher.name]
    assert Program.objects.filter(pk=program.pk).exists()
    assert TrainingLevel.objects.filter(pk=teacher.level_id).exists()


def test_a_level_with_which_the_directory_begins_is_kept(staff):
    first = TrainingLevel.objects.get(name="Trained Teacher")
    response = staff.post(f"/admin/snippets/teachers/traininglevel/delete/{first.pk}/", follow=True)
    assert "The directory begins with the level “Trained Teacher”." in words_of(response)
    assert "Show them" not in words_of(response)
    assert TrainingLevel.objects.filter(pk=first.pk).exists()


def test_a_level_that_nobody_has_is_deleted(staff):
    level = TrainingLevelFactory()
    staff.post(f"/admin/snippets/teachers/traininglevel/delete/{level.pk}/")
    assert not TrainingLevel.objects.filter(pk=level.pk).exists()


# --- Changes by teachers -------------------------------------------------------------------------


def test_a_change_is_shown_before_and_after_in_words_and_published(staff):
    teacher = TeacherFactory(name="Sample Ana", languages=["en"], credentials="")
    change = submit(teacher, {"credentials": "PhD", "languages": ["en", "pt"]})
    text = words_of(staff.get("/admin/teachers/changes/"))
    assert re.search(r"Credentials nothing PhD", text)
    assert re.search(r"Languages English English, Portuguese", text)
    values = {"act": "publish", "seen": change.revision_id}
    response = staff.post(f"/admin/teachers/changes/{change.pk}/", values, follow=True)
    assert "what Sample Ana changed is live" in words_of(response)
    teacher.refresh_from_db()
    assert teacher.credentials == "PhD"


def test_a_change_to_an_entry_that_is_not_shown_is_not_said_to_be_seen(staff):
    teacher = TeacherFactory(name="Sample Ana", live=False)
    change = submit(teacher, {"credentials": "PhD"})
    values = {"act": "publish", "seen": change.revision_id}
    response = staff.post(f"/admin/teachers/changes/{change.pk}/", values, follow=True)
    assert "is live" not in words_of(response)
    assert "do not find Sample Ana at present: The entry is a draft." in words_of(response)


def test_a_portrait_is_shown_before_and_after(staff, committed):
    with committed():
        former = ImageFactory(title="Sample one", description="Ana of old")
        portrait = ImageFactory(title="Sample two", description="Portrait of Ana")
    submit(TeacherFactory(portrait=former), {"portrait": portrait.pk})
    text = staff.get("/admin/teachers/changes/").content.decode()
    shown = re.findall(r"<img[^>]*>", text.partition('class="listing')[2])
    assert [re.search('alt="([^"]*)"', one)[1] for one in shown] == [
        "Ana of old",
        "Portrait of Ana",
    ]


def test_a_portrait_that_is_gone_is_said_to_be(staff):
    submit(TeacherFactory(), {"portrait": ImageFactory().pk})
    UploadedImage.objects.all().delete()
    text = words_of(staff.get("/admin/teachers/changes/"))
    assert "Portrait nothing a deleted picture" in text


def test_a_biography_keeps_its_paragraphs_and_lists_on_both_sides(staff):
    former, new = "<p>One.</p><p>Two.</p>", "<p>One.</p><ul><li>a</li><li>b</li></ul>"
    submit(TeacherFactory(biography=former), {"biography": new})
    text = staff.get("/admin/teachers/changes/").content.decode()
    assert former in text
    assert new in text


def test_many_changes_take_no_more_queries_than_one(staff, committed, count_queries):
    def changed() -> None:
        with committed():
            portraits = [ImageFactory(), ImageFactory()]
        submit(TeacherFactory(portrait=portraits[0]), {"portrait": portraits[1].pk})

    def look():
        caches["renditions"].clear()
        return staff.get("/admin/teachers/changes/")

    changed()
    look()
    one = count_queries(look)
    for _ in range(4):
        changed()
    look()
    assert count_queries(look) == one


class TestDeclining:
    @pytest.fixture
    def teacher(self) -> Teacher:
        return TeacherFactory(name="Sample Ana", credentials="", contact_address="a+b@example.org")

    @pytest.fixture
    def change(self, teacher):
        return submit(teacher, {"credentials": "PhD"})

    def address(self, change) -> str:
        return f"/admin/teachers/changes/{change.pk}/decline/"

    def test_is_asked_about_first(self, staff, change):
        page = staff.get("/admin/teachers/changes/").content.decode()
        assert f'href="{self.address(change)}"' in page
        staff.post(f"/admin/teachers/changes/{change.pk}/", {"act": "decline", "seen": "1"})
        text = words_of(staff.get(self.address(change)))
        assert "Decline what Sample Ana changed?" in text
        assert "Credentials nothing PhD" in text
        change.refresh_from_db()
        assert change.outcome == "waiting"

    def test_leaves_the_entry_as_it_was_and_keeps_the_reason(self, staff, teacher, change):
        values = {"seen": change.revision_id, "reason": "Please show us the diploma."}
        staff.post(self.address(change), values)
        teacher.refresh_from_db()
        assert teacher.credentials == ""
        assert "No change waits for you." in words_of(staff.get("/admin/teachers/changes/"))
        assert last_declined(teacher).reason == "Please show us the diploma."
        history = words_of(staff.get(f"{LIST}history/{teacher.pk}/"))
        assert "Change by the teacher declined: Please show us the diploma." in history

    def test_offers_to_write_to_the_teacher(self, staff, change):
        mail = 'href="mailto:a%2Bb@example.org"'
        pages = [
            staff.get("/admin/teachers/changes/"),
            staff.get(self.address(change)),
            staff.post(self.address(change), {"seen": change.revision_id}, follow=True),
        ]
        assert all(mail in page.content.decode() for page in pages)

    def test_declines_nothing_that_staff_have_not_seen(self, staff, teacher, change):
        seen = change.revision_id
        submit(teacher, {"credentials": "Something else"})
        response = staff.post(self.address(change), {"seen": seen}, follow=True)
        assert "the teacher sent more since" in words_of(response)
        change.refresh_from_db()
        assert change.outcome == "waiting"

    def test_gives_back_a_reason_that_is_too_long(self, staff, change):
        values = {"seen": change.revision_id, "reason": "y" * 1001}
        response = staff.post(self.address(change), values)
        assert "y" * 1001 in response.content.decode()
        change.refresh_from_db()
        assert change.outcome == "waiting"

    @pytest.mark.parametrize("group", ["", "Editors", "Board", "Newsletter"])
    def test_is_not_everyones(self, group, change):
        browser = signed_in(member(group))
        assert browser.get(self.address(change)).status_code in {302, 403}
        values = {"seen": change.revision_id}
        assert browser.post(self.address(change), values).status_code in {302, 403}
        change.refresh_from_db()
        assert change.outcome == "waiting"


def test_what_was_sent_after_staff_looked_is_not_published_unseen(staff):
    teacher = TeacherFactory(credentials="")
    seen = submit(teacher, {"credentials": "PhD"}).revision_id
    change = submit(teacher, {"credentials": "Something else"})
    values = {"act": "publish", "seen": seen}
    response = staff.post(f"/admin/teachers/changes/{change.pk}/", values, follow=True)
    assert "the teacher sent more since" in words_of(response)
    teacher.refresh_from_db()
    assert teacher.credentials == ""


# --- Towns ---------------------------------------------------------------------------------------


def test_a_town_is_searched_for_in_the_window(staff, world):
    results = staff.get("/admin/teachers/places/results/", {"q": "Portland"})
    text = words_of(results)
    assert "Portland, Oregon, United States" in text
    assert "Portland, Maine, United States" in text
    assert "France" not in words_of(staff.get("/admin/teachers/places/results/", {"q": "Franc"}))


@pytest.mark.parametrize("asked", [{}, {"q": "Portland"}])
def test_the_window_shows_towns_on_one_page_and_counts_nothing(staff, world, asked):
    text = words_of(staff.get("/admin/teachers/places/results/", asked))
    assert "Town Portland, Oregon" in text or "Town Paris" in text
    assert not re.search(r"Title|match|Page \d", text)


def test_without_any_places_the_window_says_what_to_do(staff):
    text = words_of(staff.get("/admin/teachers/places/results/"))
    assert "load_places" in text


def test_the_dashboard_says_what_waits(staff):
    teacher = TeacherFactory(place=None)
    submit(teacher, {"credentials": "PhD"})
    text = words_of(staff.get("/admin/"))
    assert "1 teacher is in the directory" in text
    assert "1 change waits for your review" in text
    assert "1 teacher has no town" in text
