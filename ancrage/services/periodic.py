"""Promises of every month: opened for each month of a contract in force, and settled when a newer month overtakes them (ESC-M)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from ancrage.domain.engagement import Clause, Contract, TriggerKind
from ancrage.domain.engagement_versions import ContractVersion
from ancrage.domain.escalation.periodic import Month, months_to_open, next_month_at, settle_older_months
from ancrage.domain.escalation.rungs import SECOND
from ancrage.domain.programme import Programme
from ancrage.services.commitments import (
    ENGINE,
    NewCommitment,
    ladder_of,
    open_commitment,
    save_decision,
    terms_of,
)
from ancrage.services.contract_versions import policy_of, promises_in_force, text_of
from ancrage.storage.codec import pack_reasons
from ancrage.storage.commitments import fetch_commitments, fetch_known_events
from ancrage.storage.contracts import fetch_contract_versions
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind, CommitmentRow


def open_periodic_commitments(work: UnitOfWork, programme: Programme, as_of: datetime, channels: Sequence[str]) -> int:
    """Open every month that has begun since each contract came into force, and settle overtaken months. Returns how many opened."""
    promised = promises_in_force(work, programme)
    clauses = list(_periodic_clauses(work, promised))
    known = fetch_known_events(work, [clause.id for _, clause, _ in clauses])
    opened = 0
    for contract, clause, since in clauses:
        calendar = programme.organisation.calendars[contract.calendar]
        for month in months_to_open(clause.id, calendar, since, as_of):
            if _event(month) not in known:
                opened += _open_month(work, promised, contract, clause, month)
    _settle_overtaken(work, programme, [clause.id for _, clause, _ in clauses], as_of, channels)
    return opened


def next_turn_of_months(work: UnitOfWork, programme: Programme, as_of: datetime) -> datetime | None:
    """When time alone next opens a month, or makes one overdue beside an older one (ESC-M1, M4); None without monthly promises."""
    promised = promises_in_force(work, programme)
    clauses = [(contract, clause) for contract, clause in promised.clauses() if _is_monthly(clause)]
    turns = [next_month_at(programme.organisation.calendars[contract.calendar], as_of) for contract, _ in clauses]
    if clauses:
        rows = fetch_commitments(work, only_open=True, clause_ids=[clause.id for _, clause in clauses])
        turns += [row.due_at + SECOND for row in rows if row.due_at >= as_of]
    return min(turns, default=None)


def _is_monthly(clause: Clause) -> bool:
    return clause.trigger is not None and clause.trigger.kind is TriggerKind.PERIODIC and clause.policy is not None


def _event(month: Month) -> str:
    return f"month:{month.id}"


def _periodic_clauses(work: UnitOfWork, promised: Programme) -> Iterator[tuple[Contract, Clause, datetime]]:
    """Monthly clauses of contracts in force, with the instant since which their month counts."""
    versions = fetch_contract_versions(work)
    for contract, clause in promised.clauses():
        if _is_monthly(clause):
            yield contract, clause, _promised_since(work, promised, versions[contract.id], clause)


def _promised_since(work: UnitOfWork, promised: Programme, versions: Sequence[ContractVersion], clause: Clause) -> datetime:
    """When the clause was first in force and has been ever since: a new version of its contract does not begin its months anew."""
    signed = sorted((version for version in versions if version.complete_at), key=lambda version: -version.number)
    since = signed[0].complete_at
    for version in signed[1:]:
        text = text_of(work, promised, version)
        if not any(one.id == clause.id and one.trigger == clause.trigger for one in text.clauses):
            break
        since = version.complete_at
    assert since is not None, "every one of them is complete"
    return since


def _open_month(work: UnitOfWork, programme: Programme, contract: Contract, clause: Clause, month: Month) -> bool:
    new = NewCommitment(
        id=month.id, kind=CommitmentKind.CLAUSE, title=clause.promise, event_id=_event(month), responsible=clause.by,
        calendar=contract.calendar, budget=month.budget, policy=policy_of(programme, contract, clause),
        subject={"period": month.id.rpartition("@")[2]}, contract_id=contract.id, clause_id=clause.id,
    )
    return open_commitment(work, programme, new, month.opens_at) is not None


def _settle_overtaken(
    work: UnitOfWork, programme: Programme, clause_ids: Sequence[str], as_of: datetime, channels: Sequence[str]
) -> None:
    """ESC-M4, clause by clause; asked before ladders advance, so that an overtaken month fires no more."""
    by_clause: dict[str | None, list[CommitmentRow]] = {}
    for row in fetch_commitments(work, only_open=True, clause_ids=clause_ids, due_before=as_of):
        by_clause.setdefault(row.clause_id, []).append(row)
    for overdue in by_clause.values():
        if len(overdue) > 1:
            _settle_clause(work, programme, {row.id: row for row in overdue}, as_of, channels)


def _settle_clause(
    work: UnitOfWork, programme: Programme, rows: Mapping[str, CommitmentRow], as_of: datetime, channels: Sequence[str]
) -> None:
    months = [(terms_of(row), ladder_of(row)) for row in rows.values()]
    for commitment_id, decision in settle_older_months(months, as_of).items():
        row = rows[commitment_id]
        work.record(
            as_of, ENGINE, "month_overtaken", f"commitment:{commitment_id}", result=decision.state.result,
            reasons=pack_reasons(decision.reasons),
        )
        save_decision(work, programme.organisation, row, terms_of(row), decision, channels)
