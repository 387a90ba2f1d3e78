"""Commitments: opened by an event, run by their ladder, ended by what people do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ancrage.domain.anchoring.decisions import LIVES
from ancrage.domain.engagement_versions import in_force
from ancrage.domain.escalation.facts import Action, ActionKind, Decision, LadderState, Notice, NoticeStatus, Reason, Status, Terms
from ancrage.domain.escalation.ladder import act, advance_ladder, open_ladder, reassign, settle_before, wake_at
from ancrage.domain.escalation.periodic import keeper, month_of
from ancrage.domain.organisation import Organisation
from ancrage.domain.policies import Policy
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import Budget
from ancrage.errors import NotFound
from ancrage.language import Label, say
from ancrage.storage.campaigns import fetch_action
from ancrage.storage.codec import dump, load, pack_reasons
from ancrage.storage.commitments import claim_due_commitments, fetch_action_taken, fetch_commitment, fetch_commitment_by_event
from ancrage.storage.contracts import fetch_contract_versions, fetch_signature
from ancrage.storage.engine import fetch_last_pass
from ancrage.storage.indicators import fetch_decisions
from ancrage.storage.unit_of_work import UnitOfWork
from models.actions import ActionStatus
from models.commitments import ActionTakenRow, CommitmentKind, CommitmentRow
from models.notices import OutboxRow

ENGINE = "engine"
COMMITMENTS_STAGE = "commitments"


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
    contract_version: int | None = None
    """The version of the contract it is opened under; None: the one in force."""


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
        contract_version=new.contract_version or _version_in_force(work, new.contract_id), responsible=new.responsible,
        answerable=organisation.holder(new.responsible, at), started_at=at, occurred_at=new.occurred_at, due_at=state.due,
        status=state.status, policy_hash=policy_hash(new.policy), terms=dump(terms), ladder=dump(state),
        wake_at=wake_at(terms, state, organisation),
    )
    work.session.add(row)
    work.flush()
    work.record(
        at, by, "commitment_opened", f"commitment:{new.id}", event=new.event_id, due=state.due.isoformat(),
        responsible=new.responsible, policy=new.policy.id, policy_hash=row.policy_hash,
    )
    return row


def _version_in_force(work: UnitOfWork, contract_id: str | None) -> int | None:
    """The version whose terms a new commitment of a contract takes, and keeps."""
    if contract_id is None:
        return None
    version = in_force(fetch_contract_versions(work, contract_id).get(contract_id, ()))
    return version.number if version else None


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
    """What is asked, in both languages."""
    return Label(row.title_fr, row.title_en)


def act_on_commitment(
    work: UnitOfWork, programme: Programme, commitment_id: str, action: Action, channels: Sequence[str]
) -> Decision:
    """Do what somebody asks, once (ESC-A11).

    The same action id gives the stored outcome again and changes nothing. A refusal is recorded too; `Decision.refused` has its code.
    An answer to a monthly promise keeps the month in which it is given, whichever month it was given under (ESC-M3).
    """
    row = existing_commitment(work, commitment_id)
    known = fetch_action_taken(work, action.id)
    if known is not None:
        return Decision(ladder_of(row), refused=known.refused)
    row, terms, said = _month_it_counts_for(work, programme.organisation, row, action)
    _settle(work, programme.organisation, row, terms, action.at, channels)
    decision = _decide_action(work, programme, row, terms, action)
    decision = replace(decision, reasons=said + decision.reasons)
    work.session.add(
        ActionTakenRow(
            programme_id=work.programme_id, id=action.id, commitment_id=row.id, kind=action.kind, at=action.at, by=action.by,
            detail=dump(action), refused=decision.refused,
        )
    )
    what = f"action_refused_{action.kind}" if decision.refused else f"action_{action.kind}"
    work.record(
        action.at, action.by, what, f"commitment:{row.id}", action=action.id, refused=decision.refused, reason=action.reason,
        reasons=pack_reasons(decision.reasons),
    )
    if decision.refused is None:
        save_decision(work, programme.organisation, row, terms, decision, channels)
        _end_what_it_was_for(work, row, action)
    return decision


def _month_it_counts_for(
    work: UnitOfWork, organisation: Organisation, row: CommitmentRow, action: Action
) -> tuple[CommitmentRow, Terms, tuple[Reason, ...]]:
    """The commitment that an answer is about, with why it is another one: a month is kept by an answer inside it (ESC-M2, M3)."""
    terms = terms_of(row)
    if action.kind is not ActionKind.FULFIL or "period" not in row.subject or row.clause_id is None:
        return row, terms, ()
    month = month_of(row.clause_id, organisation.calendars[terms.calendar], action.at).id
    if month == row.id:
        return row, terms, ()
    said = Reason("ESC-M3", say("an answer counts for the month in which it is given: {commitment}", commitment=month))
    row = existing_commitment(work, month)
    return row, terms_of(row), (said,)


def _end_what_it_was_for(work: UnitOfWork, row: CommitmentRow, action: Action) -> None:
    """An action of the plan whose commitment is fulfilled is done, whichever door it was done through (product.md J)."""
    if row.kind is not CommitmentKind.ACTION or action.kind is not ActionKind.FULFIL:
        return
    planned = fetch_action(work, str(row.subject.get("action", "")))
    if planned is not None and planned.status is ActionStatus.ACCEPTED:
        planned.status, planned.changed_at = ActionStatus.DONE, action.at
        work.session.add(planned)
        work.record(action.at, action.by, "action_done", f"action:{planned.id}", commitment=row.id)


def _decide_action(work: UnitOfWork, programme: Programme, row: CommitmentRow, terms: Terms, action: Action) -> Decision:
    """What an action does, when its author may do it.

    A month is kept only by the holder of its role or of the backup role, who is so marked (ESC-M2). A waiver is given only by the
    holder of a role that the policy or the contract names (ESC-A8). A request to sign is fulfilled by a signature alone, and
    one about the lifetime of an indicator by a recorded decision.
    """
    state, organisation = ladder_of(row), programme.organisation
    if state.status is Status.CLOSED or action.by == ENGINE:
        return act(terms, state, action, organisation)
    if action.kind is ActionKind.FULFIL and "period" in row.subject:
        found = keeper(terms, state, organisation, action.by, action.at)
        if not found.allowed:
            return Decision(state, refused="not_allowed")
        action = replace(action, by_backup=found.by_backup)
    if action.kind is ActionKind.FULFIL and "party" in row.subject:
        number = row.contract_version or 0
        if fetch_signature(work, row.contract_id or "", number, str(row.subject["party"])) is None:
            return Decision(state, refused="not_signed")
    if action.kind is ActionKind.FULFIL and "lifetime" in row.subject:
        indicator = str(row.subject["indicator"])
        if all(decision.at < row.started_at or decision.kind not in LIVES for decision in fetch_decisions(work, indicator)):
            return Decision(state, refused="not_decided")
    if action.kind is ActionKind.WAIVE:
        holders = {organisation.holder(role, action.at) for role in waiver_roles(programme, terms, row.clause_id)}
        if action.by not in holders:
            return Decision(state, refused="not_allowed")
    return act(terms, state, action, organisation)


def waiver_roles(programme: Programme, terms: Terms, clause_id: str | None) -> tuple[str, ...]:
    """Role ids that may waive: those the policy names, else the one of the clause, else the steward of the contract (ESC-A8)."""
    named = terms.policy.waiver_roles or tuple(
        clause.waiver_role or contract.steward for contract, clause in programme.clauses() if clause.id == clause_id
    )
    return named or (programme.steward,)


def _settle(
    work: UnitOfWork, organisation: Organisation, row: CommitmentRow, terms: Terms, at: datetime, channels: Sequence[str]
) -> None:
    """What was due strictly before an action is decided before it (ESC-A2, C1), while the engine runs.

    After a stop of the engine nothing is made up: the ladder goes on from its next pass (ESC-C3).
    """
    last = fetch_last_pass(work, COMMITMENTS_STAGE)
    if row.wake_at is None or row.wake_at >= at or last is None or (at - last).total_seconds() > terms.policy.grace_seconds:
        return
    decision = settle_before(terms, ladder_of(row), organisation, at)
    if decision.state != ladder_of(row):
        _record_pass(work, row, decision, at)
        save_decision(work, organisation, row, terms, decision, channels)
        work.flush()


def existing_commitment(work: UnitOfWork, commitment_id: str) -> CommitmentRow:
    """The commitment, locked until the unit of work ends; NotFound when there is none."""
    row = fetch_commitment(work, commitment_id, lock=True)
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
        _record_pass(work, row, decision, as_of)
    row.passed_at = as_of
    save_decision(work, organisation, row, terms, decision, channels)


def _record_pass(work: UnitOfWork, row: CommitmentRow, decision: Decision, at: datetime) -> None:
    work.record(
        at, ENGINE, "pass", f"commitment:{row.id}", reasons=pack_reasons(decision.reasons),
        notices=[f"{notice.step}#{notice.occurrence}>{notice.person}" for notice in decision.notices],
    )


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
    channels: Sequence[str],
) -> None:
    """Write what was decided: the state with its head, and one outbox row per notice and channel (ESC-G1)."""
    state = decision.state
    row.ladder = dump(state)
    row.status, row.result, row.closed_at, row.due_at = state.status, state.result, state.closed_at, state.due
    row.wake_at = wake_at(terms, state, organisation)
    work.session.add(row)
    queue_notices(work, decision.notices, channels, decision.reasons)


def queue_notices(work: UnitOfWork, notices: Sequence[Notice], channels: Sequence[str], reasons: Sequence[Reason]) -> None:
    """One outbox row per notice and channel, in the transaction of what caused them (ESC-G1)."""
    for notice in notices:
        for channel in channels:
            work.session.add(_outbox_row(work.programme_id, notice, channel, pack_reasons(reasons)))


def _outbox_row(programme_id: str, notice: Notice, channel: str, reasons: list[dict[str, Any]]) -> OutboxRow:
    return OutboxRow(
        programme_id=programme_id,
        id=f"{notice.commitment}/{notice.step}/{notice.occurrence}/{notice.person}/{channel}",
        commitment_id=notice.commitment, step_id=notice.step, occurrence=notice.occurrence, person_id=notice.person,
        channel=channel, urgent=notice.urgent, in_place_of=notice.in_place_of, fired_at=notice.fired_at,
        next_at=notice.fired_at, status=NoticeStatus.WAITING, reasons=reasons,
    )
