"""A pytest plugin: where nothing may be left out, a skipped test fails the run."""

import pytest

SKIPPED = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when a test was skipped; pytest's own summary names it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if hasattr(session.config, "workerinput") or reporter is None:
        return
    session.config.stash[SKIPPED] = len(reporter.stats.get("skipped", []))
    if session.config.stash[SKIPPED] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Say why the run failed though no test did."""
    if config.stash.get(SKIPPED, 0):
        terminalreporter.section("tests were skipped, which counts as failure here", red=True)
