"""Mails that are kept in a folder of the machine rather than sent: a newcomer's inbox."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

BACKEND = "cmsc_site.local_mail.EmailBackend"
_NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{8}")
# One whose writer was killed begins with a dot.
_FILE = re.compile(rf"\.{_NAME.pattern}|{_NAME.pattern}\.eml")


@dataclass(frozen=True)
class KeptMail:
    """A mail in the folder; `name` is its file's, without the ending."""

    name: str
    message: EmailMessage

    @property
    def at(self) -> datetime | None:
        """When it was written."""
        date = self.message["Date"]
        return parsedate_to_datetime(date) if date else None

    def part(self, kind: str) -> str:
        """Return the words of the part of that kind, "plain" or "html"; empty without one."""
        body = self.message.get_body((kind,))
        return body.get_content() if body is not None else ""


def is_local() -> bool:
    """Tell whether mails are kept in the folder."""
    return settings.POST_OFFICE["BACKENDS"]["default"] == BACKEND


def last_mails(limit: int) -> list[KeptMail]:
    """Return the last mails that were kept, the latest first."""
    whole = sorted((path for path in _files() if path.suffix == ".eml"), reverse=True)
    return [_read(path) for path in whole[:limit]]


def read_mail(name: str) -> KeptMail | None:
    """Return the mail of that name, or None."""
    path = _folder() / f"{name}.eml"
    return _read(path) if _NAME.fullmatch(name) and path.is_file() else None


def forget_mails_to(address: str) -> int:
    """Delete the kept mails that name an address anywhere; return how many there were."""
    if not is_local():
        return 0
    # The address as a whole: ana@example.org is not within diana@example.org.
    wanted = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    forgotten = 0
    for path in _files():
        with suppress(FileNotFoundError):  # gone, or given its name, since it was listed
            if wanted.search(_everything(_read(path))):
                path.unlink()
                forgotten += 1
    return forgotten


def forget_mails_before(moment: datetime) -> int:
    """Delete the kept mails that were written before; return how many there were."""
    if not is_local():
        return 0
    forgotten = 0
    for path in _files():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < moment.timestamp():
                path.unlink()
                forgotten += 1
    return forgotten


def _everything(mail: KeptMail) -> str:
    headers = " ".join(str(value) for value in mail.message.values())
    return f"{headers} {mail.part('plain')} {mail.part('html')}"


def _read(path: Path) -> KeptMail:
    return KeptMail(path.stem, message_from_bytes(path.read_bytes(), policy=policy.default))


def _files() -> list[Path]:
    """Our own files in the folder, which may have others in it."""
    return [path for path in _folder().glob("*") if _FILE.fullmatch(path.name)]


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)
