"""How fast a 5 MB file leaves gunicorn through the whole site, beside a bare file wrapper.

`python benchmarks/downloads.py` runs both on the deployment's gunicorn settings, in turns, and
prints the ratio; it ends with 1 where that is under the bar. `wrk` asks where it is installed.
"""

import http.client
import os
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZE = 5 * 1024 * 1024
CONNECTIONS = 8
SECONDS = 4
ROUNDS = 5
BAR = 0.7
ADDRESS = "/about/financials/2019/benchmark.pdf"


# --- What gunicorn serves ------------------------------------------------------------------------


def stored_file() -> Path:
    """Return the file that is given out, in the folder that the environment names."""
    return Path(os.environ["VAR_DIR"]) / "benchmark.pdf"


def bare() -> Callable:
    """Return a WSGI application that gives the file to the server, and does nothing else."""
    path = stored_file()

    def application(environ: dict, start_response: Callable) -> object:
        headers = [("Content-Type", "application/pdf"), ("Content-Length", str(SIZE))]
        start_response("200 OK", headers)
        return environ["wsgi.file_wrapper"](path.open("rb"))

    return application


def site() -> Callable:
    """Return the whole site as a WSGI application."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def file_a_report() -> None:
    """Publish the file as a filing of the site, as if it had passed the check."""
    import django

    django.setup()

    from tests.factories import FilingFactory, FilingFileFactory

    content = stored_file().read_bytes()
    FilingFactory(fiscal_year=2019, slug="benchmark", file=FilingFileFactory(content=content))


# --- Asking it -----------------------------------------------------------------------------------


def environment_of(var: Path, port: int) -> dict[str, str]:
    """Return the environment of a site that keeps everything below `var`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cmsc_site.settings",
        "SECRET_KEY": "only-for-benchmarks-" + "0123456789abcdef" * 4,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{var}/site.sqlite3",
        "VAR_DIR": str(var),
        "PORT": str(port),
        "DEBUG": "off",
        "FILE_SERVER": "",
    }


def prepare(var: Path) -> None:
    """Make the site's database, with the report filed in it."""
    environment = environment_of(var, 8000)
    for command in (
        ["manage.py", "prepare"],
        ["-c", "from benchmarks.downloads import file_a_report; file_a_report()"],
    ):
        subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def running(application: str, var: Path) -> Iterator[tuple[int, int]]:
    """Run gunicorn until the block ends; give its port and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = environment_of(var, port)
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    server = subprocess.Popen(
        [*command, f"benchmarks.downloads:{application}()"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        while server.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def requests_a_second(port: int, seconds: float) -> float:
    """Return how many whole files a second come from the server."""
    if not shutil.which("wrk"):
        return _requests_by_python(port, seconds)
    address = f"http://127.0.0.1:{port}{ADDRESS}"
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if trouble := re.search(r"(Non-2xx|Socket errors).*", said):
        sys.exit(f"wrk: {trouble[0]}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])


def _requests_by_python(port: int, seconds: float) -> float:
    end = time.monotonic() + seconds
    buffer_bytes = 256 * 1024

    def ask() -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        buffer, count = bytearray(buffer_bytes), 0
        while time.monotonic() < end:
            connection.request("GET", ADDRESS)
            response = connection.getresponse()
            while response.readinto(buffer):
                pass
            count += 1
        connection.close()
        return count

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        counts = [pool.submit(ask) for _ in range(CONNECTIONS)]
        return sum(count.result() for count in counts) / seconds


def check_bytes(port: int, path: Path) -> None:
    """Stop unless the file comes as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", ADDRESS)
    if connection.getresponse().read() != path.read_bytes():
        sys.exit("What came is not the file.")
    connection.close()


def memory_of_workers(master: int) -> float:
    """Return how much memory gunicorn's workers hold together, in MB."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    statuses = [Path(f"/proc/{child}/status").read_text() for child in children]
    return sum(int(re.search(r"VmRSS:\s*(\d+)", status)[1]) for status in statuses) / 1024


def main() -> int:
    """Measure and print; return 1 where the ratio is under the bar."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        var = Path(folder)
        path = var / "benchmark.pdf"
        (var / "static").mkdir()
        path.write_bytes(secrets.token_bytes(SIZE))
        print("Making a site to measure (half a minute) …", flush=True)
        prepare(var)
        servers = {name: stack.enter_context(running(name, var)) for name in ("bare", "site")}
        for port, _master in servers.values():
            check_bytes(port, path)
            requests_a_second(port, 1)
        before = memory_of_workers(servers["site"][1])
        rates: dict[str, list[float]] = {"bare": [], "site": []}
        for _ in range(ROUNDS):
            for name, (port, _master) in servers.items():
                rates[name].append(requests_a_second(port, SECONDS))
        after = memory_of_workers(servers["site"][1])
    ratio = statistics.median(s / b for s, b in zip(rates["site"], rates["bare"], strict=True))
    for name, measured in rates.items():
        rate = statistics.median(measured)
        print(f"{name}: {rate:.0f} files a second, {rate * SIZE / 1e6:.0f} MB/s")
    print(f"ratio: {ratio:.2f} (at least {BAR})")
    print(f"memory of the site's workers: {before:.1f} MB before, {after:.1f} MB after")
    return int(ratio < BAR)


if __name__ == "__main__":
    sys.exit(main())
