"""What each measurement has in common: it can be run alone, and longer than in `make bench`."""

import argparse
import inspect
import sys
from collections.abc import Callable

from benchmarks.progress import Progress
from benchmarks.results import Section, missed
from benchmarks.sites import workshop

Say = Callable[[str], None]


def main(measure: Callable[..., Section]) -> None:
    """Run one measurement, print what it found, and end with 1 where a bar was missed.

    Its keyword arguments can be given, such as `--rounds 9` or `--only SQLite`.
    """
    parser = argparse.ArgumentParser(description=sys.modules[measure.__module__].__doc__)
    for name, parameter in inspect.signature(measure).parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY:
            kind, default = type(parameter.default), parameter.default
            parser.add_argument(f"--{name}", type=kind, default=default, help=f"({default!r})")
    progress = Progress()
    progress.begin(measure.__module__)
    with workshop(progress.say) as made:
        section = measure(made, progress.say, **vars(parser.parse_args()))
    print(section.markdown())
    sys.exit(bool(missed([section])))
