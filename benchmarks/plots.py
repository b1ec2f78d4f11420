"""Draws plots as SVG text: lying bars, and lines over a number of something.

They are read in a browser, on paper and in a dark scheme, so every number stands as text too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

WIDTH = 760
LABELS = 250  # where the bars begin
ENDS = 110  # room for the numbers behind them
ROW = 26
HEAD = 58
STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#22313a}.title{font-size:17px;font-weight:600}"
    ".soft{fill:#55646c}.ground{fill:#fff}.a{fill:#0f5257}.missed{fill:#b5523b}"
    ".line{fill:none;stroke-width:2}.line.a{stroke:#0f5257}.line.b{stroke:#b5523b}"
    ".bar{stroke:#b5523b;stroke-width:2;stroke-dasharray:5 4}.axis{stroke:#c5ced2}"
    "@media(prefers-color-scheme:dark){text{fill:#e8e4dc}.soft{fill:#aab6ba}.ground{fill:#182126}"
    ".a{fill:#7cc2c4}.missed{fill:#e39b86}.line.a{stroke:#7cc2c4}"
    ".line.b{stroke:#e39b86}.bar{stroke:#e39b86}.axis{stroke:#44525a}}.line{fill:none!important}"
)


@dataclass(frozen=True)
class Bars:
    """Lying bars. `rows` are a label and a number each; `limit` is the bar that is to be met.

    Rows that miss it have another color; `limits` are those of rows that have one of their own.
    """

    name: str
    title: str
    unit: str
    rows: Sequence[tuple[str, float]]
    limit: float | None = None
    at_least: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)

    def svg(self) -> str:
        """Return the plot as the text of an SVG file."""
        height = HEAD + ROW * len(self.rows) + 16
        most = max([1e-9, *(value for _label, value in self.rows), self.limit or 0])
        scale = (WIDTH - LABELS - ENDS) / most
        parts = []
        for number, (label, value) in enumerate(self.rows):
            top = HEAD + ROW * number
            length = max(1.0, value * scale)
            parts += [
                _text(LABELS - 8, top + 14, label, anchor="end"),
                f'<rect class="{self._color(label, value)}" x="{LABELS}" y="{top}" '
                f'width="{length:.1f}" height="18" rx="3"/>',
                _text(LABELS + length + 6, top + 14, plain(value)),
            ]
        if self.limit is not None:
            at = LABELS + self.limit * scale
            parts.append(
                f'<line class="bar" x1="{at:.1f}" x2="{at:.1f}" '
                f'y1="{HEAD - 6}" y2="{height - 12}"/>'
            )
        return _document(height, self.title, self._below_title(), parts)

    def _color(self, label: str, value: float) -> str:
        limit = self.limits.get(label, self.limit)
        if limit is None:
            return "a"
        return "missed" if (value < limit if self.at_least else value > limit) else "a"

    def _below_title(self) -> str:
        if self.limit is None:
            return self.unit
        words = "at least" if self.at_least else "at most"
        return f"{self.unit}; dashed: {words} {plain(self.limit)}"


@dataclass(frozen=True)
class Lines:
    """One line for each series of numbers, at what stands in `at`."""

    name: str
    title: str
    unit: str
    at_unit: str
    at: Sequence[float]
    series: Sequence[tuple[str, Sequence[float]]]
    limit: float | None = None

    def svg(self) -> str:
        """Return the plot as the text of an SVG file."""
        height, left, right, bottom = 320, 60, WIDTH - 150, 270
        values = [value for _label, numbers in self.series for value in numbers]
        most = max([1e-9, *values, self.limit or 0]) * 1.05
        last = max([1e-9, *self.at])

        def x(at: float) -> float:
            return left + (right - left) * at / last

        def y(value: float) -> float:
            return bottom - (bottom - HEAD) * value / most

        parts = [f'<line class="axis" x1="{left}" x2="{right}" y1="{bottom}" y2="{bottom}"/>']
        parts += [_text(x(at), bottom + 20, plain(at), anchor="middle") for at in self.at]
        parts += [_text((left + right) / 2, bottom + 40, self.at_unit, anchor="middle", soft=True)]
        parts += [_text(left - 8, bottom, "0", anchor="end")]
        for number, (label, numbers) in enumerate(self.series):
            points = " ".join(
                f"{x(at):.1f},{y(value):.1f}" for at, value in zip(self.at, numbers, strict=True)
            )
            color = "ab"[number % 2]
            parts.append(f'<polyline class="line {color}" points="{points}"/>')
            if numbers:
                words = f"{label}: {plain(numbers[-1])}"
                parts.append(_text(right + 8, y(numbers[-1]) + 5 + 16 * number, words))
        if self.limit is not None:
            at = y(self.limit)
            parts.append(
                f'<line class="bar" x1="{left}" x2="{right}" y1="{at:.1f}" y2="{at:.1f}"/>'
            )
            parts.append(_text(left - 8, at + 5, plain(self.limit), anchor="end"))
        return _document(height, self.title, self.unit, parts)


def plain(number: float) -> str:
    """Return a number as people write it: three digits that count, thousands apart."""
    if abs(number) >= 100 or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.1f}" if abs(number) >= 10 else f"{number:.2f}"


def _text(x: float, y: float, words: str, *, anchor: str = "start", soft: bool = False) -> str:
    kind = ' class="soft"' if soft else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _document(height: float, title: str, below: str, parts: list[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="title">',
            f'<title id="title">{escape(title)}</title>',
            f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
            f'<text class="title" x="16" y="26">{escape(title)}</text>',
            f'<text class="soft" x="16" y="46">{escape(below)}</text>',
            *parts,
            "</svg>\n",
        ]
    )
