"""The people of a list are brought in once each, whatever happens meanwhile, and nobody else."""

import io
import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from post_office.models import Email

from newsletter import importing
from newsletter.import_columns import Columns
from newsletter.import_steps import start
from newsletter.importing import continue_import
from newsletter.models import (
    ConsentEvent,
    HeldSignUp,
    ImportedRow,
    Subscriber,
    SubscriberImport,
    Suppression,
    suppress,
)
from newsletter.models.subscriber import Act
from newsletter.models.transfers import import_storage
from pages.transfers import running as running_on
from pages.transfers.files import examine
from pages.transfers.steps import cancel, forget_unfinished_imports, keep, set_columns
from tests.factories import HeldSignUpFactory, SubscriberFactory, TopicFactory, UserFactory

State, Outcome = SubscriberImport.State, ImportedRow.Outcome
in_a_database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Keep each test's lists apart."""
    settings.STORAGES = {
        **settings.STORAGES,
        "imports": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "imports", "base_url": None},
        },
    }
    field = SubscriberImport._meta.get_field("file")
    kept, field.storage = field.storage, import_storage()
    yield tmp_path / "imports"
    field.storage = kept


def uploaded(text: str, **columns: int) -> SubscriberImport:
    """Return an import of a list whose columns are known."""
    found = examine(io.BytesIO(text.encode()))
    one = keep(SubscriberImport, found, original_name="list.csv", by=None)
    assert set_columns(one, vars(Columns(**{"address": 0, **columns})), has_heads=False)
    one.refresh_from_db()
    return one


def running(text: str, *, columns: dict | None = None, **terms) -> SubscriberImport:
    """Return an import of a list that waits for the worker."""
    one = uploaded(text, **(columns or {}))
    assert start(one, **{"consent_source": "Sample fair", "language": "en", **terms})
    return one


def numbered(count: int) -> str:
    """Return a list of that many addresses."""
    return "".join(f"reader{number}@example.org\n" for number in range(count))


def brought_in(one: SubscriberImport, committed) -> SubscriberImport:
    """Let the worker read the list to its end; return the import as it is then."""
    with committed():
        while continue_import():
            pass
    one.refresh_from_db()
    return one


def said_of(one: SubscriberImport) -> list[tuple[int, str]]:
    return list(one.rows.values_list("number", "outcome"))


# --- Who is added --------------------------------------------------------------------------------


@in_a_database
def test_each_person_is_subscribed_with_their_consent_and_nothing_is_sent(committed):
    by, topic = UserFactory(), TopicFactory()
    one = uploaded("Ana@Example.org,Ana,Müller\nben@example.org,,\n", name=1, surname=2)
    SubscriberImport.objects.update(by=by)
    start(one, consent_source="Sample fair, May 2026", language="en", topics=[topic])
    one = brought_in(one, committed)
    ana, ben = Subscriber.objects.order_by("key")
    assert (ana.address, ana.key, ana.name) == ("Ana@Example.org", "ana@example.org", "Ana Müller")
    assert ben.name == ""
    assert {ana.state, ben.state} == {Subscriber.State.CONFIRMED}
    assert ana.confirmed_at
    assert list(ana.topics.all()) == list(ben.topics.all()) == [topic]
    event = ana.events.get()
    assert (event.act, event.note, event.by) == (Act.IMPORTED, "Sample fair, May 2026", by)
    assert (one.state, one.added, one.rows_done) == (State.DONE, 2, 2)
    assert not one.rows.exists()
    assert not Email.objects.exists()


@in_a_database
def test_asked_to_confirm_each_gets_one_mail_and_is_on_the_list_only_then(committed, monkeypatch):
    monkeypatch.setattr(importing, "MAILS_AT_ONCE", 2)
    one = brought_in(running(numbered(5), asks_to_confirm=True), committed)
    assert one.added == 5
    assert set(Subscriber.objects.values_list("state", "confirmed_at")) == {("pending", None)}
    assert sorted(mail.to[0] for mail in Email.objects.all()) == numbered(5).split()


@in_a_database
def test_who_is_known_stays_as_they_are_in_whatever_state(committed):
    known = [
        SubscriberFactory(address=f"{state}@example.org", state=state, name="Kept")
        for state in Subscriber.State.values
    ]
    before = list(Subscriber.objects.order_by("pk").values())
    text = "".join(f"{one.address.upper()},Changed\n" for one in known)
    one = brought_in(running(text, columns={"name": 1}, topics=[TopicFactory()]), committed)
    assert (one.added, one.known) == (0, len(known))
    assert list(Subscriber.objects.order_by("pk").values()) == before
    assert not Subscriber.topics.through.objects.exists()
    assert not ConsentEvent.objects.exists()


@in_a_database
def test_every_row_that_was_not_added_is_named_with_the_reason_and_without_the_address(committed):
    SubscriberFactory(address="known@example.org")
    suppress("never@example.org", Suppression.Reason.ERASED)
    text = (
        "new@example.org\nknown@example.org\nnever@example.org\nnobody at all\n"
        "\nNEW@example.org\n\x01secret@example.org\n,no address\nlast@example.org\n"
    )
    one = brought_in(running(text), committed)
    assert said_of(one) == [
        (2, Outcome.KNOWN),
        (3, Outcome.SUPPRESSED),
        (4, Outcome.REFUSED),
        (6, Outcome.REPEATED),
        (7, Outcome.REFUSED),
        (8, Outcome.REFUSED),
    ]
    assert (one.rows_total, one.rows_done, one.added) == (8, 8, 2)
    assert (one.known, one.suppressed, one.refused) == (1, 1, 3)
    reasons = [row.reason for row in one.rows.filter(outcome=Outcome.REFUSED)]
    assert all(reasons)
    assert "@example.org" not in " ".join(reasons).replace("name@example.org", "")
    assert not Subscriber.objects.filter(key="never@example.org").exists()


@in_a_database
def test_a_row_that_comes_again_much_later_is_told_as_repeated(committed, monkeypatch):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 3)
    one = brought_in(running(numbered(7) + "reader0@example.org\n"), committed)
    assert said_of(one) == [(8, Outcome.REPEATED)]


@in_a_database
def test_the_same_list_once_more_adds_nobody(committed):
    brought_in(running(numbered(3)), committed)
    again = brought_in(running(numbered(3)), committed)
    assert (again.added, again.known) == (0, 3)


@in_a_database
def test_a_held_sign_up_of_someone_new_goes_and_that_of_someone_known_stays(committed):
    HeldSignUpFactory(address="new@example.org")
    SubscriberFactory(address="left@example.org", state="unsubscribed")
    HeldSignUpFactory(address="left@example.org")
    brought_in(running("new@example.org\nleft@example.org\n"), committed)
    assert [held.key for held in HeldSignUp.objects.all()] == ["left@example.org"]


@in_a_database
def test_who_signs_up_in_the_same_moment_is_known_and_stays_as_they_asked(committed, monkeypatch):
    asked = importing.outcomes

    def asked_then_someone_signs_up(*args):
        found = asked(*args)
        SubscriberFactory(address="reader1@example.org", state="pending", source="/")
        return found

    monkeypatch.setattr(importing, "outcomes", asked_then_someone_signs_up)
    one = brought_in(running(numbered(3), topics=[TopicFactory()]), committed)
    assert (one.added, one.known) == (2, 1)
    assert said_of(one) == [(2, Outcome.KNOWN)]
    there = Subscriber.objects.get(key="reader1@example.org")
    assert (there.state, there.source, there.topics.count()) == ("pending", "/", 0)
    assert not there.events.exists()


# --- In the background ---------------------------------------------------------------------------


@in_a_database
def test_other_jobs_have_their_turn_between_the_parts(monkeypatch):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 3)
    one = running(numbered(7))
    assert continue_import() == 3
    one.refresh_from_db()
    assert (one.state, one.rows_done, one.added) == (State.RUNNING, 3, 3)
    assert [continue_import() for _ in range(3)] == [3, 1, 0]


@in_a_database
def test_a_part_that_fails_halfway_leaves_nothing_and_is_done_again(monkeypatch, committed):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 3)
    one = running(numbered(7))
    continue_import()
    with monkeypatch.context() as broken:
        broken.setattr(ImportedRow.objects, "bulk_create", _stumble)
        with pytest.raises(RuntimeError):
            continue_import()
    one.refresh_from_db()
    assert (one.rows_done, Subscriber.objects.count(), ConsentEvent.objects.count()) == (3, 3, 3)
    one = brought_in(one, committed)
    assert (one.state, one.added, one.rows.count()) == (State.DONE, 7, 0)


@in_a_database
def test_a_list_that_fails_again_and_again_ends_with_a_sentence(monkeypatch, committed):
    one = running(numbered(3))
    monkeypatch.setattr(importing, "outcomes", _stumble)
    for _ in range(running_on.MOST_FAILURES):
        with committed(), pytest.raises(RuntimeError):
            continue_import()
    one.refresh_from_db()
    assert (one.state, bool(one.file)) == (State.FAILED, False)
    assert "upload it again" in one.failure
    assert continue_import() == 0


@in_a_database
def test_the_file_is_gone_once_it_is_read(own_folder, committed):
    one = running(numbered(3))
    assert stored_in(own_folder)
    one = brought_in(one, committed)
    assert stored_in(own_folder) == []
    assert (one.file.name, one.ended_at is not None) == ("", True)


@in_a_database
def test_asked_to_stop_who_was_added_stays_and_nobody_else_comes(
    own_folder, committed, monkeypatch
):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 3)
    one = running(numbered(7))
    continue_import()
    with committed():
        assert cancel(one)
    assert continue_import() == 0
    one.refresh_from_db()
    assert (one.state, Subscriber.objects.count()) == (State.CANCELLED, 3)
    assert stored_in(own_folder) == []
    assert not cancel(one)


@in_a_database
def test_stopped_in_the_moment_in_which_the_worker_turns_to_it_nothing_is_read(monkeypatch):
    one, locked = running(numbered(3)), running_on.locked

    def stopped_first(*args):
        cancel(one)
        return locked(*args)

    monkeypatch.setattr(running_on, "locked", stopped_first)
    assert continue_import() == 0
    assert not Subscriber.objects.exists()


@in_a_database
def test_a_stopped_import_stays_stopped_though_its_part_failed(monkeypatch):
    one = running(numbered(3))

    def stop_and_stumble(*_args):
        cancel(one)
        raise RuntimeError("on purpose")

    monkeypatch.setattr(running_on, "_read_next_rows", stop_and_stumble)
    with pytest.raises(RuntimeError):
        continue_import()
    one.refresh_from_db()
    assert (one.state, one.failure) == (State.CANCELLED, "")


@in_a_database
def test_a_list_that_ends_with_a_part_ends_at_the_next_look(monkeypatch):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 3)
    one = running(numbered(6))
    assert [continue_import() for _ in range(3)] == [3, 3, 0]
    one.refresh_from_db()
    assert (one.state, one.rows_done) == (State.DONE, 6)


@in_a_database
def test_what_runs_is_not_started_again_and_its_columns_stay():
    one = running(numbered(3))
    continue_import()
    assert not start(one, consent_source="Another", language="en")
    assert not set_columns(one, vars(Columns(address=1)), has_heads=True)
    one.refresh_from_db()
    assert (one.consent_source, one.state) == ("Sample fair", State.DONE)


@in_a_database
def test_a_list_that_nobody_confirms_is_deleted_after_a_day(own_folder, committed):
    fresh, old = uploaded(numbered(1)), uploaded(numbered(2))
    long_ago = timezone.now() - timedelta(hours=25)
    SubscriberImport.objects.filter(pk=old.pk).update(created_at=long_ago)
    with committed():
        assert forget_unfinished_imports() == 1
    old.refresh_from_db()
    assert old.state == State.CANCELLED
    assert stored_in(own_folder) == [fresh.file.name]


@in_a_database
def test_files_that_a_killed_process_left_are_deleted(own_folder):
    waiting, ended = uploaded(numbered(1)), uploaded(numbered(1))
    SubscriberImport.objects.filter(pk=ended.pk).update(state=State.DONE)
    new, old = (
        own_folder / import_storage().save(f"2031/03/{name}.csv", ContentFile(b"a@b.example"))
        for name in ("new", "old")
    )
    long_ago = (timezone.now() - timedelta(hours=25)).timestamp()
    os.utime(old, (long_ago, long_ago))
    assert forget_unfinished_imports() == 2
    assert stored_in(own_folder) == sorted([waiting.file.name, str(new.relative_to(own_folder))])


@in_a_database
def test_without_any_upload_there_is_nothing_to_forget():
    assert forget_unfinished_imports() == 0


@in_a_database
def test_the_questions_to_the_database_do_not_grow_with_the_list(count_queries, monkeypatch):
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 20)
    running(numbered(60))
    first, second = count_queries(continue_import), count_queries(continue_import)
    assert first == second < 25


@in_a_database
def test_an_idle_look_asks_the_database_once(count_queries):
    assert count_queries(continue_import) == 1


def stored_in(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _stumble(*args, **kwargs):
    raise RuntimeError("on purpose")
