"""The life of a change, point by point: steps 1 to 7 of the verdict as a state machine that never looks ahead (anchoring.md).

| from | to | when |
| --- | --- | --- |
| not started | emerging | the rank CUSUM upwards against the baseline sounds (step 2) |
| emerging | not started | that sum is back at 0 |
| emerging | adopted | 8 points since the change and the bound of their mean reaches the target (step 3) |
| adopted | anchored | a reference of 12 points, 8 more at target without an erosion alarm, calendar time over (step 4) |
| adopted, anchored | eroding | the rank CUSUM downwards against the reference sounds (step 5) |
| eroding | adopted | a rise against the eroded level, then step 3 again; or a recorded decision to accept the new level |
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import fsum

from ancrage.domain.anchoring.bounds import mean_lower_bound, wilson_lower_bound
from ancrage.domain.anchoring.rank_cusum import RankCusum, autocorrelation, stretch_for
from ancrage.domain.anchoring.series import Sample


class State(StrEnum):
    """Has it stuck? The answer in one word."""

    INSUFFICIENT_DATA = "insufficient_data"
    NOT_STARTED = "not_started"
    EMERGING = "emerging"
    ADOPTED = "adopted"
    ANCHORED = "anchored"
    ERODING = "eroding"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a policy may set; the defaults are those of anchoring.md, and their error rates are measured in docs/reference/verdicts.md."""

    minimum_baseline: int = 6
    full_baseline: int = 12
    start_points: int = 8
    adoption_points: int = 8
    reference_points: int = 12
    largest_reference: int = 36
    holding_points: int = 8
    confidence: float = 0.9
    autocorrelation: float = 0.3
    """Above this a caveat is given."""
    tolerated_autocorrelation: float = 0.1
    """What lies above this raises the erosion limit, once 20 points are behind it."""
    months_after_support: int = 6


DEFAULTS = Parameters()


@dataclass(frozen=True, slots=True)
class Goal:
    """The target with up as good: on the scale of levels, and as a share of good cases for proportions."""

    level: float
    share: float


class Tally:
    """Running sums of the points since a change: deviations from the target, and pooled cases where the reading is a proportion."""

    __slots__ = ("_goal", "_mean", "_squares", "count", "levels", "since", "successes", "trials")

    def __init__(self, goal: Goal | None) -> None:
        self._goal = goal
        self.clear()

    def clear(self) -> None:
        self.count = 0
        self.since: date | None = None
        self.levels: list[float] = []
        self._mean = self._squares = self.successes = self.trials = 0.0

    def add(self, sample: Sample) -> None:
        if not self.count:
            self.since = sample.day
        self.count += 1
        self.levels.append(sample.level)
        self.successes += sample.successes
        self.trials += sample.trials
        # Deviations from the target, not levels: a series that stands exactly on its target then meets it exactly.
        deviation = sample.level - (self._goal.level if self._goal else 0.0)
        step = deviation - self._mean
        self._mean += step / self.count
        self._squares += step * (deviation - self._mean)

    def margin(self, confidence: float) -> float | None:
        """How far the lower bound of the mean lies above the target; None without a target or with fewer than two points."""
        if self._goal is None or self.count < 2:
            return None
        if self.trials > 0:
            return wilson_lower_bound(self.successes, self.trials, confidence) - self._goal.share
        return mean_lower_bound(self.count, self._mean, self._squares, confidence)

    @property
    def mean(self) -> float:
        return self._mean + (self._goal.level if self._goal else 0.0)


@dataclass(slots=True)
class Life:
    """Where the change stands after the points fed so far. `baseline` are oriented levels before the event, possibly none."""

    baseline: Sequence[float]
    goal: Goal | None
    rules: Parameters = DEFAULTS
    calendar_ends: date | None = None
    """First day on which `anchored` may be said; None leaves the calendar condition out."""
    state: State = State.INSUFFICIENT_DATA
    after: int = 0
    recent: deque[Sample] = field(default_factory=lambda: deque(maxlen=8))
    since: Tally = field(init=False)
    rise: RankCusum | None = None
    fall: RankCusum | None = None
    slide: list[Sample] = field(default_factory=list)
    """The points since the fall began (its sum was last 0); once eroding, those of the eroded level."""
    risen: bool = False
    held: int = 0
    reference: tuple[float, ...] = ()
    correlation: float = 0.0
    emerged_on: date | None = None
    adopted_on: date | None = None
    anchored_on: date | None = None
    eroding_on: date | None = None

    def __post_init__(self) -> None:
        self.since = Tally(self.goal)
        if len(self.baseline) >= self.rules.minimum_baseline:
            self.rise = RankCusum(self.baseline, upwards=True)

    @property
    def has_baseline(self) -> bool:
        return len(self.baseline) >= self.rules.minimum_baseline

    @property
    def target_met(self) -> bool | None:
        """Do the last eight points since the event, together, reach the target? None without a target or a point."""
        if self.goal is None or not self.recent:
            return None
        goal = self.goal
        if all(sample.trials > 0 for sample in self.recent):
            return fsum(sample.successes - goal.share * sample.trials for sample in self.recent) >= 0
        return fsum(sample.level - goal.level for sample in self.recent) >= 0

    @property
    def is_reverted(self) -> bool:
        """Eroding, and the last eight points are on average no longer half a sigma better than the baseline, in ranks."""
        if self.state is not State.ERODING or not self.has_baseline or len(self.slide) < self.rules.minimum_baseline:
            return False
        against = RankCusum(self.baseline, upwards=True)
        lately = self.slide[-self.rules.start_points:]
        return fsum(against.score(sample.level) for sample in lately) < 0.5 * len(lately)

    def feed(self, sample: Sample) -> State:
        """Takes the next valid point after the event and says where the change stands."""
        self.after += 1
        self.recent.append(sample)
        if self.state in (State.ADOPTED, State.ANCHORED):
            self._hold(sample)
        elif self.state is State.ERODING:
            self._recover(sample)
        else:
            self._seek(sample)
        return self.state

    def accept(self, on: date | None) -> None:
        """The sponsor's recorded decision to accept the eroded level: it becomes the one to hold (step 5)."""
        if self.state is not State.ERODING:
            return
        self.state, self.adopted_on, self.anchored_on = State.ADOPTED, on, None
        self.since.clear()
        for sample in self.slide:
            self.since.add(sample)
        self._let_go()
        self._freeze_reference()

    def _seek(self, sample: Sample) -> None:
        """Steps 2, 3 and 7: has it begun, and has it reached the target?"""
        if self._rises(sample):
            self.state = State.EMERGING
        elif self.after >= self.rules.start_points:
            self.state = State.NOT_STARTED
        elif self.state is State.EMERGING:
            self.state = State.INSUFFICIENT_DATA
        self._adopt_when_reached(sample)

    def _rises(self, sample: Sample) -> bool:
        """Adds the point to the rise; True while a rise that has sounded is under way."""
        if self.rise is None:
            self.since.add(sample)
            return False
        sounded = self.rise.feed(sample.level)
        if self.rise.sum <= 0:
            self.since.clear()
            self.risen = False
            return False
        self.since.add(sample)
        if sounded and not self.risen:
            self.risen, self.emerged_on = True, sample.day
        return self.risen

    def _adopt_when_reached(self, sample: Sample) -> None:
        if (self.risen or self.rise is None) and self._is_reached(self.rules.adoption_points):
            self.state, self.adopted_on, self.anchored_on = State.ADOPTED, sample.day, None
            self._let_go()
            self._freeze_reference()

    def _is_reached(self, points: int) -> bool:
        if self.since.count < points:
            return False
        margin = self.since.margin(self.rules.confidence)
        return margin is not None and margin >= 0

    def _let_go(self) -> None:
        self.rise, self.fall, self.held, self.reference = None, None, 0, ()
        self.risen, self.slide, self.correlation = False, [], 0.0

    def _freeze_reference(self) -> None:
        size = self.rules.reference_points
        if self.since.count >= size:
            self.reference = tuple(self.since.levels[-size:])
            self.correlation = autocorrelation(self.reference)
            self.fall = RankCusum(self.reference, upwards=False)

    def _hold(self, sample: Sample) -> None:
        """Steps 4, 5 and 6: does it hold?"""
        self.since.add(sample)
        if self.fall is None:
            self._freeze_reference()
            return
        self.held += 1
        if self.fall.feed(sample.level):
            self._erode(sample)
            return
        if self.fall.sum <= 0:
            self.slide.clear()
        else:
            self.slide.append(sample)
        self._learn(self.fall)
        if self.state is State.ADOPTED and self._has_held(sample):
            self.state, self.anchored_on = State.ANCHORED, sample.day

    def _learn(self, fall: RankCusum) -> None:
        """Step 6: with 20 points behind it the limit allows for neighbours that resemble each other; then the reference grows."""
        size = self.rules.reference_points
        if self.held == self.rules.holding_points:
            self.correlation = autocorrelation(self.since.levels[-size - self.held :])
            fall.limit *= stretch_for(self.correlation - self.rules.tolerated_autocorrelation)
        grown = len(self.reference) + size
        if grown <= self.rules.largest_reference and self.since.count >= grown and fall.sum <= fall.limit / 2:
            self._grow_reference(grown, fall.sum)

    def _grow_reference(self, size: int, under_way: float) -> None:
        """Step 5: twelve more points and no fall half way to the alarm: they belong to the reference, which ends at 36 points.

        Against twelve points alone one erosion of 1.5 sigma in five is missed; one that kept growing would follow a slow decline.
        """
        self.reference = tuple(self.since.levels[-size:])
        self.correlation = autocorrelation(self.reference)
        stretch = stretch_for(self.correlation - self.rules.tolerated_autocorrelation)
        self.fall = RankCusum(self.reference, upwards=False, stretch=stretch)
        self.fall.sum = under_way

    def _has_held(self, sample: Sample) -> bool:
        if self.held < self.rules.holding_points or not self._is_reached(self.rules.adoption_points) or not self.target_met:
            return False
        return self.calendar_ends is None or sample.day is None or sample.day >= self.calendar_ends

    def _erode(self, sample: Sample) -> None:
        self.slide.append(sample)
        self.state, self.eroding_on, self.fall = State.ERODING, sample.day, None
        self.since.clear()
        self._listen_for_recovery()

    def _listen_for_recovery(self) -> None:
        # The eroded level is the new baseline: staying where it fell is not a recovery, however good that level is.
        if len(self.slide) >= self.rules.minimum_baseline:
            self.rise = RankCusum([fallen.level for fallen in self.slide], upwards=True)

    def _recover(self, sample: Sample) -> None:
        if self.rise is None:
            self.slide.append(sample)
            self._listen_for_recovery()
            return
        self.slide.append(sample)
        if self._rises(sample):
            self._adopt_when_reached(sample)
