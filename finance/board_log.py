"""The log of the board's library: a line for each visit and each download.

Lines are added and never changed, so reading stays reading: nothing else in the site is
different after it.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from finance.models.board_access import BoardAccess
from finance.models.filing import Filing
from finance.models.filing_file import FilingFile

# Who comes back after so long a silence pays a new visit.
SILENCE = timedelta(minutes=30)
LOOKED_AT = 200


def log_download(user, filing: Filing, file: FilingFile, *, from_its_beginning: bool) -> None:
    """Note that a board member was given a file.

    A reader that fetches a long file in parts is noted once: by the part at its beginning, or by
    another where that was not asked for lately.
    """
    lately = timezone.now() - SILENCE / 2
    lines = BoardAccess.objects.filter(user=user, file=file, at__gt=lately)
    if not from_its_beginning and lines.exists():
        return
    subject = f"{filing} ({filing.fiscal_year})"
    _log(user, BoardAccess.Act.DOWNLOAD, subject=subject, filing=filing, file=file)


def log_year(user, year: int) -> None:
    """Note that a board member was given all files of a year."""
    _log(user, BoardAccess.Act.YEAR, subject=str(year))


def log_visit(user) -> None:
    """Note that a board member opened the library; once in a quarter of an hour is enough."""
    recently = timezone.now() - SILENCE / 2
    visits = BoardAccess.objects.filter(user=user, act=BoardAccess.Act.VISIT)
    if not visits.filter(at__gt=recently).exists():
        _log(user, BoardAccess.Act.VISIT)


def end_of_last_visit(user) -> datetime | None:
    """Return when the visit before this one ended; None on the first visit.

    A visit of more than two hundred lines is taken to begin with the oldest of them.
    """
    later = timezone.now()
    lines = BoardAccess.objects.filter(user=user).order_by("-at", "-pk")
    times = list(lines.values_list("at", flat=True)[:LOOKED_AT])
    for at in times:
        if later - at > SILENCE:
            return at
        later = at
    return later if len(times) == LOOKED_AT else None


def _log(user, act: BoardAccess.Act, *, subject: str = "", **about) -> None:
    BoardAccess.objects.create(
        user=user, who=user.get_username(), act=act, subject=subject[:300], **about
    )
