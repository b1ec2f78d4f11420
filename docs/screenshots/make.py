"""Takes the README's pictures: four pages of a site with the first content, in Chromium.

Run by `make screenshots`. The site runs on a free port with a database of its own and is gone
afterwards.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PICTURES = [
    ("home-light", "/", 1440, 1000, "light"),
    ("home-dark", "/", 1440, 1000, "dark"),
    ("mission-phone", "/about/mission/", 390, 844, "light"),
    ("leadership-tablet", "/about/leadership/", 768, 1024, "light"),
]
COLOURS = 128  # enough for flat colours and soft circles, and well under 200 KB


def main() -> None:
    """Run the site, take the pictures, end the site."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with tempfile.TemporaryDirectory() as var:
        environment = {
            **os.environ,
            "VAR_DIR": var,
            "DATABASE_URL": f"sqlite:///{var}/site.sqlite3",
            "PORT": str(port),
            "SITE_URL": f"http://localhost:{port}",
            "DEBUG": "off",
            "LOG_LEVEL": "ERROR",
        }
        for command in (["migrate", "-v0"], ["load_site"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run(  # noqa: S603 - our own command
                [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True
            )
        web = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "cmsc_site.wsgi"],
            cwd=ROOT,
            env=environment,
        )
        try:
            _wait_for(f"http://localhost:{port}/healthz")
            _take(f"http://localhost:{port}")
        finally:
            web.terminate()
            web.wait(timeout=30)


def _wait_for(url: str) -> None:
    for _attempt in range(300):
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - loopback
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("The site did not start.")


def _take(base_url: str) -> None:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, address, width, height, scheme in PICTURES:
            context = browser.new_context(
                base_url=base_url,
                viewport={"width": width, "height": height},
                color_scheme=scheme,
            )
            page = context.new_page()
            page.goto(address)
            page.evaluate("document.fonts.ready")
            file = HERE / f"{name}.png"
            page.screenshot(path=file)
            with Image.open(file) as picture:
                picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)
            sys.stdout.write(f"{file.name}: {file.stat().st_size // 1024} KB\n")
            context.close()


if __name__ == "__main__":
    main()
