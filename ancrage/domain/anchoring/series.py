"""Readings of an indicator as points in time, and their orientation: up is always good inside the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ancrage.domain.indicators import Direction, ValueKind


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One reading. `value` is None where it is missing: a missing point is never zero. Proportions and counts may give
    `numerator` and `denominator` instead; a proportion without a denominator, or with 0, is missing."""

    day: date
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None

    @property
    def reading(self) -> float | None:
        """The figure on the chart: the value, or numerator by denominator; None where there is none."""
        if self.numerator is not None and self.denominator is not None:
            return self.numerator / self.denominator if self.denominator > 0 else None
        return self.value


@dataclass(frozen=True, slots=True)
class Sample:
    """One valid point, oriented so that up is good: `level` is the reading or its opposite. For a proportion with a denominator,
    `successes` of `trials` are the good cases of all; otherwise both are 0."""

    level: float
    successes: float = 0.0
    trials: float = 0.0
    day: date | None = None


def until(points: Iterable[Point], as_of: date) -> tuple[Point, ...]:
    """The points known at `as_of`, in order of time: the only door to the verdict, so that nothing looks ahead."""
    return tuple(sorted((point for point in points if point.day <= as_of), key=lambda point: point.day))


def oriented(points: Sequence[Point], direction: Direction, kind: ValueKind) -> tuple[Sample, ...]:
    """The valid points, in the order given, with up as good."""
    return tuple(sample for point in points if (sample := oriented_point(point, direction, kind)) is not None)


def oriented_point(point: Point, direction: Direction, kind: ValueKind) -> Sample | None:
    """The point with up as good, or None where it is missing."""
    reading = point.reading
    if reading is None:
        return None
    up = direction is Direction.INCREASE
    level = reading if up else -reading
    if kind is not ValueKind.PROPORTION or not point.denominator:
        return Sample(level, day=point.day)
    trials = point.denominator
    successes = reading * trials if point.numerator is None else point.numerator
    return Sample(level, successes if up else trials - successes, trials, point.day)


@dataclass(slots=True)
class Pool:
    """Joins neighbouring periods of a proportion until each holds `needed` expected cases of the rarer kind (anchoring.md, Volume).

    `rarer` is the expected share of the rarer kind, min(p, 1 - p). Periods are joined only while more than a quarter of those seen
    so far are too small; the decision at a period uses no later one, and no point spans the event.
    """

    rarer: float
    up: bool
    needed: float = 3.0
    seen: int = 0
    small: int = 0
    joined: int = 0
    """Periods that are not a point of their own."""
    _successes: float = 0.0
    _trials: float = 0.0

    @property
    def is_low(self) -> bool:
        """More than a quarter of the periods are too small."""
        return 4 * self.small > self.seen

    def of_baseline(self, samples: Sequence[Sample]) -> tuple[Sample, ...]:
        """The points before the event: all of them are known, so that their order does not decide whether they are joined."""
        for sample in samples:
            self._count(sample)
        points = tuple(point for sample in samples if (point := self._join(sample)) is not None)
        self._successes = self._trials = 0.0
        return points

    def feed(self, sample: Sample) -> Sample | None:
        """The point this period after the event completes, or None while cases are still being gathered."""
        self._count(sample)
        return self._join(sample)

    def _count(self, sample: Sample) -> None:
        self.seen += 1
        self.small += not self._is_enough(sample.trials)

    def _is_enough(self, trials: float) -> bool:
        # 15 x (1 - 0.8) is 2.9999999999999996: three cases are three cases.
        return trials * self.rarer >= self.needed - 1e-9

    def _join(self, sample: Sample) -> Sample | None:
        successes, trials = self._successes + sample.successes, self._trials + sample.trials
        if self.is_low and not self._is_enough(trials):
            self._successes, self._trials = successes, trials
            self.joined += 1
            return None
        self._successes = self._trials = 0.0
        if trials == sample.trials:
            return sample
        good = successes / trials
        return Sample(good if self.up else good - 1, successes, trials, sample.day)
