"""The puzzle: solved once it lets a sign-up through; anything else does not."""

import base64
import json
from datetime import timedelta

import pytest
from altcha import Challenge, Payload, create_challenge, solve_challenge
from django.core.cache import caches
from django.utils import timezone

from newsletter import proof_of_work
from newsletter.proof_of_work import is_solved, new_challenge


@pytest.fixture
def short(monkeypatch):
    """Make the work small, as nobody waits for it here."""
    monkeypatch.setattr(proof_of_work, "ITERATIONS", 2)
    monkeypatch.setattr(proof_of_work, "COUNTERS", range(3, 6))


def solved(challenge: dict) -> str:
    """Return what a browser sends that has solved the puzzle."""
    puzzle = Challenge.from_dict(challenge)
    return Payload(puzzle, solve_challenge(puzzle)).to_base64()


def changed(payload: str, change) -> str:
    content = json.loads(base64.b64decode(payload))
    change(content)
    return base64.b64encode(json.dumps(content).encode()).decode()


def test_a_solved_puzzle_counts_once(short):
    payload = solved(new_challenge())
    assert is_solved(payload)
    assert not is_solved(payload)


def test_each_puzzle_counts_for_itself(short):
    assert is_solved(solved(new_challenge()))
    assert is_solved(solved(new_challenge()))


def test_a_used_puzzle_is_remembered_as_long_as_it_holds(short, time_machine):
    start = timezone.now()
    time_machine.move_to(start)
    payload = solved(new_challenge())
    assert is_solved(payload)
    time_machine.move_to(start + timedelta(minutes=19))
    assert not is_solved(payload)


def test_a_puzzle_holds_for_twenty_minutes(short, time_machine):
    start = timezone.now()
    time_machine.move_to(start)
    in_time, too_late = solved(new_challenge()), solved(new_challenge())
    time_machine.move_to(start + timedelta(minutes=19))
    assert is_solved(in_time)
    time_machine.move_to(start + timedelta(minutes=21))
    assert not is_solved(too_late)


def test_a_wrong_answer_does_not_count_and_does_not_use_the_puzzle_up(short):
    payload = solved(new_challenge())
    wrong = changed(payload, lambda content: content["solution"].update(derivedKey="00" * 32))
    assert not is_solved(wrong)
    assert is_solved(payload)


@pytest.mark.parametrize("field", ["expiresAt", "cost", "nonce", "keyPrefix", "keySignature"])
def test_a_puzzle_that_was_made_easier_does_not_count(short, field):
    payload = solved(new_challenge())
    easier = {
        "expiresAt": 9_999_999_999,
        "cost": 1,
        "nonce": "00",
        "keyPrefix": "",
        "keySignature": "",
    }
    assert not is_solved(
        changed(
            payload,
            lambda content: content["challenge"]["parameters"].update({field: easier[field]}),
        )
    )


def test_a_puzzle_that_someone_else_made_does_not_count():
    own = create_challenge("PBKDF2/SHA-256", 1, hmac_secret="another key", key_prefix="0")
    assert not is_solved(solved(own.to_dict()))


def test_a_puzzle_signed_with_another_key_does_not_count(short, settings):
    payload = solved(new_challenge())
    settings.NEWSLETTER_KEY = "another key that is long enough to be one " * 2
    assert not is_solved(payload)


RUBBISH = ["", "x", "é", "[" * 5000]
ENCODED = [b"null", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"challenge":1}']
NESTED = [b'{"challenge":{"parameters":[]},"solution":""}']


@pytest.mark.parametrize(
    "payload",
    [*RUBBISH, *(base64.b64encode(content).decode() for content in (*ENCODED, *NESTED))],
    ids=lambda payload: ascii(payload[:12]),
)
def test_rubbish_does_not_count(payload):
    assert not is_solved(payload)


def test_the_work_has_an_upper_end():
    answer = solve_challenge(Challenge.from_dict(new_challenge()))
    assert answer.counter in proof_of_work.COUNTERS
    assert max(proof_of_work.COUNTERS) <= 2 * sum(proof_of_work.COUNTERS) / len(
        proof_of_work.COUNTERS
    )


def test_what_is_remembered_of_a_puzzle_goes_with_it(short, time_machine):
    start = timezone.now()
    time_machine.move_to(start)
    challenge = new_challenge()
    assert is_solved(solved(challenge))
    key = f"solved:{challenge['signature']}"
    assert caches["limits"].get(key)
    time_machine.move_to(start + timedelta(minutes=21))
    assert caches["limits"].get(key) is None


@pytest.mark.django_db
def test_the_browser_gets_a_new_puzzle_each_time_that_nobody_keeps(client):
    first, second = client.get("/newsletter/challenge/"), client.get("/newsletter/challenge/")
    assert first.json()["parameters"]["nonce"] != second.json()["parameters"]["nonce"]
    assert "no-store" in first["Cache-Control"]
