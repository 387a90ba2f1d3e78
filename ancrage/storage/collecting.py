"""Queries: attempts to collect readings, deliveries, defects; and the rows that own figures are made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlmodel import col, select

from ancrage.domain.escalation.facts import Result
from ancrage.storage.unit_of_work import UnitOfWork
from models.actions import ActionRow
from models.campaigns import CampaignRequestRow, CampaignRow, CampaignStatus
from models.collecting import CollectionRow, DataDefectRow, DeliveryRow
from models.commitments import CommitmentRow

ANSWERED = (Result.KEPT, Result.LATE)
SETTLED = (Result.WAIVED, Result.CANCELLED, Result.SUPERSEDED_BY_NEWER, Result.MISSED_UNOBSERVED)


def fetch_collections(work: UnitOfWork) -> dict[str, CollectionRow]:
    """The last attempt of each indicator that was ever collected, by its id."""
    query = select(CollectionRow).where(col(CollectionRow.programme_id) == work.programme_id)
    return {row.indicator_id: row for row in work.session.exec(query)}


def fetch_deliveries(work: UnitOfWork, digests: Iterable[str]) -> dict[str, DeliveryRow]:
    """Deliveries known by their content; unknown ones are missing."""
    found = (work.session.get(DeliveryRow, (work.programme_id, digest)) for digest in digests)
    return {row.digest: row for row in found if row is not None}


def fetch_open_defects(work: UnitOfWork) -> Sequence[DataDefectRow]:
    """Defects that are not over, oldest first."""
    query = select(DataDefectRow).where(col(DataDefectRow.programme_id) == work.programme_id, col(DataDefectRow.closed_at).is_(None))
    return work.session.exec(query.order_by(col(DataDefectRow.since), col(DataDefectRow.id))).all()


def fetch_defect(work: UnitOfWork, defect_id: str) -> DataDefectRow | None:
    """One defect, open or over."""
    return work.session.get(DataDefectRow, (work.programme_id, defect_id))


def fetch_answered(work: UnitOfWork, since: datetime, until: datetime, contract: str | None) -> Sequence[CommitmentRow]:
    """Commitments that were fulfilled from `since` to just before `until`."""
    query = select(CommitmentRow).where(
        col(CommitmentRow.programme_id) == work.programme_id, col(CommitmentRow.result).in_(ANSWERED),
        col(CommitmentRow.closed_at) >= since, col(CommitmentRow.closed_at) < until,
    )
    return work.session.exec(query if contract is None else query.where(col(CommitmentRow.contract_id) == contract)).all()


def fetch_due(work: UnitOfWork, since: datetime, until: datetime, contract: str | None) -> Sequence[CommitmentRow]:
    """Commitments due from `since` to just before `until`, without those that were waived, cancelled or overtaken."""
    query = select(CommitmentRow).where(
        col(CommitmentRow.programme_id) == work.programme_id, col(CommitmentRow.due_at) >= since, col(CommitmentRow.due_at) < until,
    )
    rows = work.session.exec(query if contract is None else query.where(col(CommitmentRow.contract_id) == contract)).all()
    return [row for row in rows if row.result not in SETTLED]


def fetch_participation(work: UnitOfWork, since: datetime, until: datetime) -> tuple[int, int]:
    """Of the people asked by campaigns closed from `since` to just before `until`: how many submitted, how many were asked."""
    query = (
        select(CampaignRequestRow.submitted_at)
        .join(CampaignRow, (col(CampaignRow.programme_id) == CampaignRequestRow.programme_id)
              & (col(CampaignRow.id) == CampaignRequestRow.campaign_id))
        .where(
            col(CampaignRow.programme_id) == work.programme_id, col(CampaignRow.status) == CampaignStatus.CLOSED,
            col(CampaignRow.closed_at) >= since, col(CampaignRow.closed_at) < until,
        )
    )
    submitted = list(work.session.exec(query))
    return sum(at is not None for at in submitted), len(submitted)


def fetch_ended_actions(work: UnitOfWork, since: datetime, until: datetime) -> Sequence[tuple[date, datetime]]:
    """Due date and end of each action of the plan whose commitment was fulfilled from `since` to just before `until`."""
    query = (
        select(ActionRow, CommitmentRow)
        .join(CommitmentRow, (col(CommitmentRow.programme_id) == ActionRow.programme_id)
              & (col(CommitmentRow.id) == ActionRow.commitment_id))
        .where(
            col(ActionRow.programme_id) == work.programme_id, col(ActionRow.due_on).is_not(None),
            col(CommitmentRow.result).in_(ANSWERED), col(CommitmentRow.closed_at) >= since, col(CommitmentRow.closed_at) < until,
        )
    )
    ended = ((action.due_on, commitment.closed_at) for action, commitment in work.session.exec(query))
    return [(due, closed) for due, closed in ended if due is not None and closed is not None]
