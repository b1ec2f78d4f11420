"""A WSGI application that tells its process, and whose `/meet` waits for the requests of others.

Each of these leaves a file with its process's number in the folder that MEETING names, and is
answered when there are as many as EXPECTED.
"""

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path

PATIENCE = 15  # seconds


def application(environ: dict, start_response: Callable) -> list[bytes]:
    """Answer 200 with the process's number, or 503 where the others never come."""
    process = str(os.getpid())
    everybody_came = environ["PATH_INFO"] != "/meet" or _meet(process)
    status = "200 OK" if everybody_came else "503 Service Unavailable"
    start_response(status, [("Content-Length", str(len(process)))])
    return [process.encode()]


def _meet(process: str) -> bool:
    folder, expected = Path(os.environ["MEETING"]), int(os.environ["EXPECTED"])
    (folder / uuid.uuid4().hex).write_text(process)
    end = time.monotonic() + PATIENCE
    while len(os.listdir(folder)) < expected:
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
