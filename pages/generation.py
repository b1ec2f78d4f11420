"""One name for the state of the whole site, changed by whatever staff publish.

What is kept under it is forgotten by all processes at once, without naming each thing that a
change touches: the next request finds a new generation and makes its own copy. A copy made from
data read before the change is stored under the old generation, where nobody looks for it again.

It is asked for at every request. On one machine it is when a file was written last, which costs
two microseconds; on several it is in the Redis that they share.
"""

import hashlib
import os
import time
import uuid
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import redis
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

KEY = "site-generation"


def current_generation() -> str:
    """Return the name of the site's present state, as this release of the site shows it."""
    return f"{_release()}-{_in_redis() if settings.REDIS_URL else _written_at()}"


def start_new_generation() -> None:
    """Forget what was kept, once the running transaction is committed; never before."""
    # Robust, so that what waits for the commit behind it happens even where no cache answers.
    transaction.on_commit(_renew, robust=True)


def generation_for(request: HttpRequest) -> str:
    """Return the generation that began before anything was read for this request.

    What a request makes from words read before a change must not be kept as of after it.
    """
    if not hasattr(request, "_site_generation"):
        request._site_generation = current_generation()
    return request._site_generation


def fragment_key(*parts: object, generation: str = "") -> str:
    """Return a cache key for something made from the site's present state, or from a given one."""
    return ":".join(["fragment", generation or current_generation(), *map(str, parts)])


def _renew() -> None:
    if settings.REDIS_URL:
        _redis().set(KEY, uuid.uuid4().hex)
    else:
        _write(settings.GENERATION_FILE)


@lru_cache(maxsize=1)
def _release() -> str:
    """Tell apart what releases make that run beside each other while the site is upgraded.

    A page of the one names style sheets that the other does not have.
    """
    names = Path(settings.STATIC_ROOT) / "staticfiles.json"
    found = names.read_bytes() if names.is_file() else b""
    return hashlib.blake2b(found, digest_size=6).hexdigest()


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    """The shared Redis, without Django's cache in between, which takes four times as long."""
    return redis.Redis.from_url(settings.REDIS_URL, decode_responses=True)


def _in_redis() -> str:
    generation = _redis().get(KEY)
    if generation is None:
        new = uuid.uuid4().hex
        generation = new if _redis().set(KEY, new, nx=True) else _redis().get(KEY) or new
    return generation


def _written_at() -> str:
    path = settings.GENERATION_FILE
    try:
        found = os.stat(path)
    except FileNotFoundError:
        # Whoever comes first makes it for all who come at once.
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            path.touch(exist_ok=False)
        found = os.stat(path)
    return f"{found.st_mtime_ns:x}-{found.st_ino:x}"


def _write(path: Path) -> None:
    """Put a new file in the place of the former, in one step.

    The time is given, since a file system's own clock may stand still for milliseconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    new.touch()
    os.utime(new, ns=(time.time_ns(), time.time_ns()))
    new.replace(path)
