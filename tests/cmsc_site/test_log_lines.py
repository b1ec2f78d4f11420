"""Nobody's address gets into a log line, however it comes, and each line stays JSON."""

import json
import logging
import os
import runpy
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from cmsc_site.log_lines import AddresslessJsonFormatter, without_addresses

pytestmark = pytest.mark.without_database


def line(message: str, *arguments: object, error: Exception | None = None, **extra: object) -> str:
    """Return the line that the site's formatter makes of a record."""
    trouble = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("sample", logging.ERROR, "x.py", 1, message, arguments, trouble)
    vars(record).update(extra)
    return AddresslessJsonFormatter("%(levelname)s %(message)s").format(record)


def stumbled(words: str) -> Exception:
    """Return an error with a traceback."""
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    "written",
    [
        "ana@example.org",
        "Ana.Maria+news@mail.example.org",
        "o'neil!#$%&*/=?^`{|}~@example.org",
        "ana%40example.org",
        "ana%2540example.org",
        "ana%2Bnews%40example.org",
        '"ana maria"@example.org',
        r'"ana \"the\" maria"@example.org',
        "j\u00fcrgen@m\u00fcller.example",
        "ana@xn--mller-kva.example",
        "ana@[192.0.2.1]",
        "ana@localhost",
        "x" * 64 + "@example.org",
    ],
)
@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("to <", ">"), ("(550, b'5.1.1 ", " is unknown')"), ("line\n", "\nline")],
)
def test_an_address_is_left_out_and_the_words_around_it_stay(written, before, after):
    assert without_addresses(f"{before}{written}{after}") == f"{before}(address){after}"


@pytest.mark.parametrize(
    "words",
    ["", "at 12:30", "  @wraps(view)", "a @ b", "100%", "/about/?q=40", "@", "%40", "price=40%"],
)
def test_what_is_no_address_stays_as_it_is(words):
    assert without_addresses(words) == words


@pytest.mark.parametrize(
    "hostile",
    ["a", "@", "a@", '"', '"\\', "%40"],
    ids=["letters", "signs", "both", "quotes", "escapes", "encoded"],
)
def test_a_long_hostile_text_takes_no_time_to_speak_of(hostile):
    text = f"@{hostile * 200_000}"[:200_000]
    began = time.process_time()
    without_addresses(text)
    assert time.process_time() - began < 5


def test_messages_arguments_extras_and_tracebacks_lose_addresses():
    written = line(
        "mail to %s",
        "ana@example.org",
        error=stumbled("no such person:\nana@example.org"),
        refused={"ana@example.org": (550, b"<ana@example.org> is unknown")},
        people=[{"name": "Ana", "address": "ana%40example.org"}],
        mail=stumbled("ana@example.org"),
    )
    assert "ana@" not in written
    assert "ana%40" not in written
    said = json.loads(written)
    assert said["message"] == "mail to (address)"
    assert "Traceback" in said["exc_info"]
    assert said["exc_info"].endswith("no such person:\n(address)")
    assert said["people"] == [{"name": "Ana", "address": "(address)"}]


@pytest.mark.parametrize(
    "words",
    ["j\u00fcrgen@example.org", "\u00fc@example.org", "\x1bana@example.org", "\\ana@example.org"],
)
def test_a_line_stays_json_where_an_address_begins_beside_an_escape(words):
    assert json.loads(line(words))["message"].endswith("(address)")
    assert "example.org" not in line(words)


def test_a_line_without_an_address_says_all_that_was_said():
    assert json.loads(line("half of %s", "all", share=0.5, names=["Ana"], at=None)) == {
        "levelname": "ERROR",
        "message": "half of all",
        "share": 0.5,
        "names": ["Ana"],
        "at": None,
    }


@pytest.mark.own_site
def test_the_sites_own_log_has_no_address_whoever_writes_it():
    words = (
        "import logging\n"
        "for name in ['cmsc_site', 'post_office', 'django.request', 'smtplib', 'gunicorn.error']:\n"
        "    logging.getLogger(name).error('to %s', 'ana@example.org')"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", words],
        cwd=settings.BASE_DIR,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert [json.loads(one)["message"] for one in done.stdout.splitlines()] == ["to (address)"] * 5
    assert "ana@" not in done.stderr


def test_the_web_servers_log_is_written_by_the_same_rule():
    server = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["logconfig_dict"]
    written_by = settings.LOGGING["formatters"]["json"]["()"]
    assert written_by == server["formatters"]["json"]["()"]
    assert import_string(written_by) is AddresslessJsonFormatter


@pytest.mark.parametrize("address", ["teachers/own/edit/", "newsletter/confirm/"])
def test_a_token_gets_into_no_line(address):
    written = line(
        f"Error: /{address}se:cr-et/", request=f"<WSGIRequest: GET '/{address}se:cr-et/'>"
    )
    assert "se:cr-et" not in written
    assert json.loads(written)
