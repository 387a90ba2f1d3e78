"""Promises of every month: opened for each month of a contract in force, and settled when a newer month overtakes them (ESC-M)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ancrage.domain.engagement import Clause, Contract, TriggerKind
from ancrage.domain.escalation.facts import Action, ActionKind, Decision
from ancrage.domain.escalation.periodic import Keeper, Month, keeper, months_to_open, settle_older_months
from ancrage.domain.programme import Programme
from ancrage.services.commitments import (
    ENGINE,
    NewCommitment,
    act_on_commitment,
    existing_commitment,
    ladder_of,
    open_commitment,
    save_decision,
    terms_of,
)
from ancrage.storage.codec import pack_reasons
from ancrage.storage.commitments import fetch_commitment_by_event, fetch_commitments
from ancrage.storage.programmes import fetch_signatures
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind, CommitmentRow


def open_periodic_commitments(work: UnitOfWork, programme: Programme, as_of: datetime, channels: Sequence[str]) -> int:
    """Open every month that has begun since each contract came into force, and settle overtaken months. Returns how many opened."""
    opened = 0
    for contract, clause, since in _periodic_clauses(work, programme):
        calendar = programme.organisation.calendars[contract.calendar]
        for month in months_to_open(clause.id, calendar, since, as_of):
            opened += _open_month(work, programme, contract, clause, month)
        _settle_overtaken(work, programme, clause, as_of, channels)
    return opened


def _periodic_clauses(work: UnitOfWork, programme: Programme) -> Iterator[tuple[Contract, Clause, datetime]]:
    """Monthly clauses of contracts in force, with the instant of the last signature."""
    signed: dict[tuple[str, str], dict[str, datetime]] = {}
    for row in fetch_signatures(work):
        signed.setdefault((row.contract_id, row.contract_fingerprint), {})[row.role_id] = row.signed_at
    for contract, clause in programme.clauses():
        parties = signed.get((contract.id, contract.fingerprint), {})
        if clause.trigger is None or clause.trigger.kind is not TriggerKind.PERIODIC or clause.policy is None:
            continue
        if set(contract.parties()) <= parties.keys():
            yield contract, clause, max(parties.values())


def _open_month(work: UnitOfWork, programme: Programme, contract: Contract, clause: Clause, month: Month) -> bool:
    event = f"month:{month.id}"
    if fetch_commitment_by_event(work, event) is not None or clause.policy is None:
        return False
    new = NewCommitment(
        id=month.id, kind=CommitmentKind.CLAUSE, title=clause.promise, event_id=event, responsible=clause.by,
        calendar=contract.calendar, budget=month.budget, policy=programme.policies[clause.policy],
        subject={"period": month.id.rpartition("@")[2]}, contract_id=contract.id, clause_id=clause.id,
    )
    return open_commitment(work, programme, new, month.opens_at) is not None


def _settle_overtaken(work: UnitOfWork, programme: Programme, clause: Clause, as_of: datetime, channels: Sequence[str]) -> None:
    rows = {row.id: row for row in fetch_commitments(work, only_open=True, clause_ids=[clause.id])}
    months = [(terms_of(row), ladder_of(row)) for row in rows.values()]
    for commitment_id, decision in settle_older_months(months, as_of).items():
        row = rows[commitment_id]
        work.record(
            as_of, ENGINE, "month_overtaken", f"commitment:{commitment_id}", result=decision.state.result,
            reasons=pack_reasons(decision.reasons),
        )
        save_decision(work, programme.organisation, row, terms_of(row), decision, channels)


def keep_month(
    work: UnitOfWork, programme: Programme, commitment_id: str, by: str, action_id: str, at: datetime, channels: Sequence[str],
    reason: str = "",
) -> Decision:
    """The event that keeps a month took place (ESC-M2): the holder of the role was there, or the backup, who is so marked.

    Anybody else is refused with `not_allowed`; the refusal is recorded.
    """
    row = existing_commitment(work, commitment_id)
    found = _keeper(programme, row, by, at)
    action = Action(id=action_id, kind=ActionKind.FULFIL, at=at, by=by, reason=reason, by_backup=found.by_backup)
    if found.allowed:
        return act_on_commitment(work, programme, commitment_id, action, channels)
    work.record(at, by, "action_refused_fulfil", f"commitment:{commitment_id}", action=action_id, refused="not_allowed")
    return Decision(ladder_of(row), refused="not_allowed")


def _keeper(programme: Programme, row: CommitmentRow, by: str, at: datetime) -> Keeper:
    return keeper(terms_of(row), ladder_of(row), programme.organisation, by, at)
