"""`.env.example` says what each variable is for, and none that is not there."""

import ast
import re

import pytest
from django.conf import settings

EXAMPLE = settings.BASE_DIR / ".env.example"
ASSIGNMENT = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
# Read by the shell rather than by Python: a whole word somewhere in the file.
SHELL_FILES = ["Makefile", "tests/run.sh"]
PYTHON_FILES = [
    "cmsc_site/settings.py",
    "cmsc_site/bucket.py",
    "cmsc_site/cdn_settings.py",
    "gunicorn.conf.py",
]


def read_by_python(name: str) -> set[str]:
    """Return the variables that the file reads by `env.kind("NAME", ...)`."""
    tree = ast.parse((settings.BASE_DIR / name).read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
    }


def read_by_compose() -> set[str]:
    """Return the variables that compose.yaml puts in from the environment."""
    return set(re.findall(r"\$\{([A-Z_]+)", (settings.BASE_DIR / "compose.yaml").read_text()))


def documented() -> list[str]:
    """Return the variables in `.env.example`, in their order."""
    return ASSIGNMENT.findall(EXAMPLE.read_text())


@pytest.mark.parametrize("name", PYTHON_FILES)
def test_every_variable_that_python_reads_is_documented(name):
    read = read_by_python(name)
    assert read, "nothing was found, so nothing would be compared"
    assert read - set(documented()) == set()


def test_every_variable_that_compose_reads_is_documented():
    assert {"SITE_URL", "POSTGRES_PASSWORD"} <= read_by_compose() <= set(documented())


def test_no_variable_is_documented_that_nothing_reads():
    read = read_by_compose().union(*map(read_by_python, PYTHON_FILES))
    for name in SHELL_FILES:
        read |= set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", (settings.BASE_DIR / name).read_text()))
    assert set(documented()) - read == set()


def test_no_variable_is_documented_twice():
    assert len(documented()) == len(set(documented()))


def test_each_variable_has_its_sentence():
    paragraphs = re.split(r"\n\s*\n", EXAMPLE.read_text())
    for paragraph in paragraphs:
        if ASSIGNMENT.search(paragraph):
            first = paragraph.splitlines()[0]
            assert first.startswith("# "), paragraph
            assert not ASSIGNMENT.match(first), paragraph


def test_the_example_can_be_read_as_it_stands(tmp_path, monkeypatch):
    from cmsc_site.environment import read_environment_file

    for name in documented():
        monkeypatch.setenv(name, "kept")
    read_environment_file(EXAMPLE)
