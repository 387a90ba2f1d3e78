"""Queries: commitments and what people did with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, or_, select

from ancrage.domain.escalation.facts import Status
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import ActionTakenRow, CommitmentKind, CommitmentRow

BATCH = 500


def claim_due_commitments(work: UnitOfWork, as_of: datetime, limit: int = BATCH) -> Sequence[CommitmentRow]:
    """Commitments a pass at `as_of` must look at, locked for this transaction, earliest first.

    Those a pass of the same instant has looked at are left out (ESC-L5, C1); rows another engine holds are skipped (ESC-G4).
    """
    query = (
        select(CommitmentRow)
        .where(
            col(CommitmentRow.programme_id) == work.programme_id,
            col(CommitmentRow.wake_at) <= as_of,
            or_(col(CommitmentRow.passed_at).is_(None), col(CommitmentRow.passed_at) < as_of),
        )
        .order_by(col(CommitmentRow.wake_at), col(CommitmentRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return work.session.exec(query).all()


def fetch_commitment(work: UnitOfWork, commitment_id: str, *, lock: bool = False) -> CommitmentRow | None:
    """One commitment, locked until the unit of work ends when `lock`."""
    query = select(CommitmentRow).where(
        col(CommitmentRow.programme_id) == work.programme_id, col(CommitmentRow.id) == commitment_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return work.session.exec(query).first()


def fetch_commitments_by_id(work: UnitOfWork, ids: Collection[str]) -> dict[str, CommitmentRow]:
    """Commitments by their ids, however many: asked for in parts that every database takes. Unknown ids are missing."""
    wanted, found = sorted(ids), {}
    for first in range(0, len(wanted), BATCH):
        some = col(CommitmentRow.id).in_(wanted[first : first + BATCH])
        query = select(CommitmentRow).where(col(CommitmentRow.programme_id) == work.programme_id, some)
        found.update({row.id: row for row in work.session.exec(query)})
    return found


def fetch_commitment_by_event(work: UnitOfWork, event_id: str) -> CommitmentRow | None:
    """The commitment an event opened, or None: a known event opens nothing (ESC-A11)."""
    query = select(CommitmentRow).where(col(CommitmentRow.programme_id) == work.programme_id, col(CommitmentRow.event_id) == event_id)
    return work.session.exec(query).first()


def fetch_known_events(work: UnitOfWork, clause_ids: Sequence[str]) -> frozenset[str]:
    """Ids of the events that have opened a commitment of these clauses, running or closed."""
    if not clause_ids:
        return frozenset()
    query = select(CommitmentRow.event_id).where(
        col(CommitmentRow.programme_id) == work.programme_id, col(CommitmentRow.clause_id).in_(clause_ids)
    )
    return frozenset(work.session.exec(query))


def fetch_commitments(
    work: UnitOfWork,
    *,
    only_open: bool = False,
    kind: CommitmentKind | None = None,
    clause_ids: Sequence[str] | None = None,
    ids: Sequence[str] | None = None,
    due_before: datetime | None = None,
) -> Sequence[CommitmentRow]:
    """Commitments by due date, then id."""
    if any(some is not None and not some for some in (clause_ids, ids)):
        return []  # SQLite would read them all to find none
    query = select(CommitmentRow).where(col(CommitmentRow.programme_id) == work.programme_id)
    if only_open:
        query = query.where(col(CommitmentRow.status) != Status.CLOSED)
    if kind is not None:
        query = query.where(col(CommitmentRow.kind) == kind)
    if clause_ids is not None:
        query = query.where(col(CommitmentRow.clause_id).in_(clause_ids))
    if ids is not None:
        query = query.where(col(CommitmentRow.id).in_(ids))
    if due_before is not None:
        query = query.where(col(CommitmentRow.due_at) < due_before)
    return work.session.exec(query.order_by(col(CommitmentRow.due_at), col(CommitmentRow.id))).all()


def fetch_action_taken(work: UnitOfWork, action_id: str) -> ActionTakenRow | None:
    """An action by its id, accepted or refused."""
    return work.session.get(ActionTakenRow, (work.programme_id, action_id))


def fetch_actions_taken(work: UnitOfWork, commitment_id: str | None = None) -> Sequence[ActionTakenRow]:
    """What people did, oldest first."""
    query = select(ActionTakenRow).where(col(ActionTakenRow.programme_id) == work.programme_id)
    if commitment_id is not None:
        query = query.where(col(ActionTakenRow.commitment_id) == commitment_id)
    return work.session.exec(query.order_by(col(ActionTakenRow.at), col(ActionTakenRow.id))).all()
