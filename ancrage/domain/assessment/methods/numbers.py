"""Exact arithmetic of the methods: fractions, because 0.1 + 0.2 on a limit would change a level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor, fsum

HALF_UP = "half_up"
HALF_DOWN = "half_down"
ROUNDINGS = (HALF_UP, HALF_DOWN)
LOWER = "lower"
UPPER = "upper"
MEDIANS = (LOWER, UPPER)


MOST_BITS = 20_000
"""Beyond this size of common denominator, thousands of unlike fractions would take minutes to add for digits nobody can read."""


def total(values: Iterable[Fraction]) -> Fraction:
    """The sum, exact; only sums of thousands of unlike denominators are rounded, once, to the nearest double."""
    numerators: dict[int, int] = {}
    for value in values:
        numerators[value.denominator] = numerators.get(value.denominator, 0) + value.numerator
    if sum(denominator.bit_length() for denominator in numerators) > MOST_BITS:
        return Fraction(fsum(numerator / denominator for denominator, numerator in numerators.items()))
    return sum((Fraction(numerator, denominator) for denominator, numerator in numerators.items()), Fraction(0))


def mean(values: Iterable[Fraction]) -> Fraction | None:
    """The mean, or None where there is nothing to compute from (no score is never 0)."""
    numbers = list(values)
    return total(numbers) / len(numbers) if numbers else None


def median(values: Sequence[Fraction], which: str = LOWER) -> Fraction:
    """The middle value; of two middle ones the lower or the upper, never their mean, which may be no value of the scale (ASM-I5)."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if which == LOWER else ordered[len(ordered) // 2]


def round_half(value: Fraction, which: str = HALF_UP) -> int:
    """The nearest whole number; exactly half way goes up or down (ASM-I5)."""
    return floor(value + Fraction(1, 2)) if which == HALF_UP else ceil(value - Fraction(1, 2))
