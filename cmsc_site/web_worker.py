"""gunicorn's worker of threads, which leaves a new connection to a process that has a free one.

gunicorn's own takes every connection that comes, however busy it is. Where several come at once,
which is how a proxy opens them, one process has them all and keeps them, and the others stand idle
(https://github.com/benoitc/gunicorn/issues/3433).
"""

import time

from gunicorn.workers import gthread

# Seconds for which a process without a free thread leaves new connections to others. After that it
# takes one all the same, when its loop turns next: where all are busy, whoever comes new must not
# wait for those who stay.
COURTESY = 0.002


class EvenThreadWorker(gthread.ThreadWorker):  # pragma: no cover - runs in gunicorn's processes
    """Does not listen for a moment when the last of its threads is taken."""

    busy_since = 0.0

    def set_accept_enabled(self, enabled: bool) -> None:
        """Listen or not; gunicorn asks for it in each turn of its loop while it has room."""
        super().set_accept_enabled(enabled and (self._has_free_thread() or self._has_waited()))

    def enqueue_req(self, conn: gthread.TConn) -> None:
        """Give a connection to a thread, and stop listening if that was the last."""
        super().enqueue_req(conn)
        if self._accepting and not self._has_free_thread():
            self.busy_since = time.monotonic()
            super().set_accept_enabled(False)

    def _has_free_thread(self) -> bool:
        waiting = len(self.keepalived_conns) + len(self.pending_conns)
        return self.nr_conns - waiting < self.cfg.threads

    def _has_waited(self) -> bool:
        return time.monotonic() - self.busy_since > COURTESY
