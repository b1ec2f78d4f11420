"""Tells on stderr what runs now, and keeps each measurement within its time."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """A line for each thing that begins: which of how many, how long so far, what."""

    def __init__(self, of: int = 1) -> None:
        self.of, self.number, self.title = of, 0, ""
        self.began = time.monotonic()

    def begin(self, title: str) -> None:
        """Tell that the next measurement begins."""
        self.number, self.title = self.number + 1, title
        self.say("begins")

    def say(self, words: str) -> None:
        """Tell what it does now."""
        passed = round(time.monotonic() - self.began)
        clock = f"{passed // 60}:{passed % 60:02}"
        line = f"[{self.number}/{self.of} {clock}] {self.title}: {words}"
        print(line, file=sys.stderr, flush=True)


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in the block when it takes longer."""

    def stop(*_args: object) -> None:
        raise TimeoutError(f"It took longer than {seconds} s.")

    former = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)
