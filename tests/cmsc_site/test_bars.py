"""The bars that `make test` holds can be failed."""

from tests.coverage_bars import modules_below


def report(**modules: tuple[int, float]) -> dict:
    """Return what coverage's JSON report would say of modules' statements and per cent."""
    return {
        "files": {
            name: {"summary": {"num_statements": statements, "percent_covered": share}}
            for name, (statements, share) in modules.items()
        }
    }


def test_a_module_under_the_bar_is_named_and_one_at_it_is_not():
    found = modules_below(report(low=(10, 74.9), at=(10, 75.0), high=(10, 100.0)), 75)
    assert found == {"low": 74.9}


def test_an_empty_module_is_under_no_bar():
    assert modules_below(report(empty=(0, 0.0)), 75) == {}
