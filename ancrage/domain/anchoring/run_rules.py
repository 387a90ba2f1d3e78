"""Rules that tell a signal from noise. Each is a pure function of one phase and names the points it flags (indices within the phase)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from ancrage.domain.anchoring.limits import Limits

Found = frozenset[int]
Finder = Callable[[Sequence[float], Limits], Found]


class Rule(StrEnum):
    """In the words of the pages; a profile says how many points each needs."""

    OUTSIDE = "outside"
    TREND = "trend"
    TWO_IN_THREE = "two_in_three"
    RUN = "run"
    FOUR_IN_FIVE = "four_in_five"
    THREE_IN_FOUR = "three_in_four"
    ALTERNATING = "alternating"
    HUGGING = "hugging"
    SHUNNING = "shunning"
    RANGE = "range"
    LONG_RUN = "long_run"
    FEW_CROSSINGS = "few_crossings"


def outside(values: Sequence[float], limits: Limits) -> Found:
    """Strictly beyond a natural limit."""
    return frozenset(index for index, value in enumerate(values) if limits.beyond(index, value, 3))


def _windows(size: int, length: int) -> Iterator[range]:
    return (range(end - length + 1, end + 1) for end in range(length - 1, size))


def _flagged(window: range, whole: bool) -> Sequence[int]:
    return window if whole else window[-1:]


def run_of(length: int, *, whole: bool) -> Finder:
    """`length` consecutive points strictly on one side of the centre; a point on it breaks the run. `whole` flags all of them,
    otherwise the one that completes it and every later one."""

    def find(values: Sequence[float], limits: Limits) -> Found:
        sides = [limits.beyond(index, value, 0) for index, value in enumerate(values)]
        found = (window for window in _windows(len(sides), length) if abs(sum(sides[window.start : window.stop])) == length)
        return frozenset(index for window in found for index in _flagged(window, whole))

    return find


def trend_of(length: int, *, whole: bool) -> Finder:
    """`length` points each strictly above, or each strictly below, the one before; equal neighbours break it."""

    def find(values: Sequence[float], _limits: Limits) -> Found:
        steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(values)]
        found = (window for window in _windows(len(values), length) if abs(sum(steps[window.start : window.stop - 1])) == length - 1)
        return frozenset(index for window in found for index in _flagged(window, whole))

    return find


def alternating(length: int) -> Finder:
    """`length` points going up and down in turn."""

    def find(values: Sequence[float], _limits: Limits) -> Found:
        steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(values)]
        turns = [earlier * later == -1 for earlier, later in pairwise(steps)]
        return frozenset(window[-1] for window in _windows(len(values), length) if all(turns[window.start : window.stop - 2]))

    return find


def share_beyond(needed: int, of: int, sigmas: float) -> Finder:
    """`needed` of `of` consecutive points strictly beyond `sigmas` on one side, the others anywhere; flags the point that completes it,
    which is itself beyond."""

    def find(values: Sequence[float], limits: Limits) -> Found:
        sides = [limits.beyond(index, value, sigmas) for index, value in enumerate(values)]
        found = (window for window in _windows(len(sides), of) if sides[window[-1]])
        return frozenset(window[-1] for window in found if sides[window.start : window.stop].count(sides[window[-1]]) >= needed)

    return find


def two_in_three_close(values: Sequence[float], limits: Limits) -> Found:
    """NHS: any three consecutive points on one side of the centre, at least two of them strictly beyond two thirds of the distance
    to the limit and not outside it; flags only those that are."""
    sides = [limits.beyond(index, value, 0) for index, value in enumerate(values)]
    close = [bool(limits.beyond(index, value, 2)) and not limits.beyond(index, value, 3) for index, value in enumerate(values)]
    found = (
        window
        for window in _windows(len(sides), 3)
        if sum(close[window.start : window.stop]) >= 2 and abs(sum(sides[window.start : window.stop])) == 3
    )
    return frozenset(index for window in found for index in window if close[index])


def hugging(length: int, sigmas: float) -> Finder:
    """`length` points within `sigmas` of the centre: too good to be true."""

    def find(values: Sequence[float], limits: Limits) -> Found:
        if limits.reach is None or not any(limits.reach):
            return frozenset()
        near = [not limits.beyond(index, value, sigmas) for index, value in enumerate(values)]
        return frozenset(window[-1] for window in _windows(len(near), length) if all(near[window.start : window.stop]))

    return find


def shunning(length: int, sigmas: float) -> Finder:
    """`length` points all beyond `sigmas`, both sides present: two streams in one chart."""

    def find(values: Sequence[float], limits: Limits) -> Found:
        sides = [limits.beyond(index, value, sigmas) for index, value in enumerate(values)]
        found = (window for window in _windows(len(sides), length) if set(sides[window.start : window.stop]) == {1, -1})
        return frozenset(window[-1] for window in found)

    return find


def range_outside(factor: float) -> Finder:
    """The later of two neighbours whose moving range is strictly beyond `factor` times the mean range."""

    def find(values: Sequence[float], limits: Limits) -> Found:
        if limits.mean_range is None:
            return frozenset()
        most = factor * limits.mean_range
        large = (index for index, (earlier, later) in enumerate(pairwise(values), start=1) if abs(later - earlier) > most)
        return frozenset(index for index in large if index not in limits.after_gap)

    return find
