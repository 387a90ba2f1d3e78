"""The programme in force, with the facts that people recorded about themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ancrage.domain.engagement import Contract
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import say
from ancrage.storage.programmes import fetch_absences, fetch_programme, fetch_signatures
from ancrage.storage.unit_of_work import UnitOfWork
from models.indicators import ClockRow
from models.programme import AbsenceRow, SignatureRow


def current_programme(work: UnitOfWork) -> Programme:
    """The declarations in force with recorded absences added. NotFound before the first `apply`."""
    programme = fetch_programme(work)
    if programme is None:
        raise NotFound(say("nothing has been applied yet; run `ancrage apply` first"))
    absences = fetch_absences(work)
    if not absences:
        return programme
    return replace(programme, organisation=programme.organisation.with_facts(absences=absences))


def record_absence(work: UnitOfWork, person_id: str, since: datetime, until: datetime, reason: str, by: str, at: datetime) -> None:
    """Record that somebody is away from `since` until just before `until`; recording the same absence twice changes nothing."""
    programme = current_programme(work)
    if person_id not in programme.organisation.people:
        raise NotFound(say("there is no person {person}", person=person_id))
    if until <= since:
        raise Refused("period", say("an absence must end after it begins"))
    absence_id = f"{person_id}@{since.isoformat()}"
    if work.session.get(AbsenceRow, (work.programme_id, absence_id)) is not None:
        return
    work.session.add(
        AbsenceRow(programme_id=work.programme_id, id=absence_id, person_id=person_id, since=since, until=until, reason=reason)
    )
    work.record(at, by, "absence_recorded", f"person:{person_id}", since=since.isoformat(), until=until.isoformat(), reason=reason)


def sign_contract(work: UnitOfWork, contract_id: str, role_id: str, person_id: str, at: datetime) -> None:
    """One party signs the contract as it stands; only the holder of a party's role can, and signing twice changes nothing."""
    programme = current_programme(work)
    contract = _contract(programme, contract_id)
    if role_id not in contract.parties():
        raise Refused("not_a_party", say("{role} is not a party of contract {contract}", role=role_id, contract=contract.name))
    if programme.organisation.holder(role_id, at) != person_id:
        raise Refused("not_the_holder", say("{person} does not hold the role {role}", person=person_id, role=role_id))
    key = (work.programme_id, contract_id, contract.fingerprint, role_id)
    if work.session.get(SignatureRow, key) is not None:
        return
    work.session.add(
        SignatureRow(
            programme_id=work.programme_id, contract_id=contract_id, contract_fingerprint=contract.fingerprint,
            role_id=role_id, person_id=person_id, signed_at=at,
        )
    )
    work.record(at, person_id, "contract_signed", f"contract:{contract_id}", role=role_id, fingerprint=contract.fingerprint)


def missing_signatures(work: UnitOfWork, contract: Contract) -> tuple[str, ...]:
    """Role ids of the parties that have not signed this version of the contract; empty: it is in force."""
    signed = {row.role_id for row in fetch_signatures(work, contract.id) if row.contract_fingerprint == contract.fingerprint}
    return tuple(role for role in contract.parties() if role not in signed)


def contracts_to_sign(work: UnitOfWork, programme: Programme) -> tuple[tuple[Contract, str], ...]:
    """Each contract with a role id whose signature it still lacks, in declared order."""
    return tuple((contract, role) for contract in programme.contracts.values() for role in missing_signatures(work, contract))


def contracts_in_force(work: UnitOfWork, programme: Programme) -> frozenset[str]:
    """Ids of the contracts that every party has signed in their present version."""
    signed = {(row.contract_id, row.contract_fingerprint, row.role_id) for row in fetch_signatures(work)}
    return frozenset(
        contract.id
        for contract in programme.contracts.values()
        if all((contract.id, contract.fingerprint, role) in signed for role in contract.parties())
    )


def _contract(programme: Programme, contract_id: str) -> Contract:
    if contract_id not in programme.contracts:
        known = ", ".join(programme.contracts)
        raise NotFound(say("there is no contract {contract}; declared: {known}", contract=contract_id, known=known))
    return programme.contracts[contract_id]


def record_clock(work: UnitOfWork, transformation_id: str, clock: str, actual_on: datetime, by: str, at: datetime) -> None:
    """Record the day a clock of a transformation really struck (`defined`, `tool_delivered`, ...); the first record stays."""
    programme = current_programme(work)
    if transformation_id not in programme.transformations:
        raise NotFound(say("there is no transformation {transformation}", transformation=transformation_id))
    if work.session.get(ClockRow, (work.programme_id, transformation_id, clock)) is not None:
        return
    work.session.add(
        ClockRow(
            programme_id=work.programme_id, transformation_id=transformation_id, clock=clock, actual_on=actual_on.date(),
            recorded_at=at, recorded_by=by,
        )
    )
    work.record(at, by, "clock_recorded", f"transformation:{transformation_id}", clock=clock, on=actual_on.date().isoformat())
