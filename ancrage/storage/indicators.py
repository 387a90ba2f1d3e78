"""Queries: readings, alerts, verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlmodel import and_, bindparam, col, func, select

from ancrage.domain.anchoring.decisions import AnchoringDecision
from ancrage.storage.unit_of_work import UnitOfWork
from models.indicators import AlertRow, AlertStatus, AnchoringDecisionRow, ReadingRow, VerdictRow


def fetch_readings(work: UnitOfWork, indicator_id: str) -> Sequence[ReadingRow]:
    """Current readings of one indicator, oldest first."""
    query = select(ReadingRow).where(
        col(ReadingRow.programme_id) == work.programme_id, col(ReadingRow.indicator_id) == indicator_id, col(ReadingRow.current)
    )
    return work.session.exec(query.order_by(col(ReadingRow.day))).all()


def fetch_figures(work: UnitOfWork, indicator_ids: Sequence[str]) -> Iterator[tuple[str, date, float | None, float | None, float | None]]:
    """Current readings of several indicators, oldest first for each: indicator, day, value, numerator, denominator."""
    query = (
        select(ReadingRow.indicator_id, ReadingRow.day, ReadingRow.value, ReadingRow.numerator, ReadingRow.denominator)  # type: ignore[call-overload]
        .where(
            col(ReadingRow.programme_id) == work.programme_id, col(ReadingRow.indicator_id).in_(indicator_ids), col(ReadingRow.current)
        )
        .order_by(col(ReadingRow.indicator_id), col(ReadingRow.day))
    )
    for row in work.session.connection().execute(query):
        yield tuple(row)


def fetch_reading(work: UnitOfWork, indicator_id: str, day: date) -> ReadingRow | None:
    """The current reading of one period."""
    query = select(ReadingRow).where(
        col(ReadingRow.programme_id) == work.programme_id,
        col(ReadingRow.indicator_id) == indicator_id,
        col(ReadingRow.day) == day,
        col(ReadingRow.current),
    )
    return work.session.exec(query).first()


def fetch_alerts(work: UnitOfWork, *, only_open: bool = False, indicator_id: str | None = None) -> Sequence[AlertRow]:
    """Alerts, oldest first."""
    query = select(AlertRow).where(col(AlertRow.programme_id) == work.programme_id)
    if only_open:
        query = query.where(col(AlertRow.status) == AlertStatus.OPEN)
    if indicator_id is not None:
        query = query.where(col(AlertRow.indicator_id) == indicator_id)
    return work.session.exec(query.order_by(col(AlertRow.raised_at), col(AlertRow.id))).all()


def fetch_alert(work: UnitOfWork, alert_id: str) -> AlertRow | None:
    """One alert."""
    return work.session.get(AlertRow, (work.programme_id, alert_id))


def count_alerts(work: UnitOfWork, indicator_id: str, cause: str) -> int:
    """How many alerts this indicator has raised for this cause, open or closed: numbers the next one."""
    query = select(func.count()).where(
        col(AlertRow.programme_id) == work.programme_id, col(AlertRow.indicator_id) == indicator_id, col(AlertRow.cause) == cause
    )
    return work.session.exec(query).one()


def fetch_verdicts(work: UnitOfWork, indicator_id: str | None = None) -> Sequence[VerdictRow]:
    """Recorded verdicts, oldest first; each differs from the one before it of the same indicator."""
    query = select(VerdictRow).where(col(VerdictRow.programme_id) == work.programme_id)
    if indicator_id is not None:
        query = query.where(col(VerdictRow.indicator_id) == indicator_id)
    return work.session.exec(query.order_by(col(VerdictRow.as_of), col(VerdictRow.indicator_id))).all()


def fetch_newest_verdicts(work: UnitOfWork, indicator_ids: Sequence[str]) -> dict[str, VerdictRow]:
    """The newest verdict of each of these indicators; those never looked at are missing."""
    newest = (
        select(VerdictRow.indicator_id, func.max(col(VerdictRow.as_of)).label("as_of"))
        .where(col(VerdictRow.programme_id) == work.programme_id, col(VerdictRow.indicator_id).in_(indicator_ids))
        .group_by(col(VerdictRow.indicator_id))
        .subquery()
    )
    query = select(VerdictRow).join(
        newest, and_(col(VerdictRow.indicator_id) == newest.c.indicator_id, col(VerdictRow.as_of) == newest.c.as_of)
    )
    rows = work.session.exec(query.where(col(VerdictRow.programme_id) == work.programme_id))
    return {row.indicator_id: row for row in rows}


_NEWEST_RECORD = select(func.max(col(ReadingRow.recorded_at))).where(col(ReadingRow.programme_id) == bindparam("programme"))


def newest_record(work: UnitOfWork) -> datetime | None:
    """When the last reading of any indicator was recorded, or None before the first."""
    newest: datetime | None = work.session.connection().execute(_NEWEST_RECORD, {"programme": work.programme_id}).scalar()
    return newest


def fetch_decisions(work: UnitOfWork, subject_id: str | None = None) -> tuple[AnchoringDecision, ...]:
    """What people decided about indicators and recorded about transformations, oldest first; about one subject, or all."""
    query = select(AnchoringDecisionRow).where(col(AnchoringDecisionRow.programme_id) == work.programme_id)
    if subject_id is not None:
        query = query.where(col(AnchoringDecisionRow.subject_id) == subject_id)
    rows = work.session.exec(query.order_by(col(AnchoringDecisionRow.decided_at), col(AnchoringDecisionRow.id)))
    return tuple(
        AnchoringDecision(row.kind, row.subject_id, row.day, row.until, row.decided_at, row.decided_by, row.why) for row in rows
    )


_NEWEST_DECISION = select(func.max(col(AnchoringDecisionRow.decided_at))).where(
    col(AnchoringDecisionRow.programme_id) == bindparam("programme")
)


def newest_decision(work: UnitOfWork) -> datetime | None:
    """When somebody last decided about an indicator, or None before the first time."""
    newest: datetime | None = work.session.connection().execute(_NEWEST_DECISION, {"programme": work.programme_id}).scalar()
    return newest
