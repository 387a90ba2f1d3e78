"""The engagement record: what sponsors and stewards did with what they promised."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from ancrage.domain.engagement_record import Promise, Record, determine_answering, determine_records
from ancrage.domain.escalation.facts import ActionKind
from ancrage.domain.programme import Programme
from ancrage.storage.commitments import fetch_actions_taken, fetch_commitments
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind, CommitmentRow

ANSWERS = frozenset({ActionKind.ACK, ActionKind.FULFIL, ActionKind.SNOOZE, ActionKind.DELEGATE, ActionKind.WAIVE})
"""Actions by which the person who promised shows that they are there."""


def fetch_promises(work: UnitOfWork) -> tuple[Promise, ...]:
    """Every commitment of a clause, as the record sees it, by due date."""
    first_answers: dict[str, datetime] = {}
    for action in fetch_actions_taken(work):
        if action.refused is None and action.kind in ANSWERS:
            first_answers.setdefault(action.commitment_id, action.at)
    rows = fetch_commitments(work, kind=CommitmentKind.CLAUSE)
    return tuple(_promise(row, first_answers.get(row.id)) for row in rows if row.clause_id and row.answerable)


def _promise(row: CommitmentRow, answered_at: datetime | None) -> Promise:
    return Promise(
        commitment=row.id, clause=row.clause_id or "", person=row.answerable or "", opened_at=row.started_at, due=row.due_at,
        answered_at=answered_at, closed_at=row.closed_at, result=row.result,
    )


def engagement_records(work: UnitOfWork, as_of: datetime) -> tuple[Record, ...]:
    """The record per person and clause at `as_of` (clause None: all clauses together)."""
    return determine_records(fetch_promises(work), as_of)


def sponsors_answering(work: UnitOfWork, programme: Programme, as_of: datetime) -> dict[str, float]:
    """Share of recent promises answered, by role id of the clause that made them; roles without a decided promise are missing."""
    by_role: dict[str, list[Promise]] = defaultdict(list)
    role_of_clause = {clause.id: clause.by for _, clause in programme.clauses()}
    for promise in fetch_promises(work):
        if promise.clause in role_of_clause:
            by_role[role_of_clause[promise.clause]].append(promise)
    shares = {role: determine_answering(promises, as_of) for role, promises in by_role.items()}
    return {role: share for role, share in shares.items() if share is not None}
