"""The cache in files, used by several processes at once."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlowError

import pytest
import time_machine
from django.conf import settings

from cmsc_site.file_cache import LOCKS, SharedFileCache

pytestmark = pytest.mark.without_database

COUNT = """
import sys
from cmsc_site.file_cache import SharedFileCache
cache = SharedFileCache(sys.argv[1], {})
cache.add("count", 0)
won = sum(cache.add(f"once-{n}", 1) for n in range(50))
for _ in range(250):
    cache.incr("count")
print(won)
"""
HOLD = """
import sys, time
from cmsc_site.file_cache import SharedFileCache
with SharedFileCache(sys.argv[1], {})._locked("count", None):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def cache(tmp_path):
    return SharedFileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 9}})


def process(code: str, folder) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "cmsc_site.settings", "SECRET_KEY": settings.SECRET_KEY},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_do_not_count_over_each_other(cache, tmp_path):
    counters = [process(COUNT, tmp_path) for _ in range(8)]
    won = [int(counter.communicate(timeout=60)[0]) for counter in counters]
    assert cache.get("count") == 2000
    assert sum(won) == 50


def test_threads_do_not_count_over_each_other(cache):
    cache.set("count", 0)
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: cache.incr("count"), range(200)))
    assert sorted(counts) == list(range(1, 201))


def test_a_process_that_is_killed_while_it_counts_holds_up_nobody(cache, tmp_path):
    cache.set("count", 1)
    holder = process(HOLD, tmp_path)
    try:
        assert holder.stdout.readline() == "held\n"
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(cache.incr, "count")
            with pytest.raises(TooSlowError):
                waiting.result(timeout=0.2)
            holder.kill()
            assert waiting.result(timeout=10) == 2
    finally:
        holder.kill()
        holder.communicate()


def test_counting_does_not_put_off_the_end(cache):
    now = time.time()
    with time_machine.travel(now, tick=False):
        cache.set("count", 1, timeout=100)
    with time_machine.travel(now + 60, tick=False):
        assert cache.incr("count", 5) == 6
    with time_machine.travel(now + 99, tick=False):
        assert cache.get("count") == 6
    with time_machine.travel(now + 101, tick=False):
        assert cache.get("count") is None


def test_counting_at_the_last_moment_does_not_put_off_the_end_either(cache):
    now = time.time()
    with time_machine.travel(now, tick=False):
        cache.set("count", 1, timeout=10)
    for tenth in range(1, 10):
        with time_machine.travel(now + 9 + tenth / 10, tick=False):
            cache.incr("count")
    with time_machine.travel(now + 10.1, tick=False):
        assert cache.get("count") is None
        assert cache.add("count", 1)


def test_what_never_ends_is_counted_too(cache):
    cache.set("count", 1, timeout=None)
    assert cache.incr("count") == 2


def test_what_is_not_there_cannot_be_counted(cache):
    with pytest.raises(ValueError, match="not found"):
        cache.incr("count")
    cache.set("old", 1, timeout=-1)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("old")


def test_versions_are_counted_apart_and_down_as_well(cache):
    assert cache.add("count", 5)
    assert cache.add("count", 50, version=2)
    assert not cache.add("count", 7)
    assert (cache.decr("count"), cache.incr("count", version=2)) == (4, 51)


def test_an_empty_file_such_as_a_crash_leaves_is_as_good_as_none(cache, tmp_path):
    cache.set("count", 1)
    (file,) = tmp_path.glob("*.djcache")
    file.write_bytes(b"")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("count")
    file.write_bytes(b"")
    assert cache.add("count", 3)
    assert cache.incr("count") == 4


def test_a_folder_that_was_deleted_meanwhile_is_made_again(cache, tmp_path):
    cache.add("count", 1)
    shutil.rmtree(tmp_path)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("count")
    assert cache.add("count", 1)
    assert cache.incr("count") == 2


def test_the_expired_go_before_the_oldest_and_the_newest_stay(cache, tmp_path):
    now = time.time()
    for n in range(6):
        cache.set(f"expired-{n}", 1, timeout=0.01)
        cache.set(f"kept-{n}", 1)
    with time_machine.travel(now + 1, tick=False):
        cache._throw_out()
        assert sum(cache.get(f"kept-{n}") for n in range(6)) == 6
    for n in range(6, 12):
        cache.set(f"kept-{n}", 1)
    for n in range(12):  # seven is the oldest, six the newest
        os.utime(cache._key_to_file(f"kept-{n}"), (now, now + (n - 7) % 12))
    cache._throw_out()
    kept = [n for n in range(12) if cache.get(f"kept-{n}")]
    assert kept == [0, 1, 2, 3, 4, 5, 6, 11]


def test_a_folder_that_is_not_full_loses_nothing_that_is_valid(cache):
    for n in range(9):
        cache.set(f"key-{n}", 1)
    cache._throw_out()
    assert all(cache.get(f"key-{n}") for n in range(9))


def test_a_full_folder_is_emptied_as_it_fills(cache, tmp_path, monkeypatch):
    monkeypatch.setattr("random.random", lambda: 0.0)
    for n in range(50):
        cache.set(f"key-{n}", 1)
    assert len(list(tmp_path.glob("*.djcache"))) <= 10


def test_all_go_where_the_setting_says_so(tmp_path):
    cache = SharedFileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 2, "CULL_FREQUENCY": 0}})
    for n in range(3):
        cache.set(f"key-{n}", 1)
    cache._throw_out()
    assert not list(tmp_path.glob("*.djcache"))


def test_what_another_process_throws_out_at_the_same_time_is_no_error(cache, monkeypatch):
    cache.set("kept", 1)
    listed = [*cache._list_cache_files(), str(cache._key_to_file("gone"))]
    monkeypatch.setattr(cache, "_list_cache_files", lambda: listed)
    cache._throw_out()
    assert cache.get("kept") == 1


def test_the_locks_stay_few_and_are_never_thrown_out(cache, tmp_path):
    for n in range(300):
        cache.add(f"key-{n}", 1)
    cache._throw_out()
    cache.clear()
    assert 1 < len(list(tmp_path.glob("*.lock"))) <= LOCKS
    assert not list(tmp_path.glob("*.djcache"))


def test_the_folder_is_not_read_at_every_step(cache, monkeypatch):
    looked = []
    monkeypatch.setattr(SharedFileCache, "_list_cache_files", lambda self: looked.append(1) or [])
    for n in range(100):
        cache.set(f"key-{n}", 1)
    assert len(looked) < 10
