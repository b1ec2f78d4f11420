"""How fast sign-ups are taken, what their answers tell, and what is lost when processes are killed.

`python -m benchmarks.sign_ups` measures on SQLite and, where it answers, on PostgreSQL, against
loopback alone. `--kill 10000` makes the long run in which web and worker are killed every 2 s.
"""

import argparse
import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.cmsc_site.smtp_server import SmtpServer
from tests.faults import kill_run
from tests.faults.machine import Machine, free_port, kill, killed_at_the_end

CONNECTIONS = 8
SECONDS = 4
ROUNDS = 3
RATE_BAR = 0.8
MEDIAN_BAR = 2.0  # milliseconds
ASKED = 500  # of each state
FORM = "/newsletter/subscribe/"
STATES = ("new", "pending", "confirmed", "unsubscribed", "bounced", "complained", "suppressed")
# Each visitor of wrk's has an address of their own.
POSTS = """
local thread_number = 0
function setup(thread) thread:set("id", thread_number); thread_number = thread_number + 1 end
function init(args) count = 0; run = args[1] end
function request()
  count = count + 1
  local name = "r" .. run .. "t" .. id .. "n" .. count
  local body = "email=" .. name .. "%40example.org&name=&homepage=&page=%2F"
  return wrk.format("POST", "/newsletter/subscribe/", {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Sec-Fetch-Site"] = "same-origin" }, body)
end
"""


# --- A site to measure ---------------------------------------------------------------------------


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database, which is gone after the block."""
    if kind == "SQLite":
        yield f"sqlite:///{folder}/site.sqlite3"
        return
    import psycopg

    name = f"cmsc_benchmark_{os.getpid()}"
    with psycopg.connect("postgres:///postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgres:///{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def postgresql_answers() -> bool:
    """Tell whether there is a PostgreSQL on the local socket."""
    import psycopg

    try:
        psycopg.connect("postgres:///postgres", connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def fill_with_states() -> None:
    """Make many subscribers in each state; run within the site's environment."""
    import django

    django.setup()

    from newsletter.models import Subscriber, Suppression, suppress
    from tests.factories import SubscriberFactory

    for number in range(ASKED):
        for state in Subscriber.State.values:
            SubscriberFactory(state=state, address=f"{state}{number}@example.org")
        suppress(f"suppressed{number}@example.org", Suppression.Reason.ERASED)
        suppress(f"complained{number}@example.org", Suppression.Reason.COMPLAINED)


# --- Measuring -----------------------------------------------------------------------------------


def requests_a_second(machine: Machine, script: Path | None, run: str) -> float:
    """Return how many requests a second the site answers: sign-ups with a script, else the form."""
    address = f"http://localhost:{machine.port}{FORM}"
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    command += ["-s", str(script), address, run] if script else [address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if trouble := re.search(r"(Non-2xx|Socket errors).*", said):
        sys.exit(f"wrk: {trouble[0]}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])


def measure_rates(machine: Machine, script: Path, name: str) -> float:
    """Print how fast forms and sign-ups are answered in turns; return the ratio's median."""
    rates: dict[str, list[float]] = {"GET": [], "POST": []}
    requests_a_second(machine, None, "")
    for number in range(ROUNDS):
        rates["GET"].append(requests_a_second(machine, None, ""))
        rates["POST"].append(requests_a_second(machine, script, f"{name}{number}"))
    ratio = statistics.median(p / g for p, g in zip(rates["POST"], rates["GET"], strict=True))
    get, post = (statistics.median(rates[method]) for method in ("GET", "POST"))
    print(f"  {name}: form {get:.0f} a second, sign-ups {post:.0f} a second, ratio {ratio:.2f}")
    return ratio


def measure_answers(machine: Machine) -> float:
    """Ask for each state in turns on one connection; return the widest gap of medians in ms."""
    times: dict[str, list[float]] = {state: [] for state in STATES}
    seen: Counter[tuple] = Counter()
    connection = http.client.HTTPConnection("127.0.0.1", machine.port)
    for number in range(ASKED):
        for state in STATES:
            body = urlencode({"email": f"{state}{number}@example.org", "page": "/"})
            began = time.perf_counter()
            connection.request(
                "POST",
                FORM,
                body,
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Host": f"localhost:{machine.port}",
                    "Sec-Fetch-Site": "same-origin",
                },
            )
            response = connection.getresponse()
            answer = response.read()
            times[state].append(1000 * (time.perf_counter() - began))
            headers = {n: v for n, v in response.getheaders() if n not in {"Date", "X-Request-ID"}}
            seen[(response.status, tuple(sorted(headers.items())), answer)] += 1
    medians = {state: statistics.median(values) for state, values in times.items()}
    gap = max(medians.values()) - min(medians.values())
    told = ", ".join(f"{state} {median:.2f}" for state, median in medians.items())
    print(f"  answers: {len(seen)} different; medians in ms: {told}; widest gap {gap:.2f}")
    if len(seen) != 1:
        sys.exit("The answers differ.")
    return gap


def post_at_once(machine: Machine, mail: SmtpServer) -> None:
    """Post one address fifty times at once, and see one mail."""
    address = f"at-once-{time.monotonic_ns()}@example.org"
    with ThreadPoolExecutor(50) as pool:
        statuses = Counter(pool.map(machine.sign_up, [address] * 50))
    wait_until(lambda: address in recipients(mail))
    time.sleep(2)
    count = recipients(mail).count(address)
    print(f"  one address 50 times at once: statuses {dict(statuses)}, {count} mail")
    if set(statuses) != {303} or count != 1:
        sys.exit("One address at once gave more than one mail, or a failure.")


def recipients(mail: SmtpServer) -> list[str]:
    """Return who got mails so far, one entry a mail."""
    return [one for message in mail.received for one in message.recipients]


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Return when it is true; end the run when it does not become true."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            sys.exit(f"Not within {seconds} s.")
        time.sleep(0.1)


def measure(kind: str) -> bool:
    """Measure on one kind of database; return whether every bar was met."""
    print(f"{kind}:", flush=True)
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as url:
        var = Path(folder)
        script = var / "posts.lua"
        script.write_text(POSTS)
        (var / "static").mkdir()
        mail = SmtpServer()
        machine = Machine(var, url, mail.port)
        machine.manage("prepare")
        machine.manage("collectstatic", "--noinput", "--verbosity", "0")
        subprocess.run(
            [sys.executable, "-c", "from benchmarks.sign_ups import *; fill_with_states()"],
            env=machine.environment,
            check=True,
        )
        good = True
        with killed_at_the_end() as processes:
            processes.append(machine.start_web())
            machine.wait_until_it_answers()
            good &= measure_answers(machine) <= MEDIAN_BAR
            good &= measure_rates(machine, script, "without-worker") >= RATE_BAR
            down = Machine(var, url, free_port(), port=machine.port)
            processes.append(down.start_worker())
            good &= measure_rates(machine, script, "mail-server-down") >= RATE_BAR
            kill(processes.pop())
        machine.manage(
            "shell", "-c", "from post_office.models import Email; Email.objects.all().delete()"
        )
        with mail, killed_at_the_end() as processes:
            processes += [machine.start_web(), machine.start_worker()]
            machine.wait_until_it_answers()
            post_at_once(machine, mail)
            good &= measure_rates(machine, script, "mail-server-up") >= RATE_BAR
    return good


def kill_and_count(kind: str, number: int) -> bool:
    """Sign up that many people while everything is killed every 2 s; tell whether all is well."""
    print(f"{kind}, {number} sign-ups while web and worker are killed:", flush=True)
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as url:
        (Path(folder) / "static").mkdir()
        with SmtpServer() as mail:
            machine = Machine(Path(folder), url, mail.port)
            machine.manage("prepare")
            outcome = kill_run.run(
                machine,
                [f"reader{n}@example.org" for n in range(number)],
                lambda: recipients(mail),
                seconds_between_kills=2,
                most_seconds=1800,
            )
    kill_run.show(outcome)
    return not outcome.lost and outcome.repeated <= outcome.kills


def main() -> int:
    """Measure and print; return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kill", type=int, default=0, help="make the long run with this many")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"], help="one database alone")
    chosen = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("This needs wrk: apt-get install wrk")
    kinds = ["SQLite", *(["PostgreSQL"] if postgresql_answers() else [])]
    good = True
    for kind in kinds if chosen.only is None else [chosen.only]:
        good &= kill_and_count(kind, chosen.kill) if chosen.kill else measure(kind)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
