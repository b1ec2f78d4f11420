"""The site as it is, with each making of a page written down: one byte in a file a process."""

import os
from collections.abc import Callable
from pathlib import Path


def application() -> Callable:
    """Return the site's WSGI application, which counts into the folder that VAR_DIR names."""
    from cmsc_site.wsgi import application as site
    from pages.models import BasePage

    serve = BasePage.serve

    def counted(page: BasePage, request: object, *args: object, **kwargs: object) -> object:
        path = Path(os.environ["VAR_DIR"]) / f"made.{os.getpid()}"
        with path.open("ab") as file:
            file.write(b".")
        return serve(page, request, *args, **kwargs)

    BasePage.serve = counted
    return site


def counts(var: Path) -> dict[int, int]:
    """Return how many pages each process has made."""
    return {int(path.suffix[1:]): path.stat().st_size for path in var.glob("made.*")}
