"""A WSGI application that answers with one page's bytes and headers, and does nothing else."""

import json
import os
from collections.abc import Callable
from pathlib import Path


def application() -> Callable:
    """Return the application; the answer is in the file that the environment names."""
    kept = json.loads(Path(os.environ["BARE_ANSWER"]).read_text())
    body, headers = kept["body"].encode("latin-1"), [tuple(header) for header in kept["headers"]]

    def answer(environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", headers)
        return [body]

    return answer
