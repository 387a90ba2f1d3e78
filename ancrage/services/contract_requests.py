"""Propose a contract: record the version, and ask each party to sign it, as an ordinary commitment with its ladder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.engagement import Contract
from ancrage.domain.engagement_versions import ContractVersion
from ancrage.domain.programme import Programme
from ancrage.errors import Refused
from ancrage.language import say
from ancrage.services.commitments import NewCommitment, open_commitment
from ancrage.services.contract_notices import tell_party
from ancrage.services.contract_signing import cancel_requests, request_id
from ancrage.services.contract_versions import Standing, declared_contract, record_version, standing_of
from ancrage.storage.contracts import fetch_version_row
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind


@dataclass(frozen=True, slots=True)
class Proposal:
    """What came of proposing: the version, the roles newly asked to sign, and the number of the version it takes the place of."""

    version: ContractVersion
    asked: tuple[str, ...]
    replaces: int | None = None


def propose_contract(
    work: UnitOfWork, programme: Programme, contract_id: str, by: str, at: datetime, channels: Sequence[str]
) -> Proposal:
    """The steward proposes the declared text: the next version, and a request to sign for each party. Proposing it again asks nobody twice.

    A version that still waited for signatures is withdrawn. Refused: `not_the_steward`, or `nothing_new` when this text is in force.
    """
    contract, standing = declared_contract(programme, contract_id), standing_of(work, contract_id)
    _require_steward(programme, contract, by, at)
    waiting, holds = standing.proposed, standing.in_force
    if waiting is not None and waiting.fingerprint == contract.fingerprint:
        return Proposal(waiting, _ask(work, programme, contract, waiting, at, channels))
    if holds is not None and holds.fingerprint == contract.fingerprint:
        raise Refused("nothing_new", say("version {version}, which is in force, has this very text: there is nothing to sign",
                                         version=holds.number))  # fmt: skip
    if waiting is not None:
        _withdraw(work, programme, waiting, by, at, "replaced", channels)
    version = record_version(work, contract, by, at)
    asked = _ask(work, programme, contract, version, at, channels)
    return Proposal(version, asked, waiting.number if waiting else None)


def _require_steward(programme: Programme, contract: Contract, by: str, at: datetime) -> None:
    stewards = {programme.organisation.holder(role, at) for role in (contract.steward, programme.steward)}
    if by not in stewards:
        raise Refused("not_the_steward", say("only the steward of contract {contract} does this, not {person}", contract=contract.name,
                                             person=by))  # fmt: skip


def _ask(
    work: UnitOfWork, programme: Programme, contract: Contract, version: ContractVersion, at: datetime, channels: Sequence[str]
) -> tuple[str, ...]:
    """Open a request for each party that has not signed and was not asked before; tell them at once."""
    asked = []
    for role in version.missing:
        row = open_commitment(work, programme, _request(programme, contract, version, role), at, version.proposed_by)
        if row is not None:
            tell_party(work, programme, row, at, channels)
            asked.append(role)
    return tuple(asked)


def _request(programme: Programme, contract: Contract, version: ContractVersion, role: str) -> NewCommitment:
    defaults = programme.defaults
    title = say("Sign the contract “{contract}”, version {version}", contract=contract.name, version=version.number).label()
    return NewCommitment(
        id=request_id(version, role), kind=CommitmentKind.REVIEW, title=title, event_id=request_id(version, role), responsible=role,
        calendar=contract.calendar, budget=defaults.signing.budget, policy=programme.policies[defaults.signing_policy],
        subject={"contract": contract.id, "version": version.number, "party": role}, contract_id=contract.id,
        contract_version=version.number,
    )


def withdraw_contract(
    work: UnitOfWork, programme: Programme, contract_id: str, by: str, reason: str, at: datetime, channels: Sequence[str]
) -> ContractVersion:
    """The steward takes back the version that waits for signatures: its requests are cancelled, what is in force stays in force.

    Refused: `not_the_steward`, `reason_missing`, or `nothing_proposed`.
    """
    contract, standing = declared_contract(programme, contract_id), standing_of(work, contract_id)
    _require_steward(programme, contract, by, at)
    if not reason:
        raise Refused("reason_missing", say("Say what should change, or why: nothing was changed."))
    if standing.proposed is None:
        raise Refused("nothing_proposed", say("no version of contract {contract} waits for signatures", contract=contract.name))
    _withdraw(work, programme, standing.proposed, by, at, reason, channels)
    return standing.proposed


def _withdraw(
    work: UnitOfWork, programme: Programme, version: ContractVersion, by: str, at: datetime, reason: str, channels: Sequence[str]
) -> None:
    row = fetch_version_row(work, version.contract, version.number, lock=True)
    assert row is not None, "it was just found to wait for signatures"
    row.withdrawn_at, row.withdrawn_why = at, reason
    work.session.add(row)
    work.record(at, by, "contract_withdrawn", f"contract:{version.contract}", version=version.number, why=reason)
    cancel_requests(work, programme, version, by, at, reason, channels)
    work.flush()


def declared_differs(contract: Contract, standing: Standing) -> bool:
    """Whether the declared text is neither in force nor waiting for signatures."""
    return not standing.knows(contract.fingerprint)
