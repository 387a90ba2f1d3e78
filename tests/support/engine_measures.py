"""Measures of a scenario as their parties would record them in the real product: each fact at its own instant (ESC-X)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import pairwise

from ancrage.domain.escalation.measures import Measure, MeasureReport, Series, Side
from ancrage.domain.escalation.scenario import DeclaredMeasure, EventKind, Scenario
from ancrage.services.measures import (
    MeasureTerms,
    Reconcile,
    end_series,
    hand_over,
    pause_series,
    resume_series,
    start_series,
    view_measure,
)
from ancrage.services.programme import current_programme
from ancrage.storage.unit_of_work import UnitOfWork

OWNER = "bench_owner"
"""A role of the bench's own: who records, party of the contract of monthly clauses, and steward, who hears of what cannot be delivered."""

Record = tuple[datetime, Callable[[UnitOfWork], None]]


def measure_terms(scenario: Scenario, declared: DeclaredMeasure) -> MeasureTerms:
    """What a measure of the scenario is judged by; a promise of the scenario is what a disagreement opens."""
    promise = scenario.commitments.get(declared.reconcile)
    reconcile = None
    if promise is not None and promise.budget is not None:
        reconcile = Reconcile(promise.id, promise.responsible, promise.calendar, promise.budget, promise.id)
    return MeasureTerms(declared.calendar, declared.measure.budget, declared.measure.tolerance_seconds, reconcile)


def measure_records(scenario: Scenario) -> Iterator[Record]:
    """Everything that is recorded about measures up to the end of the scenario, or until the measure is closed."""
    closed = {event.measure: event.at for event in scenario.events if event.kind is EventKind.MEASURE_CLOSED}
    for name, declared in scenario.measures.items():
        last = min(closed.get(name, scenario.until), scenario.until)
        yield from (record for record in _records(name, declared.measure) if record[0] <= last)


def _records(name: str, measure: Measure) -> Iterator[Record]:
    for side, series in ((Side.INTERNAL, measure.internal), (Side.SUPPLIER, measure.supplier)):
        yield from _series_records(name, side, series)
    begin = min(measure.internal.start, measure.supplier.start)
    for period, following in pairwise([*measure.log, None]):
        assert period is not None
        yield _record(hand_over, name, period.person, period.since or begin)
        if period.until is not None and (following is None or following.since != period.until):
            yield _record(hand_over, name, None, period.until)


def _series_records(name: str, side: Side, series: Series) -> Iterator[Record]:
    yield _record(start_series, name, side, series.start)
    for pause in series.pauses:
        yield _record(pause_series, name, side, pause.since)
        if pause.until is not None:
            yield _record(resume_series, name, side, pause.until)
    if series.end is not None:
        yield _record(end_series, name, side, series.end)


def _record(door: Callable[..., None], name: str, *what: object) -> Record:
    at = what[-1]
    assert isinstance(at, datetime)
    return at, partial(_through, door, name, what, at)


def _through(door: Callable[..., None], name: str, what: tuple[object, ...], at: datetime, work: UnitOfWork) -> None:
    door(work, name, *what, at, OWNER)


def reports_of(work: UnitOfWork, scenario: Scenario) -> dict[str, MeasureReport]:
    """Every measure that can be judged, as it stands at the end."""
    programme = current_programme(work)
    views = {name: view_measure(work, programme, name, scenario.until).report for name in scenario.measures}
    return {name: report for name, report in views.items() if report is not None}
