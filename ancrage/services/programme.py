"""The programme in force, with the facts that people recorded about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ancrage.declarations.suggestions import closest
from ancrage.domain.engagement import Contract
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import say
from ancrage.services.contract_signing import Signing, sign_version, version_to_sign
from ancrage.services.contract_versions import promises_in_force
from ancrage.storage.contracts import fetch_contract_versions
from ancrage.storage.programmes import PROGRAMME, fetch_absences, fetch_programme
from ancrage.storage.unit_of_work import UnitOfWork
from models.indicators import ClockRow
from models.programme import AbsenceRow


def current_programme(work: UnitOfWork) -> Programme:
    """The declarations in force with recorded absences added. NotFound before the first `apply`.

    Read once per unit of work: what another process applies meanwhile counts from the next one on.
    """
    known: Programme | None = work.memory.get(PROGRAMME)
    if known is None:
        known = work.memory[PROGRAMME] = _read_programme(work)
    return known


def _read_programme(work: UnitOfWork) -> Programme:
    programme = fetch_programme(work)
    if programme is None:
        raise NotFound(say("nothing has been applied yet; run `ancrage apply` first"))
    absences = fetch_absences(work)
    if not absences:
        return programme
    return replace(programme, organisation=programme.organisation.with_facts(absences=absences))


def require_person(programme: Programme, person_id: str) -> None:
    """NotFound, with the nearest name, when nobody of this id is declared."""
    people = programme.organisation.people
    if person_id in people:
        return
    close = closest(person_id, people)
    if close is not None:
        raise NotFound(say("there is no person {person}; did you mean {close}?", person=person_id, close=close))
    raise NotFound(say("there is no person {person}; `ancrage people list` names everybody", person=person_id))


def record_absence(work: UnitOfWork, person_id: str, since: datetime, until: datetime, reason: str, by: str, at: datetime) -> None:
    """Record that somebody is away from `since` until just before `until`; recording the same absence twice changes nothing."""
    programme = current_programme(work)
    require_person(programme, person_id)
    if until <= since:
        raise Refused("period", say("an absence must end after it begins"))
    absence_id = f"{person_id}@{since.isoformat()}"
    if work.session.get(AbsenceRow, (work.programme_id, absence_id)) is not None:
        return
    work.session.add(
        AbsenceRow(programme_id=work.programme_id, id=absence_id, person_id=person_id, since=since, until=until, reason=reason)
    )
    work.flush()
    work.memory.pop(PROGRAMME, None)
    work.record(at, by, "absence_recorded", f"person:{person_id}", since=since.isoformat(), until=until.isoformat(), reason=reason)


def sign_contract(
    work: UnitOfWork, contract_id: str, role_id: str, person_id: str, at: datetime, channels: Sequence[str] = ()
) -> None:
    """One party signs the version that waits for signatures, or the contract as it stands; signing twice changes nothing.

    A text nobody has proposed is recorded as a version first, and nobody is asked. Only the holder of a party's role can sign.
    """
    programme = current_programme(work)
    _contract(programme, contract_id)
    version = version_to_sign(work, programme, contract_id, person_id, at)
    sign_version(work, programme, version, Signing(role_id, person_id, at), channels)


def missing_signatures(work: UnitOfWork, contract: Contract) -> tuple[str, ...]:
    """Role ids of the parties that have not signed this text of the contract; empty: it is in force."""
    same = [one for one in fetch_contract_versions(work, contract.id).get(contract.id, ()) if one.fingerprint == contract.fingerprint]
    alive = [version for version in same if version.withdrawn_at is None]
    return alive[-1].missing if alive else contract.parties()


def contracts_to_sign(work: UnitOfWork, programme: Programme) -> tuple[tuple[Contract, str], ...]:
    """Each contract with a role id whose signature its present text still lacks, in declared order."""
    return tuple((contract, role) for contract in programme.contracts.values() for role in missing_signatures(work, contract))


def contracts_in_force(work: UnitOfWork, programme: Programme) -> frozenset[str]:
    """Ids of the declared contracts of which some version is signed by every party."""
    return frozenset(promises_in_force(work, programme).contracts)


def _contract(programme: Programme, contract_id: str) -> Contract:
    if contract_id not in programme.contracts:
        known = ", ".join(programme.contracts)
        raise NotFound(say("there is no contract {contract}; declared: {known}", contract=contract_id, known=known))
    return programme.contracts[contract_id]


def record_clock(work: UnitOfWork, transformation_id: str, clock: str, actual_on: datetime, by: str, at: datetime) -> bool:
    """Record the day a clock of a transformation really struck (`defined`, `tool_delivered`, ...); the first record stays (False)."""
    programme = current_programme(work)
    if transformation_id not in programme.transformations:
        raise NotFound(say("there is no transformation {transformation}", transformation=transformation_id))
    if work.session.get(ClockRow, (work.programme_id, transformation_id, clock)) is not None:
        return False
    work.session.add(
        ClockRow(
            programme_id=work.programme_id, transformation_id=transformation_id, clock=clock, actual_on=actual_on.date(),
            recorded_at=at, recorded_by=by,
        )
    )
    work.record(at, by, "clock_recorded", f"transformation:{transformation_id}", clock=clock, on=actual_on.date().isoformat())
    return True
