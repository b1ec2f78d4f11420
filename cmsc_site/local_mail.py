"""Keeps mails in a folder instead of sending them, for a developer's machine."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    """Writes each mail to a file of its own (RFC 5322), named by the time."""

    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        """Write the mails; return how many."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
            # Seen only once it is whole, and by nobody else on the machine.
            unfinished = folder / f".{name}"
            descriptor = os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
            try:
                with open(descriptor, "wb") as file:
                    file.write(message.message().as_bytes(linesep="\r\n"))
                unfinished.rename(folder / f"{name}.eml")
            finally:
                unfinished.unlink(missing_ok=True)  # it is still there on a full disk
        return len(email_messages)
