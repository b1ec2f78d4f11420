"""The Nu HTML checker finds no error on any page type."""

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT
from tests.browser.paths import PATHS

JAR = Path(os.environ.get("VNU_JAR") or ROOT / "var" / "vnu.jar")


def fetch(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url) as response:  # noqa: S310
            return response.read()
    except urllib.error.HTTPError as error:
        return error.read()


@pytest.mark.skipif(
    not os.environ.get("CI") and not (JAR.is_file() and shutil.which("java")),
    reason="`make html-check` fetches the checker; it needs Java",
)
def test_html_check_finds_no_error(site, tmp_path):
    for name, path in PATHS.items():
        (tmp_path / f"{name}.html").write_bytes(fetch(site.url + path))
    done = subprocess.run(
        [
            "java",
            "-jar",
            JAR,
            "--format",
            "json",
            "--errors-only",
            "--exit-zero-always",
            *tmp_path.glob("*.html"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    messages = json.loads(done.stderr)["messages"]
    assert [f"{Path(m['url']).stem}: {m['message']}" for m in messages] == []
