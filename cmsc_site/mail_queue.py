"""Sends the queued mails, one after the other, so that none is lost and at most one is repeated.

Before a mail is tried it is written when it would be tried again, and what became of it before the
next one is: a worker that dies repeats that one mail, and on a full disk none goes out again and
again. While the mail server is away the whole queue waits and asks again with growing patience; a
mail that the server does not take for now is tried again for three days, while the others go on.
"""

import logging
import re
import smtplib
import time
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core.mail.message import utf8_charset_qp
from django.utils import timezone
from post_office.connections import connections
from post_office.mail import get_queued
from post_office.models import STATUS, Email, Log

from cmsc_site.log_lines import without_addresses

logger = logging.getLogger("cmsc_site.mail")

GIVE_UP_AFTER = timedelta(days=3)
# From one try of a mail to the next; the last one is repeated.
PAUSES = [
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
]
LONGEST_WAIT = timedelta(minutes=1)  # for a server that is away
# How long one turn may take, so that the worker's other jobs get theirs.
TURN = 1.0  # seconds
# Replies that speak of the server or of us rather than of the mail (RFC 5321, 4.2.3).
SERVER_CLOSES, AUTHENTICATION = 421, {530, 534, 535, 538}
# A refusal by policy (RFC 3463, 3.8) may be of this site, such as "relaying denied", and be mended.
POLICY = re.compile(r"\s*5\.7\.")


class Verdict(Enum):
    """What a failure says: of the server, of this mail for now, or of this mail for good."""

    AWAY = "away"
    LATER = "later"
    NEVER = "never"


@dataclass
class Outage:
    """The mail server's absence, as far as this process has seen it."""

    tries: int = 0
    since: float = 0.0
    next_try: float = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether it is too early to ask again."""
        return time.monotonic() < self.next_try

    def note(self, error: Exception) -> None:
        """Wait twice as long as last time; only the first time is told in the log."""
        now = time.monotonic()
        if not self.tries:
            self.since = now
            logger.error("mail server away", extra={"error": type(error).__name__})
        self.next_try = now + min(LONGEST_WAIT.total_seconds(), 2**self.tries)
        self.tries += 1

    def end(self) -> None:
        """Note that the server answers."""
        if self.tries:
            seconds = round(time.monotonic() - self.since)
            logger.warning("mail server back", extra={"seconds": seconds, "tries": self.tries})
        self.tries, self.next_try = 0, 0.0


outage = Outage()


def send_mails() -> int:
    """Send queued mails for about a second, or until there are none; return how many were tried."""
    if outage.is_waiting:
        return 0
    tried, end = 0, time.monotonic() + TURN
    try:
        for mail in get_queued():
            if time.monotonic() > end or outage.is_waiting or not _is_open():
                break
            if _claim(mail):
                _send(mail)
                tried += 1
    finally:
        connections.close()
    return tried


def verdict_of(error: Exception) -> Verdict:
    """Return what a failure to send says."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        verdicts = {_verdict_of_reply(*reply) for reply in error.recipients.values()}
        return next(verdict for verdict in Verdict if verdict in verdicts)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Verdict.AWAY  # it is all mails' sender
    if isinstance(error, smtplib.SMTPResponseException):
        return _verdict_of_reply(error.smtp_code, error.smtp_error)
    if isinstance(error, AnymailRecipientsRefused):
        return Verdict.NEVER
    if isinstance(error, AnymailAPIError):
        of_the_mail = error.status_code in {400, 413, 422}
        return Verdict.LATER if of_the_mail else Verdict.AWAY
    # A connection that broke, a folder that cannot be written to.
    if isinstance(error, OSError):
        return Verdict.AWAY
    # What cannot be built will not be later; any other fault is ours, and may be mended.
    return Verdict.NEVER if isinstance(error, ValueError) else Verdict.LATER


def _verdict_of_reply(code: int, words: bytes | str) -> Verdict:
    if code == SERVER_CLOSES or code in AUTHENTICATION:
        return Verdict.AWAY
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Verdict.LATER if code < 500 or POLICY.match(text) else Verdict.NEVER


def _is_open() -> bool:
    """Open the connection, or note that the server is away."""
    try:
        connections["default"].open()
    except Exception as error:
        connections.close()
        outage.note(error)
        return False
    return True


def _claim(mail: Email) -> bool:
    """Write when the mail is tried again; False where it was erased or taken by another worker."""
    tries, now = mail.number_of_retries or 0, timezone.now()
    claimed = Email.objects.filter(
        pk=mail.pk, status=mail.status, scheduled_time=mail.scheduled_time
    ).update(
        status=STATUS.requeued,
        scheduled_time=now + PAUSES[min(tries, len(PAUSES) - 1)],
        number_of_retries=tries + 1,
        last_updated=now,
    )
    return claimed == 1


def _send(mail: Email) -> None:
    try:
        # Words in any language arrive whole through servers that know seven bits alone (RFC 2045).
        mail.email_message().encoding = utf8_charset_qp
        mail.dispatch(commit=False, disconnect_after_delivery=False)
    except Exception as error:
        connections.close()
        _note_failure(mail, error)
    else:
        Email.objects.filter(pk=mail.pk).update(status=STATUS.sent, last_updated=timezone.now())
        outage.end()


def _note_failure(mail: Email, error: Exception) -> None:
    """Write why the mail was not sent, and whether it is not tried again.

    The mail at which a connection breaks may be what breaks it, so that its pauses grow; at a
    server that was away already they do not.
    """
    verdict, now = verdict_of(error), timezone.now()
    tries = mail.number_of_retries or 0
    is_old = tries >= len(PAUSES) and now - mail.created > GIVE_UP_AFTER
    changes: dict[str, object] = {"last_updated": now}
    if verdict is Verdict.NEVER or (verdict is Verdict.LATER and is_old):
        changes["status"] = STATUS.failed
        logger.error("mail given up", extra={"mail": mail.pk, "error": type(error).__name__})
    elif verdict is Verdict.AWAY and outage.tries:
        changes |= {"scheduled_time": now + LONGEST_WAIT, "number_of_retries": tries}
    if verdict is Verdict.AWAY:
        outage.note(error)
    else:
        outage.end()
    if Email.objects.filter(pk=mail.pk).update(**changes):  # and was not erased meanwhile
        Log.objects.filter(email_id=mail.pk).delete()
        Log.objects.create(
            email_id=mail.pk,
            status=STATUS.failed,
            exception_type=type(error).__name__,
            message=without_addresses(str(error))[:500],
        )
