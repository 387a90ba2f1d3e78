"""The engagement record: what sponsors and stewards did with what they promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ancrage.domain.engagement import TriggerKind
from ancrage.domain.engagement_record import Promise, Record, determine_answering, determine_records
from ancrage.domain.escalation.facts import ActionKind, Result
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import Pause
from ancrage.services.commitments import ENGINE, ladder_of
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_actions_taken, fetch_commitments
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import ActionTakenRow, CommitmentKind, CommitmentRow

ANSWERS = frozenset({ActionKind.ACK, ActionKind.FULFIL, ActionKind.SNOOZE, ActionKind.DELEGATE, ActionKind.WAIVE})
"""Actions by which the person who promised shows that they are there."""


def fetch_promises(work: UnitOfWork, programme: Programme | None = None) -> tuple[Promise, ...]:
    """Every commitment of a clause, as the record sees it, by due date."""
    known = programme or current_programme(work)
    taken: dict[str, list[ActionTakenRow]] = defaultdict(list)
    for action in fetch_actions_taken(work):
        if action.refused is None:
            taken[action.commitment_id].append(action)
    periodic = frozenset(clause.id for _, clause in known.clauses() if clause.trigger and clause.trigger.kind is TriggerKind.PERIODIC)
    rows = fetch_commitments(work, kind=CommitmentKind.CLAUSE)
    return tuple(_promise(known, row, taken.get(row.id, ()), periodic) for row in rows if row.clause_id and row.answerable)


def _promise(programme: Programme, row: CommitmentRow, taken: Sequence[ActionTakenRow], periodic: frozenset[str]) -> Promise:
    own = [action for action in taken if action.kind in ANSWERS and _is_own(row, action, taken)]
    ended = [action for action in taken if action.kind is ActionKind.FULFIL]
    return Promise(
        commitment=row.id, clause=row.clause_id or "", person=row.answerable or "", opened_at=row.started_at, due=row.due_at,
        answered_at=min((action.at for action in own), default=None), closed_at=row.closed_at, result=row.result,
        calendar=programme.organisation.calendars.get(str(row.terms.get("calendar", ""))), pauses=_pauses(row),
        taken_over=row.result in (Result.KEPT, Result.LATE) and bool(ended) and not any(action in own for action in ended),
        periodic=row.clause_id in periodic or "period" in row.subject,
    )  # fmt: skip


def _is_own(row: CommitmentRow, action: ActionTakenRow, taken: Sequence[ActionTakenRow]) -> bool:
    """By the person who promised, their stand-in or delegate, or by the engine on facts of theirs; not by whoever takes over."""
    delegates = {str(given.detail.get("to")) for given in taken if given.kind is ActionKind.DELEGATE}
    return action.by in (row.answerable, ENGINE) or action.by in delegates or bool(action.detail.get("by_backup"))


def _pauses(row: CommitmentRow) -> tuple[Pause, ...]:
    ladder: Mapping[str, Any] = row.ladder
    return ladder_of(row).pauses if ladder.get("pauses") else ()


def engagement_records(work: UnitOfWork, as_of: datetime) -> tuple[Record, ...]:
    """The record per person and clause at `as_of` (clause None: all clauses together)."""
    return determine_records(fetch_promises(work), as_of)


def sponsors_answering(work: UnitOfWork, programme: Programme, as_of: datetime) -> dict[str, float]:
    """Share of recent promises answered, by role id of the clause that made them; roles without a decided promise are missing."""
    by_role: dict[str, list[Promise]] = defaultdict(list)
    role_of_clause = {clause.id: clause.by for _, clause in programme.clauses()}
    for promise in fetch_promises(work, programme):
        if promise.clause in role_of_clause:
            by_role[role_of_clause[promise.clause]].append(promise)
    shares = {role: determine_answering(promises, as_of) for role, promises in by_role.items()}
    return {role: share for role, share in shares.items() if share is not None}
