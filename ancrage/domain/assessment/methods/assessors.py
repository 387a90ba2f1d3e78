"""Several assessors rate the criteria of an attribute; the choice of combination changes levels, so people agree (ASM-N1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ancrage.domain.assessment.methods.iso33020 import plain, rate_percent
from ancrage.domain.assessment.methods.numbers import mean

VALUES: Mapping[str, Fraction] = {"N": Fraction(0), "P": Fraction(325, 1000), "L": Fraction(675, 1000), "F": Fraction(1)}
"""Value of one criterion's rating (ASM-N1)."""

COMBINATIONS = ("mean", "min", "max")


def combine_values(values: Sequence[Fraction], how: str) -> Fraction:
    """One value of a criterion from those of its assessors; `values` are not empty."""
    if how == "min":
        return min(values)
    return max(values) if how == "max" else sum(values, Fraction(0)) / len(values)


def attribute_value(criteria: Sequence[Fraction]) -> Fraction | None:
    """Mean over criteria; None without any."""
    return mean(criteria)


def rate_value(value: Fraction) -> str:
    """N, P, L or F of a value between 0 and 1; a value on a limit belongs to the lower band (ASM-N1)."""
    return plain(rate_percent(value * 100))


def spread(values: Sequence[Fraction]) -> Fraction:
    """How far apart the assessors are, from 0 to 1: the consensus page starts with the widest."""
    return max(values) - min(values) if values else Fraction(0)
