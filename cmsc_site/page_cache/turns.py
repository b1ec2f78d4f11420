"""One request at a time makes what many ask for at once."""

from collections.abc import Hashable
from concurrent.futures import Future
from threading import Lock


class Turns:
    """Who is making what within this process."""

    def __init__(self) -> None:
        self._running: dict[Hashable, Future] = {}
        self._lock = Lock()

    def take(self, key: Hashable) -> tuple[Future, bool]:
        """Return what is being made under the key, and whether the caller is to make it.

        Whoever is to make it must `end` it, whatever happens.
        """
        with self._lock:
            running = self._running.get(key)
            if running is not None:
                return running, False
            self._running[key] = mine = Future()
            return mine, True

    def end(self, key: Hashable, turn: Future, made: object) -> None:
        """Give what was made, or None, to all who wait for it."""
        with self._lock:
            del self._running[key]
        turn.set_result(made)
