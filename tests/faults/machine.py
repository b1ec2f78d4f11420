"""A whole site in processes of its own, to be killed: web, worker, and a mail server beside them.

Used by the tests of faults and by the benchmarks, which ask for more of the same.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@dataclass
class Machine:
    """A site that keeps everything below `var`, in the database at `database_url`."""

    var: Path
    database_url: str
    mail_port: int
    web_workers: int = 2
    port: int = field(default_factory=free_port)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "cmsc_site.settings",
            "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
            "SITE_URL": f"http://localhost:{self.port}",
            "DATABASE_URL": self.database_url,
            "VAR_DIR": str(self.var),
            "PORT": str(self.port),
            "DEBUG": "off",
            "SAMPLE_CONTENT": "off",
            "REDIS_URL": "",
            "WEB_WORKERS": str(self.web_workers),
            "LOG_LEVEL": "ERROR",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "MAIL_FROM": "Sample <sample@example.org>",
            **self.extra,
        }

    def manage(self, *command: str) -> None:
        """Run a command of manage.py to its end."""
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start_web(self) -> subprocess.Popen:
        """Start the web server; it may take a moment until it answers."""
        return self._start("-m", "gunicorn", "-c", "gunicorn.conf.py", log="web.log")

    def start_worker(self) -> subprocess.Popen:
        """Start the worker."""
        return self._start("manage.py", "run_worker", log="worker.log")

    def _start(self, *command: str, log: str) -> subprocess.Popen:
        # A session of its own, so that all of it can be killed at once.
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            stdout=(self.var / log).open("a"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_until_it_answers(self) -> None:
        """Return when the web server answers; fail after a minute."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError((self.var / "web.log").read_text()[-3000:])

    def sign_up(self, address: str, *, accept: str = "text/html") -> int:
        """Post the form once; return the status, or 0 where no answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                "POST",
                "/newsletter/subscribe/",
                urlencode({"email": address, "name": "", "homepage": "", "page": "/"}),
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Host": f"localhost:{self.port}",
                    "Sec-Fetch-Site": "same-origin",
                    "Accept": accept,
                },
            )
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


def kill(process: subprocess.Popen) -> None:
    """End a process and all that it started, as a loss of power does."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


@contextlib.contextmanager
def killed_at_the_end() -> Iterator[list[subprocess.Popen]]:
    """Give a list of processes; those in it at the end of the block are killed."""
    processes: list[subprocess.Popen] = []
    try:
        yield processes
    finally:
        for process in processes:
            kill(process)
