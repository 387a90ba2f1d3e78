"""Named rule sets of charts, as data. Results match the packages named in docs/reference/verdicts.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import comb, log2

from ancrage.domain.anchoring.limits import D2, Limits
from ancrage.domain.anchoring.run_rules import (
    Finder,
    Found,
    Rule,
    alternating,
    hugging,
    outside,
    range_outside,
    run_of,
    share_beyond,
    shunning,
    trend_of,
    two_in_three_close,
)

D2_OF_TABLES = 1.128
"""d2 as printed in tables, which qcc and qicharts2 use."""
RANGE_LIMIT = 3.267
"""Upper limit of the moving range, in mean ranges, as tables round it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Rules in order of precedence, what the mean range is multiplied with, and whether large ranges are screened out once."""

    name: str
    rules: Mapping[Rule, Finder]
    factor: float = 3 / D2
    screen: float | None = None


def crossings_and_runs(values: Sequence[float], limits: Limits) -> tuple[int, int, int]:
    """Useful points, longest run and crossings of the centre; points on the centre drop out (Anhoej)."""
    sides = [side for index, value in enumerate(values) if (side := limits.beyond(index, value, 0))]
    longest = current = 0
    crossings = 0
    for index, side in enumerate(sides):
        changed = index > 0 and side != sides[index - 1]
        crossings += changed
        current = 1 if changed else current + 1
        longest = max(longest, current)
    return len(sides), longest, crossings


def longest_run_allowed(useful: int) -> int:
    """round(log2 n) + 3 (Schilling 2012, as used by Anhoej)."""
    return round(log2(useful)) + 3 if useful else 0


@cache
def fewest_crossings_allowed(useful: int) -> int:
    """The 5% quantile of a binomial with n - 1 trials of one half."""
    trials = useful - 1
    if trials < 1:
        return 0
    reached = 0
    for crossings in range(trials + 1):
        reached += comb(trials, crossings)
        if 20 * reached >= 2**trials:
            return crossings
    return trials


def _long_run(values: Sequence[float], limits: Limits) -> Found:
    useful, longest, _ = crossings_and_runs(values, limits)
    return _all_of(values) if useful and longest > longest_run_allowed(useful) else frozenset()


def _few_crossings(values: Sequence[float], limits: Limits) -> Found:
    useful, _, crossings = crossings_and_runs(values, limits)
    return _all_of(values) if crossings < fewest_crossings_allowed(useful) else frozenset()


def _all_of(values: Sequence[float]) -> Found:
    # Anhoej's tests judge the phase as a whole: every point of it carries the signal.
    return frozenset(range(len(values)))


NHS = Profile(
    "nhs",
    {Rule.OUTSIDE: outside, Rule.TREND: trend_of(7, whole=True), Rule.TWO_IN_THREE: two_in_three_close, Rule.RUN: run_of(7, whole=True)},
    factor=2.66,
    screen=RANGE_LIMIT,
)
WESTERN_ELECTRIC = Profile(
    "western_electric",
    {
        Rule.OUTSIDE: outside,
        Rule.TWO_IN_THREE: share_beyond(2, 3, 2),
        Rule.FOUR_IN_FIVE: share_beyond(4, 5, 1),
        Rule.RUN: run_of(8, whole=False),
    },
    factor=3 / D2_OF_TABLES,
)
NELSON = Profile(
    "nelson",
    {
        Rule.OUTSIDE: outside,
        Rule.RUN: run_of(9, whole=False),
        Rule.TREND: trend_of(6, whole=False),
        Rule.ALTERNATING: alternating(14),
        Rule.TWO_IN_THREE: share_beyond(2, 3, 2),
        Rule.FOUR_IN_FIVE: share_beyond(4, 5, 1),
        Rule.HUGGING: hugging(15, 1),
        Rule.SHUNNING: shunning(8, 1),
    },
)
WHEELER = Profile(
    "wheeler",
    {
        Rule.OUTSIDE: outside,
        Rule.RANGE: range_outside(RANGE_LIMIT),
        Rule.THREE_IN_FOUR: share_beyond(3, 4, 1.5),
        Rule.RUN: run_of(8, whole=False),
    },
    factor=2.66,
)
ANHOEJ = Profile("anhoej", {Rule.LONG_RUN: _long_run, Rule.FEW_CROSSINGS: _few_crossings}, factor=3 / D2_OF_TABLES, screen=RANGE_LIMIT)
PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (NHS, WESTERN_ELECTRIC, NELSON, WHEELER, ANHOEJ)}
