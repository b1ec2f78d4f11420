"""What a measurement found, and how it is written for people to read."""

import importlib.metadata
import math
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.plots import Bars, Lines, plain

HERE = Path(__file__).resolve().parent
VERSIONS = ("Django", "wagtail", "gunicorn", "psycopg")


@dataclass(frozen=True)
class Bar:
    """A number that was asked for: at most `limit`, or at least that."""

    name: str
    measured: float
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the number is good enough. What could not be measured (NaN) is not."""
        if self.at_least:
            return self.measured >= self.limit
        return self.measured <= self.limit

    @property
    def asked(self) -> str:
        """What was asked for, in words."""
        words = "at least" if self.at_least else "at most"
        return f"{words} {plain(self.limit)} {self.unit}".strip()

    @property
    def seen(self) -> str:
        """What was measured, in words."""
        if math.isnan(self.measured):
            return "not measured"
        return f"{plain(self.measured)} {self.unit}".strip()

    @property
    def verdict(self) -> str:
        """`met`, or by how much it was missed."""
        if self.is_met:
            return "met"
        if math.isnan(self.measured):
            return "**missed**: not measured"
        gap = abs(self.measured - self.limit)
        part = f", {100 * gap / self.limit:.0f} %" if self.limit else ""
        return f"**missed** by {plain(gap)} {self.unit}".strip() + part


@dataclass(frozen=True)
class Table:
    """Rows of words and numbers below their heads."""

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [self.heads, ["---"] * len(self.heads), *self.rows]
        return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


@dataclass
class Section:
    """One measurement: what and how, in plain words, with what came of it."""

    title: str
    how: str
    tables: list[Table] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    plots: list[Bars | Lines] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def markdown(self) -> str:
        """Return the section as Markdown."""
        parts = [f"## {self.title}", self.how]
        if self.bars:
            parts.append(bars_table(self.bars).markdown())
        parts += [f"![{plot.title}](plots/{plot.name}.svg)" for plot in self.plots]
        parts += [table.markdown() for table in self.tables]
        if self.notes:
            parts.append("\n".join(f"- {note}" for note in self.notes))
        if self.seconds:
            parts.append(f"Measured in {self.seconds:.0f} s.")
        return "\n\n".join(parts) + "\n"


def not_measured(title: str, why: str) -> Section:
    """Return the section of a measurement that failed, which is a bar missed."""
    return Section(title, why, bars=[Bar(f"{title}: could be measured", math.nan, 0)])


def missed(sections: Iterable[Section]) -> list[Bar]:
    """Return the bars that were not met."""
    return [bar for section in sections for bar in section.bars if not bar.is_met]


def bars_table(bars: Iterable[Bar]) -> Table:
    """Return a table of what was asked for and what came."""
    rows = [(bar.name, bar.seen, bar.asked, bar.verdict) for bar in bars]
    return Table(("what", "measured", "asked for", "verdict"), rows)


def write(
    sections: Sequence[Section], folder: Path = HERE, facts: Sequence[str] | None = None
) -> int:
    """Write `results.md` and the plots into the folder; return 1 where a bar was missed, else 0."""
    failed = missed(sections)
    count = sum(len(section.bars) for section in sections)
    verdict = f"{count - len(failed)} of {count} bars were met."
    head = [
        "# What `make bench` measured last",
        "\n".join(f"- {fact}" for fact in facts or machine_facts()),
        "Everything ran on one machine over loopback: the server, the database and whoever asks "
        "share its processors, so compare the ratios, which were taken in turns within one run, "
        "rather than the rates.",
        f"**{verdict}**",
    ]
    if failed:
        head.append(bars_table(failed).markdown())
    plots = folder / "plots"
    plots.mkdir(parents=True, exist_ok=True)
    for former in plots.glob("*.svg"):
        former.unlink()
    for section in sections:
        for plot in section.plots:
            (plots / f"{plot.name}.svg").write_text(plot.svg())
    text = "\n\n".join([*head, *(section.markdown() for section in sections)])
    (folder / "results.md").write_text(text.rstrip() + "\n")
    return int(bool(failed))


def machine_facts() -> list[str]:
    """Return when and on what it was measured."""
    packages = [f"{name} {importlib.metadata.version(name)}" for name in VERSIONS]
    return [
        f"Date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, code {_code()}",
        f"Machine: {os.cpu_count()} processors ({_processor()}), {_memory():.0f} GB of memory, "
        f"{platform.system()} {platform.release()}",
        f"Versions: Python {platform.python_version()}, {', '.join(packages)}",
        f"Load by {'wrk' if shutil.which('wrk') else 'a client in Python (wrk is not installed)'}",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _code() -> str:
    """Return the commit, and whether there was more than it."""
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty=, changed since"],
            cwd=HERE,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "of no known commit"
    return said.stdout.strip()


def _cell(value: object) -> str:
    words = plain(value) if isinstance(value, float) else str(value)
    return words.replace("|", "\\|")
