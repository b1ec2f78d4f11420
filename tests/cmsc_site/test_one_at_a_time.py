"""What one process is at, no other begins."""

import threading
from contextlib import ExitStack

import pytest
from django.db import connection

from cmsc_site.one_at_a_time import alone, turn_at


def elsewhere(work) -> None:
    """Do something as another process would, with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive()


def granted_elsewhere(name: str) -> bool:
    answers = []

    def ask() -> None:
        with turn_at(name) as granted:
            answers.append(granted)

    elsewhere(ask)
    return answers[0]


@pytest.mark.django_db
class TestATurn:
    def test_is_had_by_one_alone(self):
        with turn_at("tidying") as granted:
            assert granted
            assert not granted_elsewhere("tidying")

    def test_is_free_when_it_is_over(self):
        with turn_at("tidying"):
            pass
        assert granted_elsewhere("tidying")

    def test_is_free_when_it_ended_in_an_error(self):
        with pytest.raises(RuntimeError), turn_at("tidying"):
            raise RuntimeError("on purpose")
        assert granted_elsewhere("tidying")

    def test_keeps_nobody_from_something_else(self):
        with turn_at("tidying"):
            assert granted_elsewhere("publishing")

    def test_is_waited_for_where_that_is_asked(self):
        order, begun = [], threading.Event()

        def wait() -> None:
            begun.set()
            with turn_at("prepare", wait=True) as granted:
                order.append(("second", granted))
            connection.close()

        with ExitStack() as first:
            first.enter_context(turn_at("prepare"))
            thread = threading.Thread(target=wait)
            thread.start()
            begun.wait(timeout=30)
            thread.join(timeout=0.3)
            order.append("first")
        thread.join(timeout=30)
        assert order == ["first", ("second", True)]

    def test_belongs_to_a_job_while_it_works(self):
        seen = []
        job = alone("renewals", lambda: seen.append(granted_elsewhere("renewals")) or 3)
        assert job() == 3
        assert seen == [False]

    def test_of_another_is_passed_over(self):
        done = []
        with turn_at("renewals"):
            elsewhere(lambda: done.append(alone("renewals", lambda: 3)()))
        assert done == [0]
