"""Measures of a supplier contract: what each party records, who holds the responsibility, and what comes of a disagreement (ESC-X).

The instants of a series are what a party states (`occurred_at`, ESC-A1): they may lie in the past of the instant at which they are
recorded, never in its future. A closed measure does not change any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.escalation.measures import Measure, MeasureReport, Series, Side, report_measure
from ancrage.domain.escalation.rungs import SECOND
from ancrage.domain.organisation import RolePeriod
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import Budget, Pause
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, Message, say
from ancrage.services.commitments import NewCommitment, open_commitment
from ancrage.storage.codec import dump, load
from ancrage.storage.measures import fetch_holders, fetch_measure, fetch_pauses, fetch_series
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind
from models.measures import MeasureHolderRow, MeasurePauseRow, MeasureRow, MeasureSeriesRow


@dataclass(frozen=True, slots=True)
class Reconcile:
    """The commitment that a disagreement opens (ESC-X2): who owes it, in what time, by which ladder. `id` is that of the commitment.

    `policy` is an id: the commitment takes the ladder that is declared when it opens (ESC-K1).
    """

    id: str
    responsible: str
    calendar: str
    budget: Budget
    policy: str
    contract_id: str | None = None
    clause_id: str | None = None


@dataclass(frozen=True, slots=True)
class MeasureTerms:
    """What a measure keeps from its opening: calendar and budget of both series (ESC-X1), tolerance, and what a disagreement opens."""

    calendar: str
    budget: Budget
    tolerance_seconds: int
    reconcile: Reconcile | None = None


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """What is needed to open a measure."""

    id: str
    title: Label
    terms: MeasureTerms


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure as it stands: what was found when it was closed, or what its series say now (None before both have begun)."""

    id: str
    title: Label
    terms: MeasureTerms
    opened_at: datetime
    closed_at: datetime | None
    report: MeasureReport | None
    commitment_id: str | None


def open_measure(work: UnitOfWork, programme: Programme, new: NewMeasure, at: datetime, by: str) -> bool:
    """Open a measure; False when one of this id is there already. NotFound for an unknown calendar."""
    if new.terms.calendar not in programme.organisation.calendars:
        raise NotFound(say("there is no calendar {calendar}", calendar=new.terms.calendar))
    if fetch_measure(work, new.id, lock=True) is not None:
        return False
    work.session.add(
        MeasureRow(
            programme_id=work.programme_id, id=new.id, title_fr=new.title.fr, title_en=new.title.en, terms=dump(new.terms), opened_at=at
        )
    )
    work.flush()
    work.record(at, by, "measure_opened", f"measure:{new.id}", calendar=new.terms.calendar, tolerance_seconds=new.terms.tolerance_seconds)
    return True


def start_series(work: UnitOfWork, measure_id: str, side: Side, since: datetime, at: datetime, by: str) -> None:
    """One party's series begins at `since`. Refused where it has begun already."""
    _open_measure(work, measure_id, since, at)
    if fetch_series(work, measure_id, side) is not None:
        raise Refused("already_started", say("this series has begun already"))
    work.session.add(MeasureSeriesRow(programme_id=work.programme_id, measure_id=measure_id, side=side, start_at=since))
    _tell(work, "series_started", measure_id, side, since, at, by)


def pause_series(work: UnitOfWork, measure_id: str, side: Side, since: datetime, at: datetime, by: str, reason: str = "") -> None:
    """The clock of one series stands still from `since` on (ESC-P1). Refused while it does already, or before its last pause ended."""
    _running_series(work, measure_id, side, since, at)
    pauses = fetch_pauses(work, measure_id, side)
    if any(pause.until is None or pause.until > since for pause in pauses):
        raise Refused("already_paused", say("this series is paused at {at}", at=since))
    work.session.add(
        MeasurePauseRow(programme_id=work.programme_id, measure_id=measure_id, side=side, since=since, by=by, reason=reason)
    )
    _tell(work, "series_paused", measure_id, side, since, at, by)


def resume_series(work: UnitOfWork, measure_id: str, side: Side, until: datetime, at: datetime, by: str) -> None:
    """The clock of one series goes on from `until` on. Refused where it is not paused, or has been paused only later."""
    _running_series(work, measure_id, side, until, at)
    paused = [pause for pause in fetch_pauses(work, measure_id, side) if pause.until is None]
    if not paused or until <= paused[0].since:
        raise Refused("not_paused", say("this series is not paused at {at}", at=until))
    paused[0].until = until
    work.session.add(paused[0])
    _tell(work, "series_resumed", measure_id, side, until, at, by)


def end_series(work: UnitOfWork, measure_id: str, side: Side, until: datetime, at: datetime, by: str) -> None:
    """One party's series ends at `until`; a pause that runs ends with it. Refused where it has not begun, has ended, was paused later."""
    row = _running_series(work, measure_id, side, until, at)
    if any(until < (pause.until or pause.since) for pause in fetch_pauses(work, measure_id, side)):
        raise Refused("period", say("this series was paused after {at}", at=until))
    _end(work, row, until)
    _tell(work, "series_ended", measure_id, side, until, at, by)


def hand_over(work: UnitOfWork, measure_id: str, holder: str | None, since: datetime, at: datetime, by: str) -> None:
    """`holder` (None: nobody) has the responsibility from `since` on; whoever had it, had it until just before (ESC-X3).

    Refused before the latest entry of the log: intervals are half open and never overlap.
    """
    _open_measure(work, measure_id, since, at)
    log = fetch_holders(work, measure_id)
    if log and since < (log[-1].until or log[-1].since + SECOND):
        raise Refused("period", say("the responsibility log goes on from {since}", since=log[-1].until or log[-1].since))
    if log and log[-1].until is None:
        log[-1].until = since
        work.session.add(log[-1])
    if holder is not None:
        work.session.add(MeasureHolderRow(programme_id=work.programme_id, measure_id=measure_id, since=since, holder=holder))
    work.flush()
    work.record(at, by, "responsibility_passed", f"measure:{measure_id}", holder=holder, since=since.isoformat())


def close_measure(work: UnitOfWork, programme: Programme, measure_id: str, at: datetime, by: str) -> MeasureReport:
    """Close a measure: a series that still runs ends now, both are judged, a disagreement opens its commitment (ESC-X1, X2).

    Closing twice gives the first report again. Refused while a series has not begun: there is nothing to judge.
    """
    row = _existing(work, measure_id)
    if row.report is not None:
        return load(MeasureReport, row.report)
    for side in Side:
        series = fetch_series(work, measure_id, side)
        if series is not None and series.end_at is None:
            _end(work, series, at)
    work.flush()
    measure = _measure(work, row)
    if measure is None:
        raise Refused("not_started", say("a measure is closed when both series have begun"))
    terms = load(MeasureTerms, row.terms)
    report = report_measure(programme.organisation.calendars[terms.calendar], measure, at)
    row.closed_at, row.closed_by, row.report = at, by, dump(report)
    if report.disagreement and terms.reconcile is not None:
        row.commitment_id = _open_reconcile(work, programme, row, terms.reconcile, at)
    work.session.add(row)
    work.flush()  # who locks the row again in this unit of work reads it anew
    work.record(
        at, by, "measure_closed", f"measure:{measure_id}", internal=dump(report.internal), supplier=dump(report.supplier),
        disagreement=report.disagreement, commitment=row.commitment_id, holder_at_due=report.holder_at_due,
    )
    return report


def view_measure(work: UnitOfWork, programme: Programme, measure_id: str, as_of: datetime) -> MeasureView:
    """One measure as it stands at `as_of`. NotFound when there is none."""
    row = _existing(work, measure_id, lock=False)
    terms = load(MeasureTerms, row.terms)
    report = load(MeasureReport, row.report) if row.report is not None else None
    if report is None and (measure := _measure(work, row)) is not None:
        report = report_measure(programme.organisation.calendars[terms.calendar], measure, as_of)
    return MeasureView(row.id, Label(row.title_fr, row.title_en), terms, row.opened_at, row.closed_at, report, row.commitment_id)


def _open_reconcile(work: UnitOfWork, programme: Programme, row: MeasureRow, wanted: Reconcile, at: datetime) -> str | None:
    if wanted.policy not in programme.policies:
        raise NotFound(say("there is no policy {policy}", policy=wanted.policy))
    title = say("Agree on the figures of “{measure}”", measure=Label(row.title_fr, row.title_en)).label()
    new = NewCommitment(
        id=wanted.id, kind=CommitmentKind.CLAUSE, title=title, event_id=f"measure:{row.id}", responsible=wanted.responsible,
        calendar=wanted.calendar, budget=wanted.budget, policy=programme.policies[wanted.policy], subject={"measure": row.id},
        contract_id=wanted.contract_id, clause_id=wanted.clause_id,
    )
    return wanted.id if open_commitment(work, programme, new, at) is not None else None


def _measure(work: UnitOfWork, row: MeasureRow) -> Measure | None:
    internal, supplier = (_series(work, row.id, side) for side in (Side.INTERNAL, Side.SUPPLIER))
    if internal is None or supplier is None:
        return None
    terms = load(MeasureTerms, row.terms)
    log = tuple(RolePeriod(held.holder, held.since, held.until) for held in fetch_holders(work, row.id))
    return Measure(row.id, terms.budget, terms.tolerance_seconds, internal, supplier, log)


def _series(work: UnitOfWork, measure_id: str, side: Side) -> Series | None:
    row = fetch_series(work, measure_id, side)
    if row is None:
        return None
    pauses = tuple(Pause(pause.since, pause.until, pause.by, pause.reason) for pause in fetch_pauses(work, measure_id, side))
    return Series(row.start_at, row.end_at, pauses)


def _end(work: UnitOfWork, row: MeasureSeriesRow, until: datetime) -> None:
    row.end_at = until
    work.session.add(row)
    for pause in _still_running(fetch_pauses(work, row.measure_id, row.side)):
        pause.until = until
        work.session.add(pause)


def _still_running(pauses: Sequence[MeasurePauseRow]) -> list[MeasurePauseRow]:
    return [pause for pause in pauses if pause.until is None]


def _existing(work: UnitOfWork, measure_id: str, *, lock: bool = True) -> MeasureRow:
    row = fetch_measure(work, measure_id, lock=lock)
    if row is None:
        raise NotFound(say("there is no measure {measure}", measure=measure_id))
    return row


def _open_measure(work: UnitOfWork, measure_id: str, stated: datetime, at: datetime) -> MeasureRow:
    row = _existing(work, measure_id)
    if row.closed_at is not None:
        raise Refused("already_closed", say("measure {measure} is closed: nothing was changed", measure=measure_id))
    if stated > at:
        raise Refused("future", _not_yet(stated, at))
    return row


def _not_yet(stated: datetime, at: datetime) -> Message:
    return say("{stated} is later than now, {at}: only what has happened is recorded", stated=stated, at=at)


def _running_series(work: UnitOfWork, measure_id: str, side: Side, stated: datetime, at: datetime) -> MeasureSeriesRow:
    _open_measure(work, measure_id, stated, at)
    row = fetch_series(work, measure_id, side)
    if row is None or stated < row.start_at:
        raise Refused("not_started", say("this series has not begun at {at}", at=stated))
    if row.end_at is not None:
        raise Refused("already_ended", say("this series has ended at {at}", at=row.end_at))
    return row


def _tell(work: UnitOfWork, what: str, measure_id: str, side: Side, stated: datetime, at: datetime, by: str) -> None:
    work.flush()
    work.record(at, by, what, f"measure:{measure_id}", side=side.value, stated=stated.isoformat())
