"""The teachers of a list are brought in whole or not at all, and what staff work on is kept."""

import datetime
import io
import time
from itertools import islice

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from pages.transfers import running as running_on
from pages.transfers.columns import begins_with_heads
from pages.transfers.files import examine, read
from pages.transfers.steps import cancel, keep, set_columns
from teachers import import_rows, importing
from teachers.folding import place_key
from teachers.import_columns import guessed_columns
from teachers.importing import continue_import, forget_refused_cells, look_ahead, start
from teachers.languages import language_names
from teachers.models import (
    DirectoryEntry,
    ImportedTeacherRow,
    PlaceName,
    Teacher,
    TeacherImport,
)
from tests.factories import (
    PlaceFactory,
    ProgramFactory,
    TeacherFactory,
    TrainingLevelFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
State, Outcome = TeacherImport.State, ImportedTeacherRow.Outcome
HEAD = "Contact address,Name,Training level,Agreed to be listed,Last confirmed\n"
TODAY = f"{timezone.localdate():%Y-%m-%d}"


def running(text: str, *, by=None, empty_clears: bool = False) -> TeacherImport:
    """Return an import of a list, with heads, that waits for the worker."""
    found = examine(io.BytesIO(text.encode()))
    one = keep(TeacherImport, found, original_name="list.csv", by=by)
    beginning = list(islice(read(one), 5))
    assert set_columns(one, guessed_columns(beginning), has_heads=begins_with_heads(beginning))
    one.refresh_from_db()
    assert start(one, empty_clears=empty_clears)
    return one


def brought_in(text: str, committed, **terms) -> TeacherImport:
    """Let the worker read a list to its end; return the import as it is then."""
    one = running(text, **terms)
    with committed():
        while continue_import():
            pass
    one.refresh_from_db()
    assert one.state == State.DONE
    return one


def outcomes(one: TeacherImport) -> list[tuple[int, str]]:
    return list(one.rows.values_list("number", "outcome"))


def line(address: str, name: str = "Sample Ana", level: str = "Certified Teacher") -> str:
    return f"{address},{name},{level},yes,{TODAY}\n"


def test_who_is_new_is_added_published_and_in_the_directory(committed):
    by = UserFactory()
    one = brought_in(HEAD + line("Ana@Example.org"), committed, by=by)
    ana = Teacher.objects.get()
    assert (ana.contact_address, ana.contact_key) == ("Ana@Example.org", "ana@example.org")
    assert (ana.sort_name, ana.search_name, ana.slug) == ("Ana, Sample", "sample ana", "sample-ana")
    assert ana.live
    assert ana.first_published_at
    assert DirectoryEntry.objects.get().teacher == ana
    entry = ModelLogEntry.objects.for_instance(ana).get()
    assert (entry.action, entry.user, entry.data) == ("teachers.import", by, {"import": one.pk})
    assert (one.added, one.rows_done, one.refused) == (1, 1, 0)


def test_nobody_is_listed_by_an_import_that_does_not_say_that_they_agreed(committed):
    text = (
        "email,name,level,agreed,confirmed\n"
        f"a@example.org,Sample A,Certified Teacher,no,{TODAY}\n"
        f"b@example.org,Sample B,Certified Teacher,,{TODAY}\n"
    )
    assert brought_in(text, committed).added == 2
    assert not DirectoryEntry.objects.exists()


def test_who_left_the_directory_is_not_brought_back(committed):
    TeacherFactory(contact_address="ana@example.org", state="withdrawn")
    brought_in(HEAD + line("ana@example.org"), committed)
    assert Teacher.objects.get().state == "withdrawn"
    assert not DirectoryEntry.objects.exists()


def test_an_older_list_sets_no_earlier_confirmation_and_the_report_says_so(committed):
    long_ago = timezone.localdate() - datetime.timedelta(days=300)
    ana = TeacherFactory(contact_address="ana@example.org", name="Old")
    ben = TeacherFactory(contact_address="ben@example.org", last_confirmed=None)
    text = "email,name,confirmed\n" + "".join(
        f"{name}@example.org,New,{long_ago:%Y-%m-%d}\n" for name in ("ana", "ben")
    )
    one = brought_in(text, committed)
    assert one.changed == 2
    ana.refresh_from_db()
    ben.refresh_from_db()
    assert (ana.name, ana.last_confirmed) == ("New", timezone.localdate())
    assert ben.last_confirmed == long_ago
    assert "later date was kept" in one.rows.get(teacher_pk=ana.pk).reason
    assert one.rows.get(teacher_pk=ben.pk).reason == ""
    again = brought_in(text, committed)
    assert again.unchanged == 2
    assert "later date was kept" in again.rows.get(teacher_pk=ana.pk).reason


def test_an_older_list_takes_out_whoever_does_not_agree_in_it(committed):
    TeacherFactory(contact_address="ana@example.org")
    text = "email,agreed,confirmed\nana@example.org,no,2020-01-31\n"
    assert brought_in(text, committed).changed == 1
    ana = Teacher.objects.get()
    assert (ana.agreed_to_be_listed, ana.last_confirmed) == (False, timezone.localdate())
    assert not DirectoryEntry.objects.exists()


def test_who_is_known_is_changed_where_the_list_says_something_else(committed):
    teacher = TeacherFactory(
        contact_address="ana@example.org", name="Old", website="https://kept.org"
    )
    one = brought_in(HEAD + line("ANA@example.org", "New Name"), committed)
    teacher.refresh_from_db()
    assert (teacher.name, teacher.search_name) == ("New Name", "new name")
    assert teacher.website == "https://kept.org"
    assert (one.added, one.changed) == (0, 1)
    again = brought_in(HEAD + line("ana@example.org", "New Name"), committed)
    assert (again.changed, again.unchanged) == (0, 1)


def test_several_of_the_same_name_get_addresses_of_their_own(committed):
    TeacherFactory(name="Sample Ana")
    brought_in(HEAD + line("a@example.org") + line("b@example.org"), committed)
    assert sorted(Teacher.objects.values_list("slug", flat=True)) == [
        "sample-ana",
        "sample-ana-2",
        "sample-ana-3",
    ]


def test_an_address_that_comes_again_is_refused_however_far_down(committed, monkeypatch):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 2)
    text = HEAD + line("a@example.org") + line("A@example.org", "Other") + line("b@example.org")
    one = brought_in(text + line("a@EXAMPLE.org", "Later"), committed)
    assert outcomes(one) == [(2, "added"), (3, "refused"), (4, "added"), (5, "refused")]
    reasons = set(one.rows.filter(outcome=Outcome.REFUSED).values_list("reason", flat=True))
    assert reasons == {"This address is already in row 2 of the file."}
    assert Teacher.objects.get(contact_key="a@example.org").name == "Sample Ana"


def test_a_row_that_is_refused_stores_nothing_and_the_others_go_on(committed):
    text = HEAD + line("a@example.org", level="No such") + line("b@example.org")
    one = brought_in(text, committed)
    assert (one.added, one.refused) == (1, 1)
    refused = one.rows.get(outcome=Outcome.REFUSED)
    assert "No such" in refused.reason
    assert refused.cells[0] == "a@example.org"
    assert one.rows.get(outcome=Outcome.ADDED).cells == []


def test_a_draft_of_staff_stays_a_draft_and_gets_what_the_list_says(committed):
    teacher = TeacherFactory(contact_address="ana@example.org", name="Old", credentials="Live")
    teacher.save_revision().publish()
    teacher.refresh_from_db()
    teacher.credentials = "Draft"
    teacher.save_revision()
    brought_in(HEAD + line("ana@example.org", "New Name"), committed)
    teacher.refresh_from_db()
    draft = teacher.get_latest_revision_as_object()
    assert (teacher.name, teacher.credentials) == ("New Name", "Live")
    assert (draft.name, draft.credentials) == ("New Name", "Draft")
    assert teacher.has_unpublished_changes
    assert teacher.live_revision.as_object().name == "New Name"
    assert teacher.live_revision.as_object().credentials == "Live"


def test_the_editor_shows_what_a_list_changed_and_publishing_does_not_take_it_back(committed):
    program = ProgramFactory(name="For parents")
    teacher = TeacherFactory(contact_address="ana@example.org")
    teacher.save_revision().publish()
    brought_in("email,programs,languages\nana@example.org,For parents,fr; en\n", committed)
    teacher.refresh_from_db()
    assert not teacher.has_unpublished_changes
    shown = teacher.get_latest_revision_as_object()
    assert (list(shown.programs.all()), shown.languages) == ([program], ["en", "fr"])
    teacher.get_latest_revision().publish()
    teacher.refresh_from_db()
    assert list(teacher.programs.all()) == [program]


def test_who_was_never_edited_needs_no_revision(committed):
    TeacherFactory(contact_address="ana@example.org")
    brought_in(HEAD + line("ana@example.org", "New"), committed)
    assert not Revision.objects.for_instance(Teacher.objects.get()).exists()


def test_a_locked_teacher_is_left_alone_and_the_report_says_so(committed):
    TeacherFactory(contact_address="ana@example.org", name="Old", locked=True)
    one = brought_in(HEAD + line("ana@example.org", "New"), committed)
    assert Teacher.objects.get().name == "Old"
    assert "locked" in one.rows.get().reason


def test_a_part_that_fails_leaves_nothing_and_is_done_again(committed, monkeypatch):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 2)
    text = HEAD + "".join(line(f"t{n}@example.org", f"Sample {n}") for n in range(5))
    one = running(text)
    continue_import()
    with monkeypatch.context() as broken:
        broken.setattr(ImportedTeacherRow.objects, "bulk_create", lambda rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            continue_import()
    one.refresh_from_db()
    assert (one.rows_done, Teacher.objects.count()) == (2, 2)
    with committed():
        while continue_import():
            pass
    one.refresh_from_db()
    assert (one.state, one.added, Teacher.objects.count()) == (State.DONE, 5, 5)


def test_a_list_that_fails_again_and_again_ends_with_a_sentence(monkeypatch):
    one = running(HEAD + line("ana@example.org"))
    monkeypatch.setattr(importing, "_plans", lambda *args, **kwargs: 1 / 0)
    for _ in range(running_on.MOST_FAILURES):
        with pytest.raises(ZeroDivisionError):
            continue_import()
    one.refresh_from_db()
    assert one.state == State.FAILED
    assert "upload it again" in one.failure


def test_a_canceled_import_brings_nobody_in():
    one = running(HEAD + line("ana@example.org"))
    assert cancel(one)
    assert continue_import() == 0
    assert not Teacher.objects.exists()


def test_looking_ahead_writes_nothing():
    one = running(HEAD + line("a@example.org") + line("b@example.org", level="No such"))
    plans = look_ahead(one, most=10)
    assert [plan.outcome for plan in plans] == [Outcome.ADDED, Outcome.REFUSED]
    assert [plan.outcome for plan in look_ahead(one, most=1)] == [Outcome.ADDED]
    assert not Teacher.objects.exists()


def test_what_refused_rows_held_is_deleted_after_a_month(committed):
    one = brought_in(HEAD + line("a@example.org", level="No such"), committed)
    assert forget_refused_cells() == 0
    long_ago = timezone.now() - importing.CELLS_KEPT - importing.CELLS_KEPT
    TeacherImport.objects.update(created_at=long_ago)
    assert forget_refused_cells() == 1
    assert one.rows.get().cells == []


def test_the_number_of_queries_does_not_grow_with_the_rows(count_queries, world):
    TrainingLevelFactory()

    def in_a_list_of(count: int, begin: int) -> int:
        text = HEAD + "".join(
            line(f"t{n}@example.org", f"Sample {n}") for n in range(begin, begin + count)
        )
        running(text)
        queries = count_queries(continue_import)
        TeacherImport.objects.update(state=State.DONE)
        return queries

    in_a_list_of(2, 0)
    few, many = in_a_list_of(5, 100), in_a_list_of(60, 200)
    assert many <= few + 3


def test_a_town_is_looked_for_once_in_a_list(committed, world, monkeypatch):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 2)
    asked = []
    resolve = import_rows.resolve
    monkeypatch.setattr(import_rows, "resolve", lambda text: asked.append(text) or resolve(text))
    towns = ("Lyon", "Nowhere", "Lyon", "Nowhere", "Lyon")
    text = "email,name,level,city\n" + "".join(
        f"t{n}@example.org,Sample,Certified Teacher,{town}\n" for n, town in enumerate(towns)
    )
    one = brought_in(text, committed)
    assert asked == ["Lyon", "Nowhere"]
    assert (one.added, one.refused) == (3, 2)
    assert {teacher.place.name for teacher in Teacher.objects.all()} == {"Lyon"}


def test_places_that_are_loaded_after_a_failure_are_found(committed, monkeypatch, world):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 1)
    text = "email,name,level,city\n" + "".join(
        f"t{n}@example.org,Sample,Certified Teacher,Springfield\n" for n in range(3)
    )
    one = running(text)
    continue_import()
    with monkeypatch.context() as broken:
        broken.setattr(ImportedTeacherRow.objects, "bulk_create", lambda rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            continue_import()
    place = PlaceFactory(name="Springfield")
    PlaceName.objects.create(place=place, name=place_key("Springfield"), weight=10_000)
    with committed():
        while continue_import():
            pass
    assert outcomes(one) == [(2, "refused"), (3, "added"), (4, "added")]


def test_nobody_is_brought_in_with_more_languages_than_there_is_room_for(committed):
    codes = "; ".join(sorted(language_names())[:21])
    one = brought_in(f"{HEAD[:-1]},Languages\n{line('a@example.org')[:-1]},{codes}\n", committed)
    assert "at most 20 languages" in one.rows.get().reason


def test_a_thousand_rows_take_seconds(committed, world):
    text = "email,name,level,agreed,confirmed,city\n" + "".join(
        f't{n}@example.org,Sample {n},Certified Teacher,yes,{TODAY},"Lyon, France"\n'
        for n in range(1000)
    )
    began = time.monotonic()
    assert brought_in(text, committed).added == 1000
    assert time.monotonic() - began < 20
    assert DirectoryEntry.objects.count() == 1000
