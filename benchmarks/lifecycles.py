"""Simulated lives of an indicator: twelve points before a change, seventy-two after it, with what truly happened.

Levels are in standard deviations of the baseline, up is good, the target stands at 1.5. Families (scenarios x noises):

| scenario | level after the change | truth |
| --- | --- | --- |
| none | 0 | never adopted |
| partial | 0.75, half way to the target | never adopted |
| surge6, surge9 | 3 for 6 (9) points, back to 0 in a straight line over 6 | never anchored |
| sustained1.5 | 3, that is 1.5 beyond the target | adopted at once, never eroding |
| erode1.5 | 3, from point 37 on 1.5: on the target | eroding from point 37 |
| erode1.5above | 4.5, from point 37 on 3: the target is still met | eroding from point 37 |
| erode2 | 3, from point 37 on 1: the target is missed | eroding from point 37 |

| noise | what |
| --- | --- |
| normal | independent normal |
| skew | lognormal of sigma 0.5, standardised, its long tail on the bad side |
| heavy | Student's t with 5 degrees of freedom, standardised |
| prop20 | binomial of Poisson(20) cases, at least 5; shares 0.40 before, 0.75 target, and the same scale of levels (see `SHARES`) |
| ar0.3 | normal, first-order autoregressive with coefficient 0.3, standardised |

Half of the series are turned upside down (direction decrease), and each gets a scale and an offset of its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import exp, sqrt

from ancrage.domain.indicators import Direction, ValueKind

BASELINE, AFTER, EROSION_FROM = 12, 72, 37
TARGET = 1.5
SCENARIOS = ("none", "partial", "surge6", "surge9", "sustained1.5", "erode1.5", "erode1.5above", "erode2")
NOISES = ("normal", "skew", "heavy", "prop20", "ar0.3")
SHARES = {0.0: 0.40, 0.75: 0.575, 1.0: 0.66, 1.5: 0.75, 3.0: 0.88, 4.5: 0.965}
"""Share of good cases at each level for prop20; levels between are interpolated."""


@dataclass(frozen=True, slots=True)
class Series:
    """One simulated indicator: raw readings (numerators where `denominators` is not empty) as a file would give them."""

    scenario: str
    noise: str
    direction: Direction
    kind: ValueKind
    target: float
    values: tuple[float, ...]
    denominators: tuple[float, ...]


def level_at(scenario: str, point: int, erosion_from: int = EROSION_FROM) -> float:
    """The true level at `point` after the change (from 1)."""
    if scenario.startswith("surge"):
        good = int(scenario.removeprefix("surge"))
        return 3.0 * min(1.0, max(0.0, 1 - (point - good) / 6))
    before, after = {
        "none": (0.0, 0.0), "partial": (0.75, 0.75), "sustained1.5": (3.0, 3.0),
        "erode1.5": (3.0, 1.5), "erode1.5above": (4.5, 3.0), "erode2": (3.0, 1.0),
    }[scenario]  # fmt: skip
    return before if point < erosion_from else after


def noise_of(noise: str, dice: random.Random) -> Iterator[float]:
    """Deviations of mean 0 and standard deviation 1, up is good, without end."""
    last = dice.gauss(0, 1)
    while True:
        if noise == "skew":
            mean, square = exp(0.125), exp(0.25)
            yield -(exp(dice.gauss(0, 0.5)) - mean) / sqrt(square * (square - 1))
        elif noise == "heavy":
            yield dice.gauss(0, 1) / sqrt(dice.gammavariate(2.5, 2) / 5) * sqrt(3 / 5)
        elif noise == "ar0.3":
            last = 0.3 * last + sqrt(1 - 0.09) * dice.gauss(0, 1)
            yield last
        else:
            yield dice.gauss(0, 1)


def share_at(level: float) -> float:
    """The share of good cases at a level, by straight lines between the points of `SHARES`."""
    points = sorted(SHARES.items())
    for (low, share), (high, other) in pairwise(points):
        if level <= high:
            return share + (other - share) * (level - low) / (high - low)
    return points[-1][1]


def simulate(scenario: str, noise: str, dice: random.Random, erosion_from: int = EROSION_FROM) -> Series:
    """One life of an indicator."""
    up = dice.random() < 0.5
    direction = Direction.INCREASE if up else Direction.DECREASE
    levels = [0.0] * BASELINE + [level_at(scenario, point, erosion_from) for point in range(1, AFTER + 1)]
    if noise == "prop20":
        cases = [max(5, _poisson(20, dice)) for _ in levels]
        good = [sum(dice.random() < share_at(level) for _ in range(size)) for level, size in zip(levels, cases, strict=True)]
        counted = good if up else [size - hits for hits, size in zip(good, cases, strict=True)]
        target = share_at(TARGET) if up else 1 - share_at(TARGET)
        return Series(scenario, noise, direction, ValueKind.PROPORTION, target, tuple(map(float, counted)), tuple(map(float, cases)))
    scale, offset = dice.choice((0.02, 1.0, 7.5, 40.0)), dice.choice((0.0, 10.0, 75.0, 1500.0))
    sign = scale if up else -scale
    drawn = zip(levels, noise_of(noise, dice), strict=False)
    values = tuple(offset + sign * (level + deviation) for level, deviation in drawn)
    return Series(scenario, noise, direction, ValueKind.VALUE, offset + sign * TARGET, values, ())


def _poisson(mean: float, dice: random.Random) -> int:
    limit, product, count = exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count


def simulate_all(per_family: int, seed: int) -> Iterator[Series]:
    """`per_family` series of each of the forty families, always the same for a seed."""
    for scenario in SCENARIOS:
        for noise in NOISES:
            dice = random.Random(f"{seed}:{scenario}:{noise}")
            for _ in range(per_family):
                yield simulate(scenario, noise, dice)
