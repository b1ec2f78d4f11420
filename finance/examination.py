"""Whether an uploaded PDF is safe and whole, and what it holds.

The file is read by another process (`finance.pdf_examiner`) with limits on memory, time and
output, so that whatever it holds can end that process and nothing else.
"""

import base64
import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings

logger = logging.getLogger("finance.examination")

EXAMINER = Path(__file__).with_name("pdf_examiner.py")
# Of the time allowed, what the child may have; the rest is for hashing, starting and reading.
CHILD_SHARE = 0.9
MOST_OUTPUT = 16 * 2**20
TOO_LONG = (signal.SIGKILL, signal.SIGXCPU)


@dataclass(frozen=True)
class Examination:
    """What is known of a file. It is accepted when there are no findings.

    `findings` are codes that `finance.findings` puts into words; `details` has a short text to some
    of them. `size` is in bytes. `text` is the words of all pages in one line, at most 2 million
    characters. `thumbnail` is a JPEG of the first page, 480 pixels wide, or empty.
    """

    findings: tuple[str, ...] = ()
    details: dict[str, str] = field(default_factory=dict)
    pages: int = 0
    size: int = 0
    sha256: str = ""
    language: str = ""
    tagged: bool = False
    text: str = ""
    thumbnail: bytes = b""


def examine(path: Path) -> Examination:
    """Return what is wrong with a file, and what it holds; never raises for its content.

    A file over the limit of bytes is not read at all, so it has no checksum. Raises OSError when
    the file cannot be read, ChildProcessError when the examining process does not start.
    """
    began = time.monotonic()
    path = path.resolve(strict=True)
    size = path.stat().st_size
    if size > settings.FILING_MAX_BYTES:
        return Examination(findings=("too_large",), size=size)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        ended = run_examiner(path, began, output, errors)
        lines = list(read_lines(output))
        if not any("begun" in line for line in lines):
            words = last_words(errors)
            raise ChildProcessError(f"the PDF examiner did not start ({ended}): {words}")
        if ended:
            told = {"ended": ended, "sha256": sha256, "errors": last_words(errors)}
            logger.warning("the PDF examiner died", extra=told)
    try:
        return put_together(lines, ended, size, sha256)
    except (KeyError, TypeError, ValueError):
        logger.exception("the PDF examiner wrote nonsense", extra={"sha256": sha256})
        return Examination(findings=("unreadable",), size=size, sha256=sha256)


def run_examiner(path: Path, began: float, output: IO[bytes], errors: IO[bytes]) -> int:
    """Have another process examine the file; return how it ended, as subprocess tells it."""
    seconds = settings.FILING_CHECK_SECONDS * CHILD_SHARE - (time.monotonic() - began)
    limits = (settings.FILING_MAX_PAGES, seconds, settings.FILING_CHECK_MEMORY)
    child = subprocess.Popen(  # noqa: S603 - our own program, no shell
        [sys.executable, "-I", str(EXAMINER), str(path), *map(str, limits)],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        env={},
        cwd="/",
        close_fds=True,
        start_new_session=True,
    )
    try:
        return child.wait(timeout=max(seconds, 0))
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def read_lines(output: IO[bytes]) -> Iterator[dict]:
    """Yield what the examiner wrote, up to the first line that it did not finish."""
    output.seek(0)
    for line in output.read(MOST_OUTPUT).splitlines(keepends=True):
        try:
            said = json.loads(line) if line.endswith(b"\n") else None
        except ValueError:
            said = None
        if not isinstance(said, dict):
            return
        yield said


def last_words(errors: IO[bytes]) -> str:
    """Return the end of what the examiner wrote about its own trouble."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - 2000))
    return errors.read().decode("utf-8", "replace")


def put_together(lines: list[dict], ended: int, size: int, sha256: str) -> Examination:
    """Return what the examiner's lines say; that it died in the checks is a finding.

    Raises KeyError, TypeError or ValueError for lines that it would write only if something in the
    file had taken it over.
    """
    details = {str(line["finding"]): str(line["detail"]) for line in lines if "finding" in line}
    checked = next((line["checked"] for line in lines if "checked" in line), None)
    if checked is None:
        details.setdefault("too_much_work" if -ended in TOO_LONG else "unreadable", "")
        checked = {"pages": 0, "language": "", "tagged": False}
    thumbnail = next((line["thumbnail"] for line in lines if "thumbnail" in line), "")
    return Examination(
        findings=tuple(details),
        details={code: detail for code, detail in details.items() if detail},
        pages=int(checked["pages"]),
        size=size,
        sha256=sha256,
        language=str(checked["language"]),
        tagged=bool(checked["tagged"]),
        text=" ".join(str(line["text"]) for line in lines if line.get("text")),
        thumbnail=base64.b64decode(thumbnail, validate=True),
    )
