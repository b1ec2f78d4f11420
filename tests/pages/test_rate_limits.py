"""Counting in the shared cache: every process counts the same, and nobody's name is there."""

import socket
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.cache import caches

from pages.rate_limits import hit, seconds_left

pytestmark = pytest.mark.without_database
NOON = 1_900_000_800  # the beginning of an hour


def redis_answers() -> bool:
    try:
        socket.create_connection(("127.0.0.1", 6379), timeout=1).close()
    except OSError:
        return False
    return True


KINDS = ["memory", "files", *(["redis"] if redis_answers() else [])]


@pytest.fixture(params=KINDS)
def limits(request, settings, tmp_path):
    """The cache of counts, in each of its kinds, with nothing in it."""
    name = uuid.uuid4().hex  # Redis keeps what another run has counted
    kinds = {
        "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name},
        "files": {"BACKEND": "cmsc_site.file_cache.SharedFileCache", "LOCATION": tmp_path},
        "redis": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:6379/15",
            "KEY_PREFIX": f"tests-{name}",
        },
    }
    settings.CACHES = {**settings.CACHES, "limits": kinds[request.param]}
    return caches["limits"]


@pytest.fixture(autouse=True)
def _within_one_window():
    """Begin each test where no window ends for a while."""
    with time_machine.travel(NOON + 5):
        yield


def test_each_subject_is_counted_by_itself(limits):
    assert [hit("sample", "ana@example.org", 3600) for _ in range(3)] == [1, 2, 3]
    assert hit("sample", "ben@example.org", 3600) == 1
    assert hit("other", "ana@example.org", 3600) == 1


def test_threads_do_not_count_over_each_other(limits):
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: hit("sample", "x", 3600), range(200)))
    assert sorted(counts) == list(range(1, 201))


def test_many_who_come_first_at_once_are_all_counted(limits):
    for subject in map(str, range(20)):
        with ThreadPoolExecutor(6) as pool:
            counts = list(pool.map(lambda _, who=subject: hit("sample", who, 3600), range(6)))
        assert sorted(counts) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "subject", ["", " ", "\x00\r\nset x 1", "é\u202e", "s" * 100_000], ids=lambda s: ascii(s[:9])
)
def test_whoever_it_is_can_be_counted(limits, subject):
    assert [hit("sample", subject, 60) for _ in range(2)] == [1, 2]
    assert hit("sample", subject + "x", 60) == 1


def test_a_count_that_was_forgotten_meanwhile_begins_anew(limits, monkeypatch):
    hit("sample", "x", 3600)
    count_up = type(limits).incr

    def forgetful(cache, key, *args, **options):
        cache.delete(key)
        return count_up(cache, key, *args, **options)

    monkeypatch.setattr(type(limits), "incr", forgetful)
    assert hit("sample", "x", 3600) == 1
    monkeypatch.undo()
    assert hit("sample", "x", 3600) == 2


def test_a_count_ends_soon_after_its_window(settings, tmp_path):
    settings.CACHES = {
        **settings.CACHES,
        "limits": {
            "BACKEND": "cmsc_site.file_cache.SharedFileCache",
            "LOCATION": tmp_path,
            "OPTIONS": {"MAX_ENTRIES": 0},
        },
    }
    with time_machine.travel(NOON + 3599, tick=False):
        assert [hit("sample", "x", 3600) for _ in range(3)] == [1, 2, 3]
    with time_machine.travel(NOON + 3599 + 3661, tick=False):
        caches["limits"]._throw_out()
    assert not list(tmp_path.glob("*.djcache"))


def test_a_new_window_begins_at_one():
    with time_machine.travel(NOON + 10, tick=False):
        assert [hit("sample", "x", 3600) for _ in range(2)] == [1, 2]
        assert seconds_left(3600) == 3590
    with time_machine.travel(NOON + 3600, tick=False):
        assert hit("sample", "x", 3600) == 1


def test_an_address_does_not_stand_in_the_cache():
    hit("sample", "rare.name@example.org", 3600)
    assert "rare" not in repr(caches["limits"]._cache)


def test_who_it_was_cannot_be_guessed_without_the_key_of_the_site(settings):
    hit("sample", "rare.name@example.org", 3600)
    (before,) = caches["limits"]._cache
    caches["limits"].clear()
    settings.SECRET_KEY = "another-" + "0123456789abcdef" * 4
    hit("sample", "rare.name@example.org", 3600)
    (after,) = caches["limits"]._cache
    assert before != after


def test_retrying_after_the_time_that_was_told_is_in_a_new_window():
    for second in (0, 1, 59, 60, 3599):
        with time_machine.travel(NOON + second, tick=False):
            assert 1 <= seconds_left(60) <= 60
            hit("sample", "x", 60)
            again = NOON + second + seconds_left(60)
        with time_machine.travel(again, tick=False):
            assert hit("sample", "x", 60) == 1
            caches["limits"].clear()


def test_it_takes_at_most_two_steps_of_the_cache(monkeypatch):
    steps = []
    cache = caches["limits"]
    for name in ("add", "incr", "set", "get"):
        was = getattr(type(cache), name)
        monkeypatch.setattr(
            type(cache),
            name,
            lambda *a, _was=was, _name=name, **k: (steps.append(_name), _was(*a, **k))[1],
        )
    hit("sample", "x", 3600)
    hit("sample", "x", 3600)
    assert steps == ["add", "add", "incr"]
