"""What an indicator has to say today: threshold crossed, erosion, readings missing. One open alert per cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile

from ancrage.domain.anchoring.lifecycle import State
from ancrage.domain.anchoring.periods import GRACE_DAYS, Period, period_of, periods_after
from ancrage.domain.anchoring.series import Point, until
from ancrage.domain.anchoring.verdict import Verdict
from ancrage.domain.indicator_sources import OwnSource
from ancrage.domain.indicators import Cadence, Direction, Indicator, Phase
from ancrage.language import Message, say


class AlertKind(StrEnum):
    """Why an alert is raised."""

    THRESHOLD = "threshold"
    EROSION = "erosion"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class AlertCause:
    """One thing that is wrong now. `key` is the same as long as it lasts, so that saying it again adds nothing; when it is over and
    begins again, `since` gives it a new key. `value` is the reading that shows it, None for missing ones."""

    kind: AlertKind
    key: str
    since: date
    message: Message
    value: float | None = None


def find_alerts(
    indicator: Indicator,
    readings: Sequence[Point],
    as_of: date,
    verdict: Verdict | None = None,
    *,
    expected_from: date | None = None,
) -> tuple[AlertCause, ...]:
    """The causes that hold at `as_of`, in the order threshold, erosion, missing; a cause that is not here any more is over.

    The keys: `threshold:DAY` of the first reading beyond the limit (strictly, on the bad side) in an unbroken row of them,
    `erosion:DAY` of the first point of the fall, `missing:PERIOD` of the first period without a reading after the last one.
    Readings are expected from the period of the first reading, or of `expected_from` where there is none. A retired indicator
    raises nothing.
    """
    if indicator.phase is Phase.RETIRE:
        return ()
    known = until(readings, as_of)
    found = (_threshold(indicator, known), _erosion(verdict), _missing(indicator, known, as_of, expected_from))
    return tuple(cause for cause in found if cause is not None)


def is_beyond(value: float, limit: float, direction: Direction) -> bool:
    """Strictly on the bad side of the limit; a reading on the limit is not beyond it."""
    return value < limit if direction is Direction.INCREASE else value > limit


def _threshold(indicator: Indicator, known: Sequence[Point]) -> AlertCause | None:
    limit = indicator.thresholds.alert
    if limit is None:
        return None
    backwards = ((point.day, reading) for point in reversed(known) if (reading := point.reading) is not None)
    beyond = list(takewhile(lambda pair: is_beyond(pair[1], limit, indicator.direction), backwards))
    if not beyond:
        return None
    (_, value), (since, _) = beyond[0], beyond[-1]
    message = say(
        "{indicator}: {value} is beyond the alert limit of {limit}, since {since}",
        indicator=indicator.name, value=_shown(value), limit=_shown(limit), since=since,
    )  # fmt: skip
    return AlertCause(AlertKind.THRESHOLD, f"{AlertKind.THRESHOLD}:{since}", since, message, value)


def _erosion(verdict: Verdict | None) -> AlertCause | None:
    if verdict is None or verdict.state is not State.ERODING or verdict.eroding_since is None:
        return None
    since = verdict.eroding_since
    template = (
        say("the practice is fading since {since}, while the target is still met", since=since)
        if verdict.target_met
        else say("the practice is fading since {since}", since=since)
    )
    return AlertCause(AlertKind.EROSION, f"{AlertKind.EROSION}:{since}", since, template)


def _missing(indicator: Indicator, known: Sequence[Point], as_of: date, expected_from: date | None) -> AlertCause | None:
    if isinstance(indicator.collected, OwnSource):
        return None  # made by Ancrage itself whenever there is something to count: nobody is late
    late = late_periods(indicator.cadence, known, as_of, expected_from)
    if not late:
        return None
    first = late[0]
    message = say("{indicator}: {count} readings missing since {period}", indicator=indicator.name, count=len(late), period=first.name)
    return AlertCause(AlertKind.MISSING, f"{AlertKind.MISSING}:{first.name}", first.first, message)


def late_periods(cadence: Cadence, known: Sequence[Point], as_of: date, expected_from: date | None = None) -> tuple[Period, ...]:
    """The periods after the last reading that ended more than the cadence's days of grace ago; empty where nothing is expected yet."""
    last = next((point.day for point in reversed(known) if point.reading is not None), None)
    start = last if last is not None else expected_from
    if start is None:
        return ()
    period = period_of(start, cadence)
    waiting = periods_after(period, cadence) if last is not None else _from(period, cadence)
    limit = as_of - timedelta(days=GRACE_DAYS[cadence])
    return tuple(takewhile(lambda each: each.last < limit, waiting))


def _from(period: Period, cadence: Cadence) -> Iterator[Period]:
    yield period
    yield from periods_after(period, cadence)


def _shown(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
