"""Centre and natural limits of one phase of a chart: XmR, run, P, U, C and Laney's prime charts. Nothing is rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import pi, sqrt
from statistics import fmean, median

from ancrage.errors import Refused
from ancrage.language import say

D2 = 2 / sqrt(pi)
"""Expected range of two normal values, in sigmas: 1.128379."""


class ChartKind(StrEnum):
    """What a point is: a value (XmR, run), a share (P), a rate per opportunity (U), a count (C); prime charts allow for more spread than
    chance gives."""

    XMR = "xmr"
    RUN = "run"
    P = "p"
    U = "u"
    C = "c"
    P_PRIME = "p_prime"
    U_PRIME = "u_prime"


@dataclass(frozen=True, slots=True)
class Reading:
    """One valid point of a chart, and where it lies in the series (0-based, missing ones counted). `size` is the denominator."""

    place: int
    value: float
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre and the distance to its natural limits, per reading of the phase; `reach` is None where there is nothing to judge by."""

    centre: float
    reach: tuple[float, ...] | None
    mean_range: float | None = None
    after_gap: frozenset[int] = frozenset()
    """Indices of readings whose neighbour before is missing."""

    def beyond(self, index: int, value: float, sigmas: float) -> int:
        """1 strictly above centre + sigmas, -1 strictly below centre - sigmas, otherwise 0. At 0 sigmas: the side of the centre."""
        distance = 0.0 if self.reach is None or not sigmas else self.reach[index] * sigmas / 3
        if sigmas and self.reach is None:
            return 0
        return (value > self.centre + distance) - (value < self.centre - distance)

    def upper(self, index: int) -> float | None:
        return None if self.reach is None else self.centre + self.reach[index]

    def lower(self, index: int) -> float | None:
        return None if self.reach is None else self.centre - self.reach[index]


def moving_ranges(readings: Sequence[Reading]) -> list[float]:
    """Distances between neighbours; a range across a missing point is not a moving range."""
    pairs = pairwise(readings)
    return [abs(later.value - earlier.value) for earlier, later in pairs if later.place == earlier.place + 1]


def mean_range(ranges: Sequence[float], screen: float | None) -> float | None:
    """The mean moving range; with `screen`, of those strictly below `screen` times it, in one pass. None without a range.

    A constant series has ranges of 0 that no screening leaves: they are kept, because constant is a state and not a missing value.
    """
    if not ranges:
        return None
    first = fmean(ranges)
    if screen is None:
        return first
    kept = [each for each in ranges if each < screen * first]
    return fmean(kept) if kept else first


def determine_limits(
    kind: ChartKind, readings: Sequence[Reading], based_on: Sequence[Reading], factor: float, screen: float | None
) -> Limits:
    """The limits of `readings`, computed from `based_on` of them (all, or the first n of the phase; at least one).

    `factor` is what the mean moving range is multiplied with (3/d2, or 2.66 where a profile rounds).
    """
    values = [reading.value for reading in based_on]
    gaps = frozenset(index for index, (one, other) in enumerate(pairwise(readings), start=1) if other.place > one.place + 1)
    if kind is ChartKind.RUN:
        return Limits(median(values), None, after_gap=gaps)
    if kind is ChartKind.XMR:
        ranges = mean_range(moving_ranges(based_on), screen)
        reach = None if ranges is None else (factor * ranges,) * len(readings)
        return Limits(fmean(values), reach, ranges, gaps)
    if kind is ChartKind.C:
        centre = fmean(values)
        return Limits(centre, (3 * sqrt(centre),) * len(readings))
    return _by_size(kind, readings, based_on)


def _by_size(kind: ChartKind, readings: Sequence[Reading], based_on: Sequence[Reading]) -> Limits:
    """P: sqrt(p(1-p)/n); U: sqrt(u/n); prime: times Laney's sigma of the standardised points."""
    total = sum(reading.size for reading in based_on)
    centre = sum(reading.value * reading.size for reading in based_on) / total
    shares = kind in (ChartKind.P, ChartKind.P_PRIME)
    if shares and not 0 <= centre <= 1:
        raise Refused("not_a_share", say("a P chart needs shares between 0 and 1; the mean is {mean}", mean=centre))
    spread = centre * (1 - centre) if shares else centre
    laney = 1.0
    if kind in (ChartKind.P_PRIME, ChartKind.U_PRIME):
        laney = _laney(centre, spread, based_on)
    return Limits(centre, tuple(3 * sqrt(spread / reading.size) * laney for reading in readings))


def _laney(centre: float, spread: float, readings: Sequence[Reading]) -> float:
    """Laney's sigma z: the mean moving range of the standardised points by 1.128 (Quality Engineering 14, 2002)."""
    if spread <= 0:
        return 1.0
    standard = [Reading(each.place, (each.value - centre) / sqrt(spread / each.size)) for each in readings]
    ranges = moving_ranges(standard)
    return fmean(ranges) / 1.128 if ranges else 1.0
