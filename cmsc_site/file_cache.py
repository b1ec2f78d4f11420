"""Django's cache in files, as all processes of one machine can count in it."""

import fcntl
import os
import pickle
import random
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache

LOCKS = 64
# Looking how full the folder is means reading its whole list.
LOOKS = 1 / 500


class SharedFileCache(FileBasedCache):
    """Counting and adding are whole steps among all threads and processes of the machine.

    What is thrown out when the folder is full is what has expired, then what is oldest.
    """

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None) -> bool:
        """Store the value unless the key is there; return whether it was stored."""
        with self._locked(key, version):
            return super().add(key, value, timeout, version)

    def incr(self, key, delta=1, version=None) -> int:
        """Return the value after adding to it; when it expires stays. Raises ValueError."""
        with self._locked(key, version):
            value, expires = self._read(key, version)
            value += delta
            left = None if expires is None else expires - time.time()
            self.set(key, value, timeout=left, version=version)
            return value

    def _read(self, key, version) -> tuple[int, float | None]:
        try:
            with open(self._key_to_file(key, version), "rb") as file:
                if not self._is_expired(file):
                    file.seek(0)
                    expires = pickle.load(file)  # noqa: S301 - the site wrote it itself
                    return pickle.loads(zlib.decompress(file.read())), expires  # noqa: S301
        except FileNotFoundError:
            pass
        raise ValueError(f"Key '{key}' not found")

    @contextmanager
    def _locked(self, key, version) -> Iterator[None]:
        self._createdir()
        number = int(Path(self._key_to_file(key, version)).stem[:8], 16) % LOCKS
        with open(Path(self._dir) / f"{number}.lock", "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _cull(self) -> None:
        if random.random() < LOOKS:  # noqa: S311 - nothing secret
            self._throw_out()

    def _throw_out(self) -> None:
        """Where there are too many, delete the expired and, if need be, the oldest of the rest."""
        files, found = [], self._list_cache_files()
        for path in found if len(found) > self._max_entries else ():
            try:
                with open(path, "rb") as file:
                    if not self._is_expired(file):
                        files.append((os.stat(path).st_mtime, path))
            except FileNotFoundError:
                continue
        if len(files) > self._max_entries:
            # Zero stands for all (Django's CULL_FREQUENCY).
            for _age, path in sorted(files)[: len(files) // (self._cull_frequency or 1)]:
                self._delete(path)
