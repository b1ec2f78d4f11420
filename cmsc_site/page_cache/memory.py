"""What one process keeps: what was asked for last, within a number of bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Protocol

LARGEST_SHARE = 8  # nothing takes more than this part of the whole


class Sized(Protocol):
    """Anything that knows how many bytes keeping it takes."""

    size: int


class Memory:
    """Values by key; what was asked for longest ago goes when there is no room."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._values: OrderedDict[Hashable, Sized] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable) -> Sized | None:
        """Return the value, which was then asked for last."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: Hashable, value: Sized) -> None:
        """Keep a value in place of the former; one that is too large is not kept."""
        with self._lock:
            self._drop(key)
            if value.size > self.most_bytes // LARGEST_SHARE:
                return
            self._values[key] = value
            self.bytes += value.size
            while self.bytes > self.most_bytes:
                _key, oldest = self._values.popitem(last=False)
                self.bytes -= oldest.size

    def drop(self, key: Hashable) -> None:
        """Keep nothing under the key."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        former = self._values.pop(key, None)
        if former is not None:
            self.bytes -= former.size
