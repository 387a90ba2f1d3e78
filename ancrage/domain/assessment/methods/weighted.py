"""Weighted, nested and mixed scores, and compliance shares (ASM-W1 to W4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ancrage.domain.assessment.methods.numbers import mean, total


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with its weight (0 or more)."""

    score: Fraction
    weight: Fraction = Fraction(1)


def weighted_average(items: Iterable[Scored]) -> Fraction | None:
    """sum(score x weight) / sum(weight) (ASM-W1); None where nothing is scored or nothing weighs anything (ASM-W2)."""
    scored = list(items)
    weight = total(item.weight for item in scored)
    return total(item.score * item.weight for item in scored) / weight if weight else None


def average_of_averages(sections: Iterable[Fraction | None]) -> Fraction | None:
    """Mean of the section averages (ASM-W1); sections without a score are left out."""
    return mean(section for section in sections if section is not None)


def share_of_range(score: Fraction, lowest: Fraction, highest: Fraction) -> Fraction:
    """A score as a share of its own range, so that different scales can be averaged (ASM-W3); the range is not empty."""
    return (score - lowest) / (highest - lowest)


def compliance_share(compliant: int, partial: int, non_compliant: int) -> Fraction | None:
    """(C + P/2) / (C + P + N) (ASM-W4); None where nothing was judged."""
    judged = compliant + partial + non_compliant
    return (compliant + Fraction(partial, 2)) / judged if judged else None
