"""Sign-ups by many visitors while web and worker are killed again and again."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.faults.machine import Machine, kill, killed_at_the_end

VISITORS = 8


@dataclass(frozen=True)
class Outcome:
    """What came of a run: who was told that all is well, who got how many mails, how many kills.

    `backlog_seconds` is how long the queue took to be empty once nothing was killed any more.
    """

    acknowledged: set[str]
    mails: Counter[str]
    kills: int
    backlog_seconds: float

    @property
    def lost(self) -> set[str]:
        """Who was told that all is well and got no mail."""
        return self.acknowledged - set(self.mails)

    @property
    def repeated(self) -> int:
        """How many mails came more than once."""
        return sum(count - 1 for count in self.mails.values())


def run(
    machine: Machine,
    addresses: Iterable[str],
    received: Callable[[], list[str]],
    *,
    seconds_between_kills: float,
    most_seconds: float,
) -> Outcome:
    """Sign up all addresses, each until it is acknowledged; `received` returns who got mails."""
    waiting = list(addresses)
    acknowledged: set[str] = set()
    lock, over = threading.Lock(), threading.Event()
    end = time.monotonic() + most_seconds

    def visit() -> None:
        while not over.is_set() and time.monotonic() < end:
            with lock:
                if not waiting:
                    return
                address = waiting.pop()
            if machine.sign_up(address) == 303:
                with lock:
                    acknowledged.add(address)
            else:
                with lock:
                    waiting.insert(0, address)
                time.sleep(0.02)

    kills = 0
    with killed_at_the_end() as processes:
        processes[:] = [machine.start_web(), machine.start_worker()]
        machine.wait_until_it_answers()
        with ThreadPoolExecutor(VISITORS) as pool:
            visits = [pool.submit(visit) for _ in range(VISITORS)]
            try:
                while not all(one.done() for one in visits):
                    over.wait(seconds_between_kills)
                    for process in processes:
                        kill(process)
                    kills += 1
                    processes[:] = [machine.start_web(), machine.start_worker()]
                    machine.wait_until_it_answers()
            finally:
                over.set()
        began = time.monotonic()
        while acknowledged - set(received()) and time.monotonic() < end:
            time.sleep(0.1)
        backlog = time.monotonic() - began
    return Outcome(acknowledged, Counter(received()), kills, backlog)


def show(outcome: Outcome, write: Callable[[str], object] = sys.stdout.write) -> None:
    """Print what came of it."""
    write(
        f"{len(outcome.acknowledged)} acknowledged, {len(outcome.lost)} lost, "
        f"{outcome.repeated} repeated mails, {outcome.kills} kills, "
        f"queue empty {outcome.backlog_seconds:.0f} s after the last\n"
    )
