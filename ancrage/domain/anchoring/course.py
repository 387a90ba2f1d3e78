"""The course of one indicator: its readings played through the life of the change, one period at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ancrage.domain.anchoring.lifecycle import DEFAULTS, Goal, Life, Parameters, State
from ancrage.domain.anchoring.series import Pool, Sample
from ancrage.domain.indicators import Direction, ValueKind


class Detail(StrEnum):
    """Why there is no verdict, or what kind of erosion it is."""

    NO_EVENT = "no_event"
    TOO_EARLY = "too_early"
    TOO_FEW_POINTS = "too_few_points"
    LOW_VOLUME = "low_volume"
    CONSTANT = "constant"
    STALE = "stale"
    REVERTED = "reverted"


class Caveat(StrEnum):
    """What a reader must know before relying on a verdict."""

    NO_BASELINE = "no_baseline"
    TRIAL_BASELINE = "trial_baseline"
    NO_TARGET = "no_target"
    AUTOCORRELATED = "autocorrelated"
    TIES = "ties"
    LOW_VOLUME = "low_volume"
    SEASONAL_UNCHECKED = "seasonal_unchecked"


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict at one point, without its explanation."""

    state: State
    detail: Detail | None
    target_met: bool | None
    caveats: tuple[Caveat, ...]


def goal_of(target: float | None, direction: Direction) -> Goal | None:
    """The target with up as good, for levels and for shares of good cases."""
    if target is None:
        return None
    return Goal(target, target) if direction is Direction.INCREASE else Goal(-target, 1 - target)


class Course:
    """Plays samples before, then after the event. `life` holds the change, `pool` the volume; read `standing` after any period."""

    def __init__(
        self,
        before: Sequence[Sample],
        *,
        target: float | None,
        direction: Direction,
        rules: Parameters = DEFAULTS,
        calendar_ends: date | None = None,
    ) -> None:
        goal = goal_of(target, direction)
        self.pool = _pool(before, goal, direction)
        points = self.pool.of_baseline(before) if self.pool else tuple(before)
        self.life = Life([point.level for point in points], goal, rules, calendar_ends)
        self.raw_baseline, self.raw_after = len(before), 0
        self._direction, self._goal = direction, goal
        self._fixed = _fixed_caveats(self.life)
        self._levels = {sample.level for sample in before}
        first = before[0].day if before else None
        self._first, self._last = first, before[-1].day if before else None

    def feed(self, sample: Sample) -> None:
        """Takes the valid reading of the next period after the event."""
        self.raw_after += 1
        if len(self._levels) < 2:
            self._levels.add(sample.level)
        self._first, self._last = self._first or sample.day, sample.day
        if self.pool is None and sample.trials > 0 and not self.raw_baseline:
            self.pool = _pool([sample], self._goal, self._direction)
        point = self.pool.feed(sample) if self.pool and sample.trials > 0 else sample
        if point is not None:
            self.life.feed(point)

    @property
    def is_constant(self) -> bool:
        """Every valid reading so far is the same figure."""
        return len(self._levels) < 2 and self.raw_baseline + self.raw_after > 1

    @property
    def standing(self) -> Standing:
        """State, detail and caveats after the readings fed so far (step 7 and the list of states)."""
        life = self.life
        state, detail = life.state, None
        if self.is_constant and self.raw_after >= life.rules.start_points:
            state, detail = State.INSUFFICIENT_DATA, Detail.CONSTANT
        elif state is State.INSUFFICIENT_DATA:
            detail = Detail.LOW_VOLUME if self.raw_after >= life.rules.start_points else Detail.TOO_FEW_POINTS
        elif life.is_reverted:
            detail = Detail.REVERTED
        return Standing(state, detail, life.target_met, self.caveats)

    @property
    def caveats(self) -> tuple[Caveat, ...]:
        """In a fixed order."""
        return tuple(self._caveats())

    def _caveats(self) -> Iterator[Caveat]:
        life = self.life
        yield from self._fixed
        if life.correlation > life.rules.autocorrelation:
            yield Caveat.AUTOCORRELATED
        if Caveat.TIES not in self._fixed and life.reference and has_ties(life.reference):
            yield Caveat.TIES
        if self.pool is not None and self.pool.is_low:
            yield Caveat.LOW_VOLUME
        if self._first is not None and self._last is not None and self._last - self._first < timedelta(days=700):
            # Less than two years: a season cannot be told from a change.
            yield Caveat.SEASONAL_UNCHECKED


def has_ties(levels: Sequence[float]) -> bool:
    """More than a quarter of the values repeat another one: ranks then tell less than they seem to."""
    return 4 * (len(levels) - len(set(levels))) > len(levels)


def _fixed_caveats(life: Life) -> tuple[Caveat, ...]:
    found = []
    if not life.has_baseline:
        found.append(Caveat.NO_BASELINE)
    elif len(life.baseline) < life.rules.full_baseline:
        found.append(Caveat.TRIAL_BASELINE)
    if life.goal is None:
        found.append(Caveat.NO_TARGET)
    if life.has_baseline and has_ties(life.baseline):
        found.append(Caveat.TIES)
    return tuple(found)


def _pool(samples: Sequence[Sample], goal: Goal | None, direction: Direction) -> Pool | None:
    """The volume rule for a proportion, at the share it is judged by: the target, or else the baseline; None for other kinds."""
    trials = sum(sample.trials for sample in samples)
    if trials <= 0:
        return None
    share = goal.share if goal else sum(sample.successes for sample in samples) / trials
    return Pool(rarer=min(share, 1 - share), up=direction is Direction.INCREASE)


def standings(
    before: Sequence[Sample], after: Sequence[Sample | None], *, target: float | None, direction: Direction, rules: Parameters = DEFAULTS
) -> Iterator[Standing]:
    """The verdict after each period following the event (None: a missing reading changes nothing), without dates or calendar."""
    course = Course(before, target=target, direction=direction, rules=rules)
    for sample in after:
        if sample is not None:
            course.feed(sample)
        yield course.standing


def oriented_pairs(
    numerators: Sequence[float | None], denominators: Sequence[float | None], direction: Direction, kind: ValueKind
) -> tuple[Sample | None, ...]:
    """Undated readings as samples with up as good; `denominators` may be empty. None stays None."""
    shares = denominators or [None] * len(numerators)
    return tuple(_undated(top, bottom, direction, kind) for top, bottom in zip(numerators, shares, strict=True))


def _undated(top: float | None, bottom: float | None, direction: Direction, kind: ValueKind) -> Sample | None:
    if top is None or (bottom is not None and bottom <= 0):
        return None
    reading = top if bottom is None else top / bottom
    up = direction is Direction.INCREASE
    if kind is not ValueKind.PROPORTION or bottom is None:
        return Sample(reading if up else -reading)
    return Sample(reading if up else -reading, top if up else bottom - top, bottom)
