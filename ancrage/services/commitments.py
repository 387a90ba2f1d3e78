"""Commitments: opened by an event, run by their ladder, ended by what people do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ancrage.domain.escalation.facts import Action, Decision, LadderState, Notice, NoticeStatus, Status, Terms
from ancrage.domain.escalation.ladder import act, advance_ladder, open_ladder, reassign, wake_at
from ancrage.domain.organisation import Organisation, Role
from ancrage.domain.policies import Policy
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import Budget
from ancrage.errors import NotFound
from ancrage.language import Label, Message, say
from ancrage.storage.codec import dump, load, pack_reasons
from ancrage.storage.commitments import claim_due_commitments, fetch_action_taken, fetch_commitment, fetch_commitment_by_event
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import ActionTakenRow, CommitmentKind, CommitmentRow
from models.notices import OutboxRow

ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class NewCommitment:
    """What is needed to open a commitment. `event_id` opens at most one; `id` is readable and derived from it."""

    id: str
    kind: CommitmentKind
    title: Label
    event_id: str
    responsible: str
    calendar: str
    budget: Budget
    policy: Policy
    subject: dict[str, Any]
    contract_id: str | None = None
    clause_id: str | None = None
    occurred_at: datetime | None = None


def open_commitment(
    work: UnitOfWork, programme: Programme, new: NewCommitment, at: datetime, by: str = ENGINE
) -> CommitmentRow | None:
    """Open a commitment at `at` (its clock starts when it is detected, ESC-C4). None when its event has opened one before (ESC-A11)."""
    if fetch_commitment_by_event(work, new.event_id) is not None:
        return None
    organisation = programme.organisation
    terms = Terms(new.id, new.calendar, new.responsible, new.budget, new.policy, at)
    state = open_ladder(terms, organisation)
    row = CommitmentRow(
        programme_id=work.programme_id, id=new.id, kind=new.kind, title_fr=new.title.fr, title_en=new.title.en,
        event_id=new.event_id, contract_id=new.contract_id, clause_id=new.clause_id, subject=new.subject,
        responsible=new.responsible, answerable=organisation.holder(new.responsible, at), started_at=at,
        occurred_at=new.occurred_at, due_at=state.due, status=state.status, policy_hash=policy_hash(new.policy),
        terms=dump(terms), ladder=dump(state), wake_at=_wake(terms, state, organisation, at),
    )
    work.session.add(row)
    work.flush()
    work.record(
        at, by, "commitment_opened", f"commitment:{new.id}", event=new.event_id, due=state.due.isoformat(),
        responsible=new.responsible, policy=new.policy.id, policy_hash=row.policy_hash,
    )
    return row


def policy_hash(policy: Policy) -> str:
    """Content hash of a policy, stored with every commitment that runs by it (ESC-K1)."""
    return hashlib.sha256(json.dumps(dump(policy), sort_keys=True).encode()).hexdigest()[:16]


def terms_of(row: CommitmentRow) -> Terms:
    """What the commitment keeps from its start."""
    return load(Terms, row.terms)


def ladder_of(row: CommitmentRow) -> LadderState:
    """What has happened to the commitment."""
    return load(LadderState, row.ladder)


def title_of(row: CommitmentRow) -> Label:
    return Label(row.title_fr, row.title_en)


def act_on_commitment(
    work: UnitOfWork, programme: Programme, commitment_id: str, action: Action, channels: Sequence[str]
) -> Decision:
    """Do what somebody asks, once (ESC-A11).

    The same action id gives the stored outcome again and changes nothing. A refusal is recorded too; `Decision.refused` has its code.
    """
    row = _existing(fetch_commitment(work, commitment_id, lock=True), commitment_id)
    known = fetch_action_taken(work, action.id)
    if known is not None:
        return Decision(ladder_of(row), refused=known.refused)
    terms, before = terms_of(row), ladder_of(row)
    decision = act(terms, before, action, programme.organisation)
    work.session.add(
        ActionTakenRow(
            programme_id=work.programme_id, id=action.id, commitment_id=commitment_id, kind=action.kind, at=action.at, by=action.by,
            detail=dump(action), refused=decision.refused,
        )
    )
    what = f"action_refused_{action.kind}" if decision.refused else f"action_{action.kind}"
    work.record(
        action.at, action.by, what, f"commitment:{commitment_id}", action=action.id, refused=decision.refused, reason=action.reason,
        reasons=pack_reasons(decision.reasons),
    )
    if decision.refused is None:
        save_decision(work, programme.organisation, row, terms, decision, action.at, channels)
    return decision


def _existing(row: CommitmentRow | None, commitment_id: str) -> CommitmentRow:
    if row is None:
        raise NotFound(say("there is no commitment {commitment}", commitment=commitment_id))
    return row


def pass_over_commitments(work: UnitOfWork, programme: Programme, as_of: datetime, channels: Sequence[str], limit: int) -> int:
    """One batch of one pass: decide every claimed commitment, record state, journal and outbox together (ESC-G1).

    Returns how many were looked at; call again in a new unit of work until it is 0.
    """
    rows = claim_due_commitments(work, as_of, limit)
    for row in rows:
        _pass_over_one(work, programme.organisation, row, as_of, channels)
    return len(rows)


def _pass_over_one(
    work: UnitOfWork, organisation: Organisation, row: CommitmentRow, as_of: datetime, channels: Sequence[str]
) -> None:
    terms = terms_of(row)
    decision = _announce_new_holder(organisation, row, terms, as_of)
    step = advance_ladder(terms, decision.state, organisation, as_of)
    decision = replace(step, notices=decision.notices + step.notices, reasons=decision.reasons + step.reasons)
    if decision.notices or decision.state != ladder_of(row):
        work.record(
            as_of, ENGINE, "pass", f"commitment:{row.id}", reasons=pack_reasons(decision.reasons),
            notices=[f"{notice.step}#{notice.occurrence}>{notice.person}" for notice in decision.notices],
        )
    row.passed_at = as_of
    save_decision(work, organisation, row, terms, decision, as_of, channels)


def _announce_new_holder(organisation: Organisation, row: CommitmentRow, terms: Terms, as_of: datetime) -> Decision:
    """ESC-W7: when the role has a new holder, that person gets one `assigned` notice."""
    state, holder = ladder_of(row), organisation.holder(terms.responsible, as_of)
    if holder == row.answerable:
        return Decision(state)
    row.answerable = holder
    return reassign(terms, state, organisation, as_of)


def save_decision(
    work: UnitOfWork,
    organisation: Organisation,
    row: CommitmentRow,
    terms: Terms,
    decision: Decision,
    at: datetime,
    channels: Sequence[str],
) -> None:
    """Write what was decided: the state with its head, and one outbox row per notice and channel (ESC-G1)."""
    state = decision.state
    row.ladder = dump(state)
    row.status, row.result, row.closed_at, row.due_at = state.status, state.result, state.closed_at, state.due
    row.wake_at = _wake(terms, state, organisation, at)
    work.session.add(row)
    for notice in decision.notices:
        for channel in channels:
            work.session.add(_outbox_row(work.programme_id, notice, channel, pack_reasons(decision.reasons)))


def _outbox_row(programme_id: str, notice: Notice, channel: str, reasons: list[dict[str, Any]]) -> OutboxRow:
    return OutboxRow(
        programme_id=programme_id,
        id=f"{notice.commitment}/{notice.step}/{notice.occurrence}/{notice.person}/{channel}",
        commitment_id=notice.commitment, step_id=notice.step, occurrence=notice.occurrence, person_id=notice.person,
        channel=channel, urgent=notice.urgent, in_place_of=notice.in_place_of, fired_at=notice.fired_at,
        next_at=notice.fired_at, status=NoticeStatus.WAITING, reasons=reasons,
    )


def _wake(terms: Terms, state: LadderState, organisation: Organisation, at: datetime) -> datetime | None:
    """When a pass must look again: at the next rung, or when the responsible role changes hands (ESC-W7)."""
    if state.status is Status.CLOSED:
        return None
    role = organisation.roles.get(terms.responsible)
    instants = [wake_at(terms, state, organisation), _next_change(role, at) if role else None]
    return min((instant for instant in instants if instant is not None), default=None)


def _next_change(role: Role, at: datetime) -> datetime | None:
    bounds = (bound for period in role.periods for bound in (period.since, period.until) if bound is not None)
    return min((bound for bound in bounds if bound > at), default=None)


def describe(decision: Decision) -> tuple[tuple[str, Message], ...]:
    """The lines that explain a decision: rule number and sentence."""
    return tuple((reason.rule, reason.message) for reason in decision.reasons)
