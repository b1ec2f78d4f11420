"""A mail server on loopback that takes, refuses or loses mails, as a test tells it (RFC 5321)."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from functools import cached_property
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mode(Enum):
    """What becomes of a mail that is brought; for most, in the words that are answered."""

    ACCEPT = "250 OK"
    RECIPIENT_LATER = "451 4.2.1 This mailbox is busy"
    RECIPIENT_NEVER = "550 5.1.1 No such mailbox"
    SENDER_NEVER = "553 5.7.1 This sender is not allowed here"
    DATA_LATER = "451 4.3.0 Later, please"
    DATA_NEVER = "554 5.6.0 This content is not taken"
    CLOSING = "421 4.3.2 This server is about to close"
    DROP = "the connection breaks once the mail was brought"
    HANG = "nothing is answered once the mail was brought"


AT_RECIPIENT = {Mode.RECIPIENT_LATER, Mode.RECIPIENT_NEVER}
AT_DATA = {Mode.ACCEPT, Mode.DATA_LATER, Mode.DATA_NEVER, Mode.CLOSING}


@dataclass(frozen=True)
class Received:
    """A mail that was taken: for whom, and its bytes."""

    recipients: list[str]
    content: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The mail itself; read only when it is asked for, as thousands come in a benchmark."""
        return message_from_bytes(self.content, policy=policy.default)


class SmtpServer:
    """A mail server at `port`, which is its own from the start; it listens between start and stop.

    `received` keeps what was taken. `mode` is for all mails, `modes` for those to one recipient.
    `before_answer` is called with each mail that was taken, before its sender learns of it.
    """

    def __init__(self) -> None:
        self.mode = Mode.ACCEPT
        self.modes: dict[str, Mode] = {}
        self.received: list[Received] = []
        self.connections = 0
        self.before_answer: Callable[[Received], object] = lambda mail: None
        self._controller: Controller | None = None
        # Bound and not listening: nobody else is given the port, and whoever calls is refused.
        self._place = socket.socket()
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._place.bind(("127.0.0.1", 0))
        self.port: int = self._place.getsockname()[1]

    @property
    def recipients(self) -> list[str]:
        """Who got mails so far, in order."""
        return [recipient for mail in self.received for recipient in mail.recipients]

    def start(self) -> None:
        """Listen; may be called again after `stop`."""
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, ready_timeout=30, ident="sample"
        )
        self._controller.start()
        self.connections = 0  # starting makes one

    def stop(self) -> None:
        """Close all connections and listen no more."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    # --- What aiosmtpd asks --------------------------------------------------------------------

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, host: str, answers: list[str]
    ) -> list[str]:
        """Greet."""
        self.connections += 1
        session.host_name = host
        return answers

    async def handle_MAIL(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take or refuse the sender."""
        if self.mode is Mode.SENDER_NEVER:
            return self.mode.value
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take or refuse one recipient."""
        mode = self.modes.get(address, self.mode)
        if mode in AT_RECIPIENT:
            # As real servers do, it says whom it does not know.
            return f"{mode.value}: <{address}>"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take, refuse or lose the mail that was brought."""
        mode = self.modes.get(envelope.rcpt_tos[0], self.mode)
        if mode is Mode.HANG:
            await asyncio.Event().wait()
        if mode is Mode.ACCEPT:
            mail = Received(list(envelope.rcpt_tos), envelope.content)
            self.received.append(mail)
            self.before_answer(mail)
        if mode not in AT_DATA:
            server.transport.abort()
        return mode.value
