"""How fast sign-ups are taken, what their answers tell, and what is lost when processes are killed.

`python -m benchmarks.sign_ups`; `--kills 10000` makes the long run in which web and worker are
killed every two seconds, and nothing else.
"""

import http.client
import statistics
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import requests_a_second
from benchmarks.measuring import Say, main
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import (
    UNCACHED,
    Workshop,
    chosen_kinds,
    database,
    postgresql_answers,
    run_in,
)
from tests.cmsc_site.smtp_server import SmtpServer
from tests.faults import kill_run
from tests.faults.machine import Machine, free_port, kill, killed_at_the_end

# Others import the databases from here.
__all__ = ["database", "postgresql_answers"]

TITLE = "Sign-ups"
HOW = """
The newsletter's form is asked for and sent in turns, each sign-up from a new address, with no
worker running, with a mail server that does not answer, and with one that does. The form is made
anew each time, since one from the page cache would be no measure. Then the answers for addresses
in every state are compared: they must be the same and take the same time.
""".strip()
RATE_BAR = 0.8
MEDIAN_BAR = 2.0  # milliseconds
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


def fill_with_states(asked: int) -> None:
    """Make many subscribers in each state; run within the site's environment."""
    import django

    django.setup()

    from newsletter.models import Subscriber, Suppression, suppress
    from tests.factories import SubscriberFactory

    for number in range(asked):
        for state in Subscriber.State.values:
            SubscriberFactory(state=state, address=f"{state}{number}@example.org")
        suppress(f"suppressed{number}@example.org", Suppression.Reason.ERASED)
        suppress(f"complained{number}@example.org", Suppression.Reason.COMPLAINED)


# --- Measuring -----------------------------------------------------------------------------------


def measure_rates(
    machine: Machine, script: Path, name: str, rounds: int, seconds: int
) -> tuple[float, float, float]:
    """Return how many forms and sign-ups a second are answered, and the ratio's median."""
    address = f"http://localhost:{machine.port}{FORM}"
    gets, posts = [], []
    requests_a_second(address, 1)
    for number in range(rounds):
        gets.append(requests_a_second(address, seconds))
        posts.append(requests_a_second(address, seconds, script=(script, f"{name}{number}")))
    ratio = statistics.median(post / get for post, get in zip(posts, gets, strict=True))
    return statistics.median(gets), statistics.median(posts), ratio


def measure_answers(machine: Machine, asked: int) -> dict[str, float]:
    """Ask for each state in turns on one connection; return the medians in ms."""
    times: dict[str, list[float]] = {state: [] for state in STATES}
    seen: Counter[tuple] = Counter()
    connection = http.client.HTTPConnection("127.0.0.1", machine.port)
    for number in range(asked):
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
    if len(seen) != 1:
        raise RuntimeError("The answers differ.")
    return medians


def post_at_once(machine: Machine, mail: SmtpServer) -> int:
    """Post one address fifty times at once; return how many mails came of it."""
    address = f"at-once-{time.monotonic_ns()}@example.org"
    with ThreadPoolExecutor(50) as pool:
        statuses = Counter(pool.map(machine.sign_up, [address] * 50))
    wait_until(lambda: address in recipients(mail))
    time.sleep(2)
    count = recipients(mail).count(address)
    if set(statuses) != {303}:
        raise RuntimeError(f"One address at once was answered {dict(statuses)}.")
    return count


def recipients(mail: SmtpServer) -> list[str]:
    """Return who got mails so far, one entry a mail."""
    return [one for message in mail.received for one in message.recipients]


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Return when it is true. Raises TimeoutError when it does not become true."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"Not within {seconds} s.")
        time.sleep(0.1)


def measure(
    workshop: Workshop,
    say: Say,
    *,
    only: str = "",
    rounds: int = 3,
    seconds: int = 2,
    asked: int = 200,
    kills: int = 0,
) -> Section:
    """Return how sign-ups do; with `kills`, what is lost of that many."""
    section = Section(TITLE, HOW)
    rows: list[tuple] = []
    for kind in chosen_kinds(only):
        if kills:
            _kill_and_count(section, workshop, say, kind, kills)
        else:
            _measure_on(section, rows, workshop, say, kind, rounds, seconds, asked)
    if rows:
        heads = ("while", "database", "forms a second", "sign-ups a second", "ratio")
        section.tables.append(Table(heads, rows))
    return section


def _measure_on(
    section: Section,
    rows: list[tuple],
    workshop: Workshop,
    say: Say,
    kind: str,
    rounds: int,
    seconds: int,
    asked: int,
) -> None:
    mail = SmtpServer()

    def rates(name: str) -> None:
        say(f"{name} on {kind}")
        found = measure_rates(machine, script, name.replace(" ", "-"), rounds, seconds)
        rows.append((name, kind, *found))
        words = f"sign-ups : forms, {name}, {kind}"
        section.bars.append(Bar(words, found[-1], RATE_BAR, at_least=True))

    with workshop.site(kind, **UNCACHED) as site:
        machine = replace(site, mail_port=mail.port)
        script = site.var / "posts.lua"
        script.write_text(POSTS)
        run_in(
            site, "-c", f"from benchmarks.sign_ups import fill_with_states as fill; fill({asked})"
        )
        with killed_at_the_end() as processes:
            processes.append(machine.start_web())
            machine.wait_until_it_answers()
            say(f"answers for each state on {kind}")
            medians = measure_answers(machine, asked)
            gap = max(medians.values()) - min(medians.values())
            section.bars.append(Bar(f"widest gap of answers, {kind}", gap, MEDIAN_BAR, "ms"))
            told = ", ".join(f"{state} {median:.2f}" for state, median in medians.items())
            section.notes.append(f"Answers on {kind}, medians in ms: {told}.")
            rates("no worker runs")
            processes.append(replace(site, mail_port=free_port()).start_worker())
            rates("the mail server is down")
            kill(processes.pop())
        forget = "from post_office.models import Email; Email.objects.all().delete()"
        machine.manage("shell", "-c", forget)
        with mail, killed_at_the_end() as processes:
            processes += [machine.start_web(), machine.start_worker()]
            machine.wait_until_it_answers()
            mails = post_at_once(machine, mail)
            words = f"mails of one address sent 50 times at once, {kind}"
            section.bars.append(Bar(words, mails, 1))
            rates("mails go out")


def _kill_and_count(section: Section, workshop: Workshop, say: Say, kind: str, number: int) -> None:
    """Sign up that many people while everything is killed every 2 s, and count."""
    say(f"{number:,} sign-ups on {kind} while web and worker are killed")
    with workshop.site(kind) as site, SmtpServer() as mail:
        outcome = kill_run.run(
            replace(site, mail_port=mail.port),
            [f"reader{n}@example.org" for n in range(number)],
            lambda: recipients(mail),
            seconds_between_kills=2,
            most_seconds=1800,
        )
    told = StringIO()
    with redirect_stdout(told):
        kill_run.show(outcome)
    section.notes += [line.strip() for line in told.getvalue().splitlines() if line.strip()]
    section.bars += [
        Bar(f"sign-ups lost, {kind}", len(outcome.lost), 0),
        Bar(f"mails sent twice, {kind}", outcome.repeated, outcome.kills),
    ]


if __name__ == "__main__":
    main(measure)
