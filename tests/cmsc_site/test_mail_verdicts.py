"""A failure to send says whether the server is away, or a mail is refused for now or for good."""

import smtplib

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused

from cmsc_site.mail_queue import Verdict, verdict_of

SENDER = "cmsc@example.org"


@pytest.mark.without_database
@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (ConnectionRefusedError(), Verdict.AWAY),
        (TimeoutError(), Verdict.AWAY),
        (smtplib.SMTPServerDisconnected("gone"), Verdict.AWAY),
        (smtplib.SMTPSenderRefused(550, b"not you", SENDER), Verdict.AWAY),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 no"), Verdict.AWAY),
        (smtplib.SMTPRecipientsRefused({"a": (530, b"5.7.0 sign in")}), Verdict.AWAY),
        (smtplib.SMTPDataError(421, b"closing"), Verdict.AWAY),
        (smtplib.SMTPDataError(452, b"4.3.1 disk full"), Verdict.LATER),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), Verdict.LATER),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.7.1 relaying denied")}), Verdict.LATER),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.1 nobody")}), Verdict.NEVER),
        (smtplib.SMTPDataError(554, "not taken"), Verdict.NEVER),
        (AnymailAPIError(status_code=None), Verdict.AWAY),
        (AnymailAPIError(status_code=401), Verdict.AWAY),
        (AnymailAPIError(status_code=429), Verdict.AWAY),
        (AnymailAPIError(status_code=503), Verdict.AWAY),
        (AnymailAPIError(status_code=422), Verdict.LATER),
        (AnymailRecipientsRefused(), Verdict.NEVER),
        (ValueError("a header with two lines"), Verdict.NEVER),
        (TypeError("a fault of ours"), Verdict.LATER),
    ],
    ids=lambda value: getattr(value, "name", type(value).__name__),
)
def test_what_a_failure_says(error, verdict):
    assert verdict_of(error) is verdict
