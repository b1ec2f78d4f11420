"""Asks a server as fast as it answers: by `wrk` where it is installed, else by Python processes."""

import http.client
import multiprocessing
import re
import shutil
import subprocess
import time
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 8
_MIXED = """
local paths = {%s}
local count, number = 0, 0
function setup(thread) thread:set("number", count); count = count + 1 end
function init(args) at = number * 7 end
function request()
  at = at + 1
  local path = paths[at %% #paths + 1]:gsub("NUMBER", number .. "-" .. at)
  return wrk.format("GET", path)
end
"""


class TroubleError(Exception):
    """Raised where a server failed to answer, with what was seen."""


def requests_a_second(
    address: str,
    seconds: int,
    *,
    headers: dict[str, str] | None = None,
    script: tuple[Path, str] | None = None,
) -> float:
    """Return how many answers a second come from one address. Raises TroubleError.

    A script is wrk's, with a word for it to know this run by.
    """
    if not shutil.which("wrk"):
        if script:
            raise TroubleError("This needs wrk: apt-get install wrk")
        count, took = _by_python([address], seconds, CONNECTIONS, headers or {})
        return count / took
    what = ["-s", str(script[0]), address, script[1]] if script else [address]
    said = _wrk(what, seconds, CONNECTIONS, headers)
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])


def warm(address: str, headers: dict[str, str] | None = None) -> None:
    """Ask a few times, over a few connections, so that every process has seen the page."""
    place = urlsplit(address)
    for _connection in range(CONNECTIONS):
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        for _again in range(2):
            connection.request(
                "GET", f"{place.path}?{place.query}".rstrip("?"), headers=headers or {}
            )
            connection.getresponse().read()
        connection.close()


def ask_mixed(origin: str, paths: list[str], seconds: int, folder: Path) -> int:
    """Ask for the paths in turns; return how many answers came. Raises TroubleError.

    NUMBER in a path stands for something that is never the same twice.
    """
    if not shutil.which("wrk"):
        return _by_python([origin + path for path in paths], seconds, CONNECTIONS, {})[0]
    script = folder / "mixed.lua"
    script.write_text(_MIXED % ", ".join(f'"{path}"' for path in paths))
    said = _wrk(["-s", str(script), origin], seconds, CONNECTIONS, None)
    return int(re.search(r"(\d+) requests in", said)[1])


def _wrk(what: list[str], seconds: int, connections: int, headers: dict | None) -> str:
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run([*command, *what], capture_output=True, text=True, check=False)
    trouble = re.search(r"(Non-2xx|Socket errors).*|unable to .*", done.stdout + done.stderr)
    if trouble or done.returncode:
        raise TroubleError(f"{what[-1]}: {trouble[0] if trouble else done.stderr}")
    return done.stdout


def _by_python(
    addresses: list[str], seconds: float, connections: int, headers: dict
) -> tuple[int, float]:
    began = time.monotonic()
    with multiprocessing.get_context("fork").Pool(connections) as pool:
        jobs = [(addresses, seconds, headers, number) for number in range(connections)]
        counts = pool.starmap(_ask, jobs)
    return sum(counts), time.monotonic() - began


def _ask(addresses: list[str], seconds: float, headers: dict, number: int) -> int:
    place = urlsplit(addresses[0])
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    end, count = time.monotonic() + seconds, 0
    for address in cycle(addresses):
        path = address.partition(place.netloc)[2].replace("NUMBER", f"{number}-{count}")
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 400:
            raise TroubleError(f"{address}: {answer.status}")
        count += 1
        if time.monotonic() > end:
            return count
    return count
