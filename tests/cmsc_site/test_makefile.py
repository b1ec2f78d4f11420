"""The commands that the README names are there, and do what they say with ports and files."""

import os
import shutil
import subprocess

import pytest
from django.conf import settings

TARGETS = [
    "run",
    "dev",
    "places",
    "test",
    "lint",
    "format",
    "lock",
    "bench",
    "screenshots",
    "html-check",
]


def make(*arguments: str, folder=settings.BASE_DIR, **environment: str):
    names = {"PORT", "SITE_URL", "VAR_DIR", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


pytestmark = pytest.mark.own_site


@pytest.fixture
def clone(tmp_path):
    """A folder with what the Makefile itself needs, and no virtual environment."""
    shutil.copy(settings.BASE_DIR / "Makefile", tmp_path)
    return tmp_path


def variables(folder, **environment: str) -> tuple[str, str]:
    """Return the port and the address that the commands would be given."""
    shown = make(
        "--no-print-directory",
        "--eval=show: ; @echo $$PORT $$SITE_URL",
        "show",
        folder=folder,
        **environment,
    )
    port, *address = shown.stdout.split()
    return port, " ".join(address)


def test_make_alone_lists_every_command():
    listed = make().stdout
    for target in TARGETS:
        assert f"make {target} " in listed


@pytest.mark.parametrize("target", TARGETS)
def test_every_command_can_be_planned(target):
    planned = make("--dry-run", target)
    assert planned.returncode == 0, planned.stderr


@pytest.mark.parametrize(
    ("file", "environment", "port", "address"),
    [
        ("", {}, "8000", "http://localhost:8000"),
        ("", {"PORT": "9000"}, "9000", "http://localhost:9000"),
        ("PORT=8100\n", {}, "8100", "http://localhost:8100"),
        ("PORT=8100\n", {"PORT": "9000"}, "9000", "http://localhost:9000"),
        ("SITE_URL=http://localhost:8000\n", {"PORT": "9000"}, "9000", "http://localhost:9000"),
        ("SITE_URL=http://127.0.0.1:8000\n", {"PORT": "9000"}, "9000", "http://localhost:9000"),
        ("SITE_URL=https://www.example.org\n", {"PORT": "9000"}, "9000", ""),
        ("", {"SITE_URL": "https://www.example.org"}, "8000", "https://www.example.org"),
    ],
)
def test_a_local_address_follows_the_port_and_a_public_one_stays(
    clone, file, environment, port, address
):
    (clone / ".env").write_text(file)
    assert variables(clone, **environment) == (port, address)


def test_a_taken_port_is_named_before_anything_is_started(clone):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = make("port-is-free", folder=clone, PORT=str(port))
    assert answer.returncode != 0
    assert f"Port {port} is taken" in answer.stdout


def test_a_fresh_secret_is_written_once_and_for_its_owner_alone(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(shutil.which("python3"))
    assert make(".env", folder=clone).returncode == 0
    first = (clone / ".env").read_text()
    assert first.startswith("SECRET_KEY=")
    assert len(first.splitlines()[0]) > 70
    assert (clone / ".env").stat().st_mode & 0o077 == 0
    make(".env", folder=clone)
    assert (clone / ".env").read_text() == first


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "Makefile", "compose.yaml", "Dockerfile"]
)
def test_no_file_names_where_packages_come_from(name):
    text = (settings.BASE_DIR / name).read_text()
    for word in ["--index-url", "--find-links", "simple/", "://pypi"]:
        assert word not in text


def test_every_locked_package_has_its_hashes():
    for name in ["requirements.txt", "requirements-dev.txt"]:
        text = (settings.BASE_DIR / name).read_text().replace("\\\n", " ")
        pinned = [line for line in text.splitlines() if line and line[0] not in " #"]
        assert pinned
        assert [line for line in pinned if "==" not in line or "--hash=sha256:" not in line] == []
