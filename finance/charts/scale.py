"""The scale beside bars: round steps that hold all amounts, the zero line among them."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from finance.charts.dollars import BILLIONS, DOLLARS, MILLIONS, THOUSANDS, Unit, in_unit, number
from finance.charts.drawing import em

PLOT_HEIGHT = 16.5  # em
ROOM_ABOVE = 1.6  # em, for the words on the topmost line
ROOM_FOR_DIGITS = 1.2  # em, between the topmost line and the highest bar
ROOM_BELOW = 2.0  # em, for the years
ROOM_BELOW_NEGATIVE = 2.9  # em, for an amount below its bar as well


@dataclass(frozen=True)
class Line:
    """A horizontal line, and the words that stand on it."""

    y: str
    label_y: str
    text: str
    is_zero: bool


@dataclass(frozen=True)
class Scale:
    """From `lowest` (0 or less) to `highest` (above 0) dollars, in steps of `step` dollars."""

    lowest: int
    highest: int
    step: int

    @property
    def unit(self) -> Unit:
        """The unit in which the numbers of the scale are short."""
        largest = max(self.highest, -self.lowest)
        for unit in (BILLIONS, MILLIONS):
            if largest >= unit.dollars:
                return unit
        return THOUSANDS if largest >= 10 * THOUSANDS.dollars else DOLLARS

    @property
    def height(self) -> float:
        """The height of the whole drawing in em."""
        return ROOM_ABOVE + PLOT_HEIGHT + (ROOM_BELOW_NEGATIVE if self.lowest else ROOM_BELOW)

    def y(self, amount: int) -> float:
        """Return how far from the top of the drawing an amount lies, in em."""
        share = (self.highest - amount) / (self.highest - self.lowest)
        return ROOM_ABOVE + PLOT_HEIGHT * share

    def lines(self) -> list[Line]:
        """Return the lines from the lowest up; only the highest names the unit."""
        lines = []
        for amount in range(self.lowest, self.highest + 1, self.step):
            write = in_unit if amount == self.highest else number
            y = self.y(amount)
            text = write(amount, self.unit, 2)
            lines.append(Line(em(y), em(y - 0.35), text, is_zero=amount == 0))
        return lines


def scale_for(amounts: Collection[int]) -> Scale:
    """Return the scale for some amounts.

    It ends above zero even if they do not, since its top line names the unit, and leaves room
    under that line for the digits on a bar.
    """
    low, high = min(0, *amounts), max(0, *amounts)
    step = _round_step(high - low)
    steps_up = max(1, -(-high // step))
    scale = Scale(lowest=low // step * step, highest=steps_up * step, step=step)
    if scale.y(high) < ROOM_ABOVE + ROOM_FOR_DIGITS:
        scale = replace(scale, highest=scale.highest + step)
    return scale


def _round_step(span: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 25, 50, … that goes four times or fewer into span."""
    smallest = max(1, -(-span // 4))
    base = 10 ** (len(str(smallest)) - 1)
    candidates = (base, 2 * base, max(2, 5 * base // 2), 5 * base, 10 * base)
    return next(step for step in candidates if step >= smallest)
