"""Confidence bounds without a statistics library: Student's t quantile, mean and proportion bounds."""

from __future__ import annotations

from functools import cache
from math import atan, cos, exp, lgamma, log, log1p, pi, sin, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
_LARGE = 500
"""Degrees of freedom beyond which the expansion around the normal quantile is exact to 1e-12."""


@cache
def normal_quantile(share: float) -> float:
    """The standard normal value below which `share` (strictly between 0 and 1) of the distribution lies."""
    return _NORMAL.inv_cdf(share)


def t_distribution(value: float, freedom: int) -> float:
    """Student's cumulative distribution at `value`, for whole degrees of freedom >= 1.

    Finite trigonometric sums of Abramowitz and Stegun, 26.7.3 (odd) and 26.7.4 (even): exact, no continued fraction to tune.
    """
    angle = atan(value / sqrt(freedom))
    cosine, square = cos(angle), cos(angle) ** 2
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(2 + odd, freedom - 1, 2):
        term *= square * (step - 1) / step
        total += term
    inner = 2.0 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total
    return 0.5 + 0.5 * inner


def _t_density(value: float, freedom: int) -> float:
    half = (freedom + 1) / 2
    return exp(lgamma(half) - lgamma(freedom / 2) - 0.5 * log(freedom * pi) - half * log1p(value * value / freedom))


def _expanded_t(normal: float, freedom: int) -> float:
    # Abramowitz and Stegun 26.7.5: the t quantile around the normal one.
    x, square = normal, normal * normal
    first = x * (square + 1) / 4
    second = x * ((5 * square + 16) * square + 3) / 96
    third = x * (((3 * square + 19) * square + 17) * square - 15) / 384
    fourth = x * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160
    return x + (first + (second + (third + fourth / freedom) / freedom) / freedom) / freedom


@cache
def t_quantile(share: float, freedom: int) -> float:
    """Student's t value below which `share` of the distribution lies (0 < share < 1, freedom >= 1), to about 1e-12 relative."""
    if share < 0.5:
        return -t_quantile(1 - share, freedom)
    if freedom > _LARGE:
        return _expanded_t(normal_quantile(share), freedom)
    low, high = 0.0, 2.0
    while t_distribution(high, freedom) < share:
        low, high = high, high * 4
    value = (low + high) / 2
    for _ in range(100):
        gap = t_distribution(value, freedom) - share
        low, high = (low, value) if gap > 0 else (value, high)
        newton = value - gap / _t_density(value, freedom)
        following = newton if low < newton < high else (low + high) / 2
        if abs(following - value) <= 1e-14 * max(1.0, abs(value)):
            return following
        value = following
    return value


def mean_lower_bound(count: int, mean: float, squares: float, confidence: float) -> float:
    """One-sided lower bound of a mean from `count` >= 2 values whose squared deviations sum to `squares`."""
    spread = sqrt(squares / (count - 1) / count)
    return mean - t_quantile(confidence, count - 1) * spread


def wilson_lower_bound(successes: float, trials: float, confidence: float) -> float:
    """One-sided Wilson lower bound of a proportion; `trials` > 0."""
    if successes <= 0:
        return 0.0
    z = normal_quantile(confidence)
    share, square = successes / trials, z * z
    centre = share + square / (2 * trials)
    reach = z * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    return (centre - reach) / (1 + square / trials)
