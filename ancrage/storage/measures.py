"""Queries: measures of supplier contracts, their two series, pauses and responsibility log (ESC-X)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from ancrage.domain.escalation.measures import Side
from ancrage.storage.unit_of_work import UnitOfWork
from models.measures import MeasureHolderRow, MeasurePauseRow, MeasureRow, MeasureSeriesRow


def fetch_measure(work: UnitOfWork, measure_id: str, *, lock: bool = False) -> MeasureRow | None:
    """One measure; with `lock` nobody else records on it until the unit of work ends."""
    query = select(MeasureRow).where(col(MeasureRow.programme_id) == work.programme_id, col(MeasureRow.id) == measure_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return work.session.exec(query).first()


def fetch_measures(work: UnitOfWork, *, only_open: bool = False) -> Sequence[MeasureRow]:
    """Measures by opening instant, then id."""
    query = select(MeasureRow).where(col(MeasureRow.programme_id) == work.programme_id)
    if only_open:
        query = query.where(col(MeasureRow.closed_at).is_(None))
    return work.session.exec(query.order_by(col(MeasureRow.opened_at), col(MeasureRow.id))).all()


def fetch_series(work: UnitOfWork, measure_id: str, side: Side) -> MeasureSeriesRow | None:
    """One party's series, or None before it has begun."""
    return work.session.get(MeasureSeriesRow, (work.programme_id, measure_id, side))


def fetch_pauses(work: UnitOfWork, measure_id: str, side: Side) -> Sequence[MeasurePauseRow]:
    """The pauses of one series, oldest first."""
    query = select(MeasurePauseRow).where(
        col(MeasurePauseRow.programme_id) == work.programme_id, col(MeasurePauseRow.measure_id) == measure_id,
        col(MeasurePauseRow.side) == side,
    )
    return work.session.exec(query.order_by(col(MeasurePauseRow.since))).all()


def fetch_holders(work: UnitOfWork, measure_id: str) -> Sequence[MeasureHolderRow]:
    """The responsibility log of a measure, oldest first."""
    query = select(MeasureHolderRow).where(
        col(MeasureHolderRow.programme_id) == work.programme_id, col(MeasureHolderRow.measure_id) == measure_id
    )
    return work.session.exec(query.order_by(col(MeasureHolderRow.since))).all()
