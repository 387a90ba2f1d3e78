"""The four clocks of a transformation: process defined, tool delivered, practice adopted, effects observed (product.md, chapter E)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ancrage.domain.anchoring.lifecycle import DEFAULTS, Parameters, State
from ancrage.domain.anchoring.series import Point
from ancrage.domain.anchoring.verdict import Verdict, evaluate_verdict, too_early
from ancrage.domain.indicators import Direction, Transformation, ValueKind
from ancrage.language import say

HELD = (State.ADOPTED, State.ANCHORED)


class Clock(StrEnum):
    """In the order in which they strike."""

    DEFINED = "defined"
    TOOL_DELIVERED = "tool_delivered"
    ADOPTED = "adopted"
    EFFECTS = "effects"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One clock at `as_of`. `actual` is None until it has struck; `forecast` is None once it has, or where no plan was given.
    `state` is the weakest verdict of its indicators for the last two clocks, None for the first two."""

    clock: Clock
    planned: date | None
    forecast: date | None
    actual: date | None
    state: State | None = None

    @property
    def slip_days(self) -> int | None:
        """Days behind the plan (negative: ahead), by the actual day or else the forecast; None without a plan."""
        reached = self.actual or self.forecast
        return (reached - self.planned).days if reached is not None and self.planned is not None else None


_WEAKEST_FIRST = (State.ERODING, State.INSUFFICIENT_DATA, State.NOT_STARTED, State.EMERGING, State.ADOPTED, State.ANCHORED)


def weakest(verdicts: Sequence[Verdict]) -> State | None:
    """The verdict on several indicators together is the worst of them: one fading indicator is enough to ask."""
    return min((verdict.state for verdict in verdicts), key=_WEAKEST_FIRST.index, default=None)


def reached_on(verdicts: Sequence[Verdict]) -> date | None:
    """The day on which the last of the indicators was adopted; None while one is not, or none is measured."""
    days = [verdict.adopted_on for verdict in verdicts if verdict.state in (*HELD, State.ERODING)]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(verdicts) else None


def evaluate_effects(
    series: Sequence[Point],
    adopted_on: date | None,
    lag_days: int,
    target: float | None,
    direction: Direction,
    kind: ValueKind,
    as_of: date,
    *,
    delivered_on: date | None = None,
    support_ended: date | None = None,
    accepted: Sequence[date] = (),
    rules: Parameters = DEFAULTS,
) -> Verdict:
    """The verdict on an effect: its event is adoption plus the declared lag. Until then, and while the practice is not adopted, it is
    `too_early`, never `not_started`. What was measured before the tool came (`delivered_on`) is the baseline."""
    if adopted_on is None or adopted_on > as_of:
        return too_early(series, as_of, say("Adoption comes first: effects are looked for {days} days after it.", days=lag_days))
    event = adopted_on + timedelta(days=lag_days)
    return evaluate_verdict(
        series, event, target, direction, kind, as_of, baseline_until=delivered_on, support_ended=support_ended, accepted=accepted,
        rules=rules,
    )  # fmt: skip


def read_clocks(
    transformation: Transformation,
    as_of: date,
    *,
    defined_on: date | None = None,
    delivered_on: date | None = None,
    adopted_on: date | None = None,
    adoption: Sequence[Verdict] = (),
    effects: Sequence[Verdict] = (),
) -> tuple[ClockReading, ...]:
    """The four clocks, in order, with plan, forecast and actual.

    `adoption` and `effects` are the verdicts on the indicators that the transformation names; those on effects come from
    `evaluate_effects`. `adopted_on` is a day that a person recorded where adoption was not measured. A forecast is the plan moved by the
    slip of the clock before it, and never before `as_of`.
    """
    named = transformation
    plans = (named.planned_defined, named.planned_tool_delivered, named.planned_adopted, named.planned_effects)
    actuals = (defined_on, delivered_on, adopted_on or reached_on(adoption), reached_on(effects))
    states = (None, None, weakest(adoption), weakest(effects))
    readings: list[ClockReading] = []
    slip = 0
    for clock, planned, actual, state in zip(Clock, plans, actuals, states, strict=True):
        struck = actual if actual is not None and actual <= as_of else None
        forecast = None if struck or planned is None else max(planned + timedelta(days=max(slip, 0)), as_of)
        reading = ClockReading(clock, planned, forecast, struck, state)
        slip = reading.slip_days if reading.slip_days is not None else slip
        readings.append(reading)
    return tuple(readings)
