"""Measures of a supplier contract: two series of one obligation, judged alike, and who held the responsibility meanwhile (ESC-X)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ancrage.domain import working_time
from ancrage.domain.escalation.facts import Result
from ancrage.domain.organisation import RolePeriod
from ancrage.domain.working_time import Budget, Calendar, Pause


class Side(StrEnum):
    """Whose record a series is (ESC-X1)."""

    INTERNAL = "internal"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Series:
    """One party's record of a measure. `end` is None while it runs."""

    start: datetime
    end: datetime | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """What was promised and what each party recorded. `log` says who held the responsibility, half open, without overlap (ESC-X3)."""

    id: str
    budget: Budget
    tolerance_seconds: int
    internal: Series
    supplier: Series
    log: tuple[RolePeriod, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """One series judged: worked seconds less pauses, and kept or late; None while it runs and its budget is not spent (ESC-X1)."""

    elapsed_seconds: int
    verdict: Result | None


@dataclass(frozen=True, slots=True)
class MeasureReport:
    """Both series, whether they disagree (ESC-X2), and the responsibility log in figures (ESC-X3). Seconds are worked seconds."""

    internal: Judgement
    supplier: Judgement
    disagreement: bool
    held_seconds: Mapping[str, int]
    internal_due: datetime
    holder_at_due: str | None


def judge_series(calendar: Calendar, budget: Budget, series: Series, as_of: datetime) -> Judgement:
    """ESC-X1: elapsed by B5 and P2 up to the end (or `as_of` while it runs), on time by D5."""
    event = as_of if series.end is None else series.end
    pauses = tuple(working_time.ended_pauses(series.pauses, event))
    elapsed = working_time.elapsed_seconds(calendar, series.start, event, pauses)
    on_time = working_time.is_on_time(calendar, series.start, event, budget, pauses)
    if not on_time:
        return Judgement(elapsed, Result.LATE)
    return Judgement(elapsed, None if series.end is None else Result.KEPT)


def report_measure(calendar: Calendar, measure: Measure, as_of: datetime) -> MeasureReport:
    """Everything a measure says at `as_of` (ESC-X1 to X3)."""
    internal = judge_series(calendar, measure.budget, measure.internal, as_of)
    supplier = judge_series(calendar, measure.budget, measure.supplier, as_of)
    due = working_time.due_instant(calendar, measure.internal.start, measure.budget, measure.internal.pauses)
    return MeasureReport(
        internal=internal,
        supplier=supplier,
        disagreement=disagree(internal, supplier, measure.tolerance_seconds),
        held_seconds=held_seconds(calendar, measure.internal, measure.log, as_of),
        internal_due=due,
        holder_at_due=next((period.person for period in measure.log if period.covers(due)), None),
    )


def disagree(internal: Judgement, supplier: Judgement, tolerance_seconds: int) -> bool:
    """ESC-X2: different verdicts, or elapsed times that differ by more than the tolerance."""
    apart = abs(internal.elapsed_seconds - supplier.elapsed_seconds)
    return internal.verdict is not supplier.verdict or apart > tolerance_seconds


def held_seconds(calendar: Calendar, series: Series, log: Sequence[RolePeriod], as_of: datetime) -> dict[str, int]:
    """ESC-X3: worked seconds of the series, pauses taken off, per holder, in the order in which they first held it."""
    end = as_of if series.end is None else series.end
    pauses = tuple(working_time.ended_pauses(series.pauses, end))
    held: dict[str, int] = {}
    for period in log:
        since = max(series.start, period.since or series.start)
        until = min(end, period.until or end)
        held[period.person] = held.get(period.person, 0) + working_time.elapsed_seconds(calendar, since, until, pauses)
    return held
