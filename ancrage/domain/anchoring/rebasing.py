"""Where a series changed its level: proposals for a new phase of a chart. A person decides, never the program (anchoring.md, Charts).

The cut is the best one there is for squared error with a price per phase: optimal partitioning (Jackson and others, IEEE Signal
Processing Letters 12, 2005), which PELT speeds up. The price is 3 sigma^2 ln n with sigma from the mean moving range, which a shift
inflates only once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from math import inf, log
from statistics import fmean

from ancrage.domain.anchoring.series import Point, until

SHORTEST = 2
"""Points of a phase: one point is an outlier, not a level."""
PRICE = 3.0
SIGMA_OF_RANGE = 1.128


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new phase that would begin on `day`; means are of the phases on both sides of it, counts of their points."""

    day: date
    before: float
    after: float
    points_before: int
    points_after: int


def propose_rebases(series: Sequence[Point], as_of: date, since: date | None = None) -> tuple[Proposal, ...]:
    """The phases that the readings up to `as_of` suggest, oldest first; empty for a steady or constant series.

    `since` is the first day of the phase that people last decided on: nothing before it is cut again. Missing points are left out.
    """
    known = [(point.day, value) for point in until(series, as_of) if (value := point.reading) is not None]
    known = [(day, value) for day, value in known if since is None or day >= since]
    values = [value for _, value in known]
    cuts = (0, *best_cuts(values), len(values))
    phases = [values[start:end] for start, end in pairwise(cuts)]
    return tuple(
        Proposal(known[cut][0], fmean(before), fmean(after), len(before), len(after))
        for cut, before, after in zip(cuts[1:-1], phases, phases[1:], strict=False)
    )


def best_cuts(values: Sequence[float]) -> tuple[int, ...]:
    """Indices at which phases begin, without 0, in the cheapest partition; of equally cheap ones the one with the later last cut."""
    count = len(values)
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    sigma = fmean(ranges) / SIGMA_OF_RANGE if ranges else 0.0
    if sigma == 0 or count < 2 * SHORTEST:
        return ()
    price = PRICE * sigma**2 * log(count)
    cost = _SquaredError(values)
    best, start_of_last = [0.0, *([inf] * count)], [0] * (count + 1)
    for end in range(SHORTEST, count + 1):
        starts = (start for start in range(end - SHORTEST + 1) if best[start] < inf)
        least, start = min(((best[start] + cost(start, end), start) for start in starts), key=lambda pair: (pair[0], -pair[1]))
        best[end], start_of_last[end] = least + price, start
    return _walk_back(start_of_last, count)


def _walk_back(start_of_last: Sequence[int], count: int) -> tuple[int, ...]:
    cuts: list[int] = []
    end = count
    while (start := start_of_last[end]) > 0:
        cuts.append(start)
        end = start
    return tuple(reversed(cuts))


class _SquaredError:
    """Sum of squared distances to the mean of values[start:end], from running sums."""

    def __init__(self, values: Sequence[float]) -> None:
        middle = fmean(values)  # running sums of small numbers lose less
        shifted = [value - middle for value in values]
        self._sums = [0.0, *accumulate(shifted)]
        self._squares = [0.0, *accumulate(value * value for value in shifted)]

    def __call__(self, start: int, end: int) -> float:
        total = self._sums[end] - self._sums[start]
        return max(0.0, self._squares[end] - self._squares[start] - total * total / (end - start))
