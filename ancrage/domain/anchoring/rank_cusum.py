"""A one-sided CUSUM of normal scores against a frozen reference: what steps 2 and 5 of the verdict listen with."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import sqrt

from ancrage.domain.anchoring.bounds import normal_quantile

SLACK = 0.5
"""Half a sigma: a change of one sigma is the one found soonest."""


@cache
def normal_scores(size: int) -> tuple[float, ...]:
    """The normal score of every possible rank against `size` values; entry 2 x below + equal, so that a tie counts one half."""
    return tuple(normal_quantile((double / 2 + 0.5) / (size + 1)) for double in range(2 * size + 1))


def alarm_limit(size: int) -> float:
    """h(m): the sum at which the alarm sounds; a small reference needs a higher one (anchoring.md, step 2)."""
    return 4.1 + 10.5 / size


class RankCusum:
    """Sums the ranks of new points against `reference`, upwards or downwards; 0 means nothing is under way.

    Only ranks count, so that units, offsets and the shape of the distribution change nothing. Order of the reference neither.
    """

    __slots__ = ("_reference", "_scores", "limit", "size", "sum")

    def __init__(self, reference: Iterable[float], *, upwards: bool, stretch: float = 1.0) -> None:
        self._reference = sorted(reference)
        self.size = size = len(self._reference)
        scores = normal_scores(size)
        self._scores = scores if upwards else tuple(-score for score in scores)
        self.limit = alarm_limit(size) * stretch
        self.sum = 0.0

    def score(self, level: float) -> float:
        """The normal score of one point, positive in the direction listened to."""
        return self._scores[bisect_left(self._reference, level) + bisect_right(self._reference, level)]

    def feed(self, level: float) -> bool:
        """Adds one point; True when the alarm sounds."""
        self.sum = max(0.0, self.sum + self.score(level) - SLACK)
        return self.sum > self.limit


def autocorrelation(levels: Sequence[float]) -> float:
    """Lag-one autocorrelation corrected for a short series, (m r1 + 1) / (m - 4) (step 6); 0 where all are alike or fewer than 6."""
    size = len(levels)
    if size < 6:
        return 0.0
    mean = sum(levels) / size
    deviations = [level - mean for level in levels]
    squares = sum(deviation * deviation for deviation in deviations)
    if squares <= 0:
        return 0.0
    neighbours = sum(one * other for one, other in pairwise(deviations))
    return (size * neighbours / squares + 1) / (size - 4)


def stretch_for(correlation: float) -> float:
    """What an autocorrelation multiplies the limit with: sqrt((1 + r) / (1 - r)), r between 0 and 0.9 (step 6)."""
    bounded = min(max(correlation, 0.0), 0.9)
    return sqrt((1 + bounded) / (1 - bounded))
