"""Queries: readings, alerts, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, func, select

from ancrage.storage.unit_of_work import UnitOfWork
from models.indicators import AlertRow, AlertStatus, ReadingRow, VerdictRow


def fetch_readings(work: UnitOfWork, indicator_id: str) -> Sequence[ReadingRow]:
    """Current readings of one indicator, oldest first."""
    query = select(ReadingRow).where(
        col(ReadingRow.programme_id) == work.programme_id, col(ReadingRow.indicator_id) == indicator_id, col(ReadingRow.current)
    )
    return work.session.exec(query.order_by(col(ReadingRow.day))).all()


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


def newest_record(work: UnitOfWork) -> datetime | None:
    """When the last reading of any indicator was recorded, or None before the first."""
    query = select(func.max(col(ReadingRow.recorded_at))).where(col(ReadingRow.programme_id) == work.programme_id)
    return work.session.exec(query).one()
