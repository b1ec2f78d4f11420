"""A pytest plugin: no module may be covered less than the others make up for.

The bar for all code together is `fail_under` in pyproject.toml, which pytest-cov holds.
"""

import json
import tempfile
from pathlib import Path

import coverage
import pytest

LOWEST_PER_CENT = 75
BELOW = pytest.StashKey[dict[str, float]]()


def modules_below(report: dict, bar: float) -> dict[str, float]:
    """Return the modules of coverage's JSON report that are under `bar`, with their per cent."""
    covered = {
        name: file["summary"]["percent_covered"]
        for name, file in report["files"].items()
        if file["summary"]["num_statements"]
    }
    return {name: share for name, share in sorted(covered.items()) if share < bar}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when a module is under the bar; pytest-cov has gathered all data by now."""
    if hasattr(session.config, "workerinput"):
        return
    data = coverage.Coverage()
    data.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        data.json_report(outfile=str(path))
        below = modules_below(json.loads(path.read_text()), LOWEST_PER_CENT)
    session.config.stash[BELOW] = below
    if below and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Name the modules under the bar."""
    if below := config.stash.get(BELOW, {}):
        terminalreporter.section(f"modules covered less than {LOWEST_PER_CENT} %", red=True)
        for name, share in below.items():
            terminalreporter.line(f"{name}: {share:.1f} %")
