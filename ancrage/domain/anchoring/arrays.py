"""XmR and run charts of many series at once: the limits and flags that `draw_chart` gives for each, to the last bit.

The only module of anchoring that knows numpy; imported where it is used. Series lie in rows, time runs along columns, NaN is a missing
reading. Inside, each row holds its valid readings packed to the left, because rules skip what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ancrage.domain.anchoring.limits import ChartKind
from ancrage.domain.anchoring.profiles import PROFILES, RANGE_LIMIT, Profile, fewest_crossings_allowed, longest_run_allowed
from ancrage.domain.anchoring.run_rules import Rule
from ancrage.errors import NotFound
from ancrage.language import say

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint16]
Mask = npt.NDArray[np.bool_]
Sides = npt.NDArray[np.int8]
TOGETHER = 160
"""Series looked at together: a third of a megabyte of 260 readings, which stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class ChartArrays:
    """Charts of one phase each. `centre`, `reach` and `mean_range`, one per series: the limits are centre +- reach; NaN where there is
    nothing to judge by. `flags`, of (series, time): bit n stands for the n-th of `rules`, in order of precedence. `sides`, of the same
    shape: 1 above, -1 below, 0 on the centre or missing."""

    profile: str
    kind: ChartKind
    rules: tuple[Rule, ...]
    centre: Floats
    reach: Floats
    mean_range: Floats
    flags: Flags
    sides: Sides

    def rules_at(self, series: int, time: int) -> tuple[Rule, ...]:
        """The rules that flag one point."""
        bits = int(self.flags[series, time])
        return tuple(rule for place, rule in enumerate(self.rules) if bits >> place & 1)


def draw_charts(readings: Floats, profile: str = "nhs", *, first: int | None = None) -> ChartArrays:
    """The charts of all series by one profile: run charts for `anhoej`, XmR for the others.

    `first` takes the limits from the first n valid points of each. NotFound for an unknown profile.
    """
    if profile not in PROFILES:
        raise NotFound(say("there is no profile {name}; known: {known}", name=profile, known=", ".join(PROFILES)))
    rules, finders = PROFILES[profile], FINDERS[profile]
    kind = ChartKind.RUN if profile == "anhoej" else ChartKind.XMR
    series = len(readings)
    drawn = ChartArrays(
        profile, kind, tuple(rules.rules), np.full(series, np.nan), np.full(series, np.nan), np.full(series, np.nan),
        np.zeros(readings.shape, np.uint16), np.zeros(readings.shape, np.int8),
    )  # fmt: skip
    for start in range(0, series, TOGETHER):
        part = slice(start, start + TOGETHER)
        block, packing = _block(np.asarray(readings[part], np.float64), rules, kind, first)
        drawn.centre[part], drawn.reach[part], drawn.mean_range[part] = block.centre, block.reach, block.mean_range
        flags = np.zeros(block.values.shape, np.uint16)
        for bit, rule in enumerate(rules.rules):
            flags |= finders[rule](block).astype(np.uint16) << np.uint16(bit)
        packing.unpack(flags, drawn.flags[part])
        packing.unpack(block.sides(0), drawn.sides[part])
    return drawn


@dataclass(frozen=True)
class Block:
    """Some series, packed: `values` of (series, time) with NaN after the last reading, limits of (series,), and `neighbours`: whether
    a reading follows the one before it without a gap."""

    values: Floats
    neighbours: Mask
    centre: Floats
    reach: Floats
    mean_range: Floats

    @cached_property
    def valid(self) -> Mask:
        return ~np.isnan(self.values)

    @cached_property
    def _known_sides(self) -> dict[float, Sides]:
        return {}

    def sides(self, sigmas: float) -> Sides:
        """`Limits.beyond` of every reading; 0 where there is none."""
        if sigmas not in self._known_sides:
            distance = self.reach * sigmas / 3 if sigmas else np.zeros_like(self.reach)
            above = self.values > (self.centre + distance)[:, None]
            below = self.values < (self.centre - distance)[:, None]
            self._known_sides[sigmas] = above.view(np.int8) - below.view(np.int8)
        return self._known_sides[sigmas]

    @cached_property
    def steps(self) -> tuple[Mask, Mask]:
        """Where a reading is strictly above, or strictly below, the one before; the first is neither."""
        up, down = np.zeros(self.values.shape, np.bool_), np.zeros(self.values.shape, np.bool_)
        np.greater(self.values[:, 1:], self.values[:, :-1], out=up[:, 1:])
        np.less(self.values[:, 1:], self.values[:, :-1], out=down[:, 1:])
        return up, down

    @cached_property
    def useful(self) -> npt.NDArray[np.int64]:
        """How many readings of each series are not on the centre."""
        counts: npt.NDArray[np.int64] = np.count_nonzero(self.sides(0), axis=1)
        return counts

    @cached_property
    def crossings(self) -> Mask:
        """Where a useful reading lies on the other side than the useful one before; packed, of (series, time)."""
        sides = self.sides(0)
        useful = np.zeros(sides.shape, np.int8)
        useful[np.arange(sides.shape[1]) < self.useful[:, None]] = sides[sides != 0]
        crossed = np.zeros(sides.shape, np.bool_)
        crossed[:, 1:] = useful[:, 1:] * useful[:, :-1] == -1
        return crossed

    @cached_property
    def longest_run(self) -> npt.NDArray[np.int16]:
        """Of each series, the most useful readings in a row on one side."""
        columns = np.arange(self.values.shape[1], dtype=np.int16)
        began = np.maximum.accumulate(np.where(self.crossings, columns, np.int16(0)), axis=1)  # the column of each run's first reading
        lengths = np.where(columns < self.useful[:, None], columns - began + np.int16(1), np.int16(0))
        longest: npt.NDArray[np.int16] = lengths.max(axis=1, initial=0)
        return longest


Finder = Callable[[Block], Mask]


class _Packing:
    """Where the valid readings of some series lie in time, and where once they are packed to the left."""

    def __init__(self, readings: Floats) -> None:
        self._there = ~np.isnan(readings)
        self.whole = bool(self._there.all())
        # Row by row, the valid readings and the left ends of the packed rows come in the same order.
        self._left: Mask = np.arange(readings.shape[1]) < np.count_nonzero(self._there, axis=1)[:, None]

    def pack(self, values: npt.NDArray[Any], filler: float) -> npt.NDArray[Any]:
        if self.whole:
            return values
        packed = np.full(self._there.shape, filler, values.dtype)
        packed[self._left] = values[self._there]
        return packed

    def unpack(self, packed: npt.NDArray[Any], target: npt.NDArray[Any]) -> None:
        if self.whole:
            target[...] = packed
        else:
            target[self._there] = packed[self._left]

    def neighbours(self) -> Mask:
        """Of the packed readings: whether one follows the reading before it without a gap."""
        follows: Mask = self._there.copy()
        follows[:, 1:] &= self._there[:, :-1]
        follows[:, :1] = False
        packed: Mask = self.pack(follows, False)
        return packed


def _block(readings: Floats, rules: Profile, kind: ChartKind, first: int | None) -> tuple[Block, _Packing]:
    """Series with their limits, packed."""
    packing = _Packing(readings)
    values, neighbours = packing.pack(readings, np.nan), packing.neighbours()
    based_on = values[:, :first]
    there = ~np.isnan(based_on)
    centre = _medians(based_on) if kind is ChartKind.RUN else exact_means(based_on, there)
    mean_range = np.full(len(values), np.nan)
    if kind is ChartKind.XMR:
        mean_range = _mean_ranges(based_on, neighbours[:, 1:first], rules.screen)
    reach = rules.factor * mean_range
    return Block(values, neighbours, centre, reach, mean_range), packing


def _mean_ranges(values: Floats, near: Mask, screen: float | None) -> Floats:
    """The mean moving range of each series; `near`, of (series, time - 1), says which differences are moving ranges."""
    ranges = np.diff(values, axis=1)
    np.abs(ranges, out=ranges)
    means = exact_means(ranges, near)
    if screen is None:
        return means
    kept = exact_means(ranges, near & (ranges < (screen * means)[:, None]))
    screened: Floats = np.where(np.isnan(kept), means, kept)  # constant: nothing is left, and that is kept
    return screened


def exact_means(values: Floats, there: Mask) -> Floats:
    """The mean of the entries of each row that are `there`, as `statistics.fmean` rounds it; NaN for a row without any.

    Each number is cut in two at one place for the whole row, so that the upper parts add up without any rounding and what the lower
    parts lose is far below the last digit of the sum (Rump, Ogita and Oishi, SIAM Journal on Scientific Computing 31, 2008).
    """
    counts = np.count_nonzero(there, axis=1)
    means: Floats = np.full(len(values), np.nan)
    if not values.shape[1]:
        return means
    kept = np.where(there, values, 0.0)
    largest = np.maximum(kept.max(axis=1), -kept.min(axis=1))
    room = values.shape[1].bit_length() + 1
    cut = np.ldexp(1.0, np.frexp(largest)[1] + room)[:, None]  # above the sum of all, however they add up
    upper = kept + cut
    upper -= cut
    kept -= upper  # the lower parts
    sums = upper.sum(axis=1) + kept.sum(axis=1)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means


def _medians(values: Floats) -> Floats:
    ranked = np.sort(values, axis=1)  # NaN last
    counts = np.count_nonzero(~np.isnan(ranked), axis=1)
    rows, most = np.arange(len(values)), np.maximum(counts, 1)
    lower, upper = ranked[rows, (most - 1) // 2], ranked[rows, most // 2]
    medians: Floats = np.where(lower == upper, lower, (lower + upper) / 2)
    return medians


def _all_of(mask: Mask, length: int) -> Mask:
    """True at the end of each stretch of `length` columns that are all true."""
    found, have = mask.copy(), 1
    while have < length:
        step = min(have, length - have)
        found[:, step:] &= found[:, :-step].copy()
        found[:, :step] = False
        have += step
    return found


def _back_over(ends: Mask, length: int) -> Mask:
    """True for the `length` columns that end at each true one."""
    found, have = ends.copy(), 1
    while have < length:
        step = min(have, length - have)
        found[:, :-step] |= found[:, step:].copy()
        have += step
    return found


def _count(mask: Mask, of: int) -> Sides:
    """How many of the last `of` columns are true, this one among them."""
    whole = mask.view(np.int8)
    count = whole.copy()
    for back in range(1, of):
        count[:, back:] += whole[:, :-back]
    return count


def _outside(block: Block) -> Mask:
    beyond: Mask = block.sides(3) != 0
    return beyond


def _run(block: Block, length: int, whole: bool) -> Mask:
    sides = block.sides(0)
    ends = _all_of(sides > 0, length) | _all_of(sides < 0, length)
    return _back_over(ends, length) if whole else ends


def _trend(block: Block, length: int, whole: bool) -> Mask:
    up, down = block.steps
    ends = _all_of(up, length - 1) | _all_of(down, length - 1)
    return _back_over(ends, length) if whole else ends


def _alternating(block: Block, length: int) -> Mask:
    up, down = block.steps
    turns = np.zeros(up.shape, np.bool_)
    turns[:, 1:] = (up[:, 1:] & down[:, :-1]) | (down[:, 1:] & up[:, :-1])
    return _all_of(turns, length - 2)


def _share_beyond(block: Block, needed: int, of: int, sigmas: float) -> Mask:
    sides = block.sides(sigmas)
    above, below = sides > 0, sides < 0
    found: Mask = (above & (_count(above, of) >= needed)) | (below & (_count(below, of) >= needed))
    found[:, : of - 1] = False
    return found


def _two_in_three_close(block: Block) -> Mask:
    close = (block.sides(2) != 0) & (block.sides(3) == 0)
    sides = block.sides(0)
    ends = (_all_of(sides > 0, 3) | _all_of(sides < 0, 3)) & (_count(close, 3) >= 2)
    found: Mask = _back_over(ends, 3) & close
    return found


def _hugging(block: Block, length: int, sigmas: float) -> Mask:
    judged = block.reach > 0  # NaN and 0 are not
    return _all_of((block.sides(sigmas) == 0) & block.valid & judged[:, None], length)


def _shunning(block: Block, length: int, sigmas: float) -> Mask:
    sides = block.sides(sigmas)
    found: Mask = _all_of(sides != 0, length) & ~_all_of(sides > 0, length) & ~_all_of(sides < 0, length)
    return found


def _range_outside(block: Block, factor: float) -> Mask:
    found = np.zeros(block.values.shape, np.bool_)
    most = (factor * block.mean_range)[:, None]
    found[:, 1:] = (np.abs(np.diff(block.values, axis=1)) > most) & block.neighbours[:, 1:]
    return found


def _long_run(block: Block) -> Mask:
    allowed = np.array([longest_run_allowed(count) for count in block.useful.tolist()])
    found: Mask = ((block.useful > 0) & (block.longest_run > allowed))[:, None] & block.valid
    return found


def _few_crossings(block: Block) -> Mask:
    fewest = np.array([fewest_crossings_allowed(count) for count in block.useful.tolist()])
    found: Mask = (np.count_nonzero(block.crossings, axis=1) < fewest)[:, None] & block.valid
    return found


FINDERS: Mapping[str, Mapping[Rule, Finder]] = {
    "nhs": {
        Rule.OUTSIDE: _outside, Rule.TREND: partial(_trend, length=7, whole=True), Rule.TWO_IN_THREE: _two_in_three_close,
        Rule.RUN: partial(_run, length=7, whole=True),
    },
    "western_electric": {
        Rule.OUTSIDE: _outside, Rule.TWO_IN_THREE: partial(_share_beyond, needed=2, of=3, sigmas=2),
        Rule.FOUR_IN_FIVE: partial(_share_beyond, needed=4, of=5, sigmas=1), Rule.RUN: partial(_run, length=8, whole=False),
    },
    "nelson": {
        Rule.OUTSIDE: _outside, Rule.RUN: partial(_run, length=9, whole=False), Rule.TREND: partial(_trend, length=6, whole=False),
        Rule.ALTERNATING: partial(_alternating, length=14), Rule.TWO_IN_THREE: partial(_share_beyond, needed=2, of=3, sigmas=2),
        Rule.FOUR_IN_FIVE: partial(_share_beyond, needed=4, of=5, sigmas=1), Rule.HUGGING: partial(_hugging, length=15, sigmas=1),
        Rule.SHUNNING: partial(_shunning, length=8, sigmas=1),
    },
    "wheeler": {
        Rule.OUTSIDE: _outside, Rule.RANGE: partial(_range_outside, factor=RANGE_LIMIT),
        Rule.THREE_IN_FOUR: partial(_share_beyond, needed=3, of=4, sigmas=1.5), Rule.RUN: partial(_run, length=8, whole=False),
    },
    "anhoej": {Rule.LONG_RUN: _long_run, Rule.FEW_CROSSINGS: _few_crossings},
}  # fmt: skip
"""The rules of `PROFILES` for a block. A test draws random series both ways, so that the two cannot drift apart."""

LONGEST_WINDOW = 15
"""Readings that a rule about single points looks back over, at most."""


class Watch:
    """The newest reading of every series, judged by limits that stay: the weekly tick, whatever the length of the history.

    Begins with charts and what was drawn on them. A profile that judges a phase as a whole (`anhoej`) cannot be watched: NotFound.
    """

    def __init__(self, charts: ChartArrays, readings: Floats) -> None:
        if charts.kind is ChartKind.RUN:
            known = ", ".join(name for name in PROFILES if name != "anhoej")
            raise NotFound(say("there is no profile {name}; known: {known}", name=charts.profile, known=known))
        self._charts = charts
        missing = np.isnan(readings)
        order = np.argsort(~missing, axis=1, kind="stable")[:, -LONGEST_WINDOW:]  # valid readings to the right, in order
        self._recent: Floats = np.full((len(readings), LONGEST_WINDOW), np.nan)
        self._recent[:, LONGEST_WINDOW - order.shape[1] :] = np.take_along_axis(readings, order, axis=1)
        self._follows: Mask = ~missing[:, -1] if readings.shape[1] else np.zeros(len(readings), np.bool_)

    def feed(self, newest: Floats) -> Flags:
        """The flags of one more reading of each series, of (series,); NaN where it is missing, and then without a flag."""
        valid = ~np.isnan(newest)
        shifted = np.concatenate([self._recent[:, 1:], newest[:, None]], axis=1)
        self._recent = np.where(valid[:, None], shifted, self._recent)
        neighbours = np.zeros(self._recent.shape, np.bool_)
        neighbours[:, -1] = self._follows & valid
        charts = self._charts
        block = Block(self._recent, neighbours, charts.centre, charts.reach, charts.mean_range)
        flags = np.zeros(len(newest), np.uint16)
        for bit, rule in enumerate(charts.rules):
            flags |= FINDERS[charts.profile][rule](block)[:, -1].astype(np.uint16) << np.uint16(bit)
        self._follows = valid
        return np.where(valid, flags, np.uint16(0))
