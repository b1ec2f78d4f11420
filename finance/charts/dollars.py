"""Amounts of whole US dollars in words and digits, as the active language writes them."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Unit:
    """What amounts are counted in, and how a number of it is written."""

    dollars: int
    pattern: str | Promise


DOLLARS = Unit(1, gettext_lazy("$%(number)s"))
THOUSANDS = Unit(1_000, gettext_lazy("$%(number)s thousand"))
MILLIONS = Unit(1_000_000, gettext_lazy("$%(number)s million"))
BILLIONS = Unit(1_000_000_000, gettext_lazy("$%(number)s billion"))


def full_dollars(amount: int) -> str:
    """Return an amount to the dollar: "$1,234"."""
    return in_unit(amount, DOLLARS, 0)


def short_dollars(amount: int, decimals: int = 1) -> str:
    """Return an amount rounded to decimals of a million or billion: "$3.4 million".

    Below a million it is not rounded.
    """
    for unit in (BILLIONS, MILLIONS):
        if abs(amount) >= unit.dollars:
            return in_unit(amount, unit, decimals)
    return full_dollars(amount)


def told_apart(*amounts: int) -> list[str]:
    """Return amounts in words, rounded only so far that different ones stay different."""
    for decimals in (1, 2):
        words = [short_dollars(amount, decimals) for amount in amounts]
        if len(set(words)) == len(set(amounts)):
            return words
    return [full_dollars(amount) for amount in amounts]


def in_unit(amount: int, unit: Unit, decimals: int) -> str:
    """Return an amount with its unit: "$2.5 million"; zeros at the end of decimals go."""
    words = unit.pattern % {"number": number(abs(amount), unit, decimals)}
    return _signed(amount, words)


def number(amount: int, unit: Unit, decimals: int, *, keeps_zeros: bool = False) -> str:
    """Return how many of a unit an amount is, without naming the unit: "2.5"."""
    count = (abs(Decimal(amount)) / unit.dollars).quantize(
        Decimal(1).scaleb(-decimals), ROUND_HALF_UP
    )
    if not keeps_zeros:
        decimals = max(0, -count.normalize().as_tuple().exponent)
    return _signed(amount, number_format(count, decimals, force_grouping=True))


def _signed(amount: int, words: str) -> str:
    return _("−%(amount)s") % {"amount": words} if amount < 0 else words
