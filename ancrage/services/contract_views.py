"""Engagement contracts as their parties read them: who has signed which version, what each clause costs and calls for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.engagement import Clause, Contract, Trigger
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import format_budget
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, say
from ancrage.services.programme import current_programme, missing_signatures, sign_contract
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.programmes import fetch_signatures
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PartyView:
    """One party: its role, who holds it, and the signature under the present version (None: not signed yet)."""

    role: str
    role_name: Label
    person: str | None
    person_name: str
    signed_at: datetime | None
    signed_by: str | None


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One promise: by whom, what calls it, in what time, at what cost, and how many commitments of it run."""

    id: str
    promise: Label
    by: str
    by_name: Label
    trigger: Trigger | None
    delay: str | None
    policy: str | None
    cost_hours_per_month: float
    waiver: str | None
    negotiable: Label
    running: int


@dataclass(frozen=True, slots=True)
class ContractView:
    """One contract in its present version. `older_signatures` counts those under versions that have changed since."""

    id: str
    name: Label
    version: str
    parties: tuple[PartyView, ...]
    perimeter: tuple[Label, ...]
    outside: tuple[Label, ...]
    objectives: tuple[Label, ...]
    clauses: tuple[ClauseView, ...]
    older_signatures: int
    zone: str
    """Zone of the contract's calendar, in which instants are shown."""

    @property
    def in_force(self) -> bool:
        """Every party has signed this version."""
        return all(party.signed_at is not None for party in self.parties)

    @property
    def waiting_for(self) -> tuple[PartyView, ...]:
        """Parties whose signature is missing."""
        return tuple(party for party in self.parties if party.signed_at is None)


def list_contracts(work: UnitOfWork, as_of: datetime) -> tuple[ContractView, ...]:
    """Every contract with who holds its roles at `as_of`, in declared order."""
    programme = current_programme(work)
    running = Counter(row.clause_id for row in fetch_commitments(work, only_open=True))
    return tuple(_view(work, programme, contract, running, as_of) for contract in programme.contracts.values())


def show_contract(work: UnitOfWork, contract_id: str, as_of: datetime) -> ContractView:
    """One contract. NotFound names those declared."""
    for view in list_contracts(work, as_of):
        if view.id == contract_id:
            return view
    known = ", ".join(current_programme(work).contracts) or "-"
    raise NotFound(say("there is no contract {contract}; declared: {known}", contract=contract_id, known=known))


def sign_for(work: UnitOfWork, contract_id: str, person_id: str, at: datetime, role_id: str | None = None) -> tuple[str, ...]:
    """Sign as one party, or as every party whose role the person holds. Returns the roles newly signed; empty: signed before.

    NotFound for an unknown contract or person; Refused `not_a_party` when the person holds no role of it.
    """
    programme = current_programme(work)
    contract, person = show_contract(work, contract_id, at), programme.organisation.people.get(person_id)
    if person is None:
        raise NotFound(say("there is no person {person}", person=person_id))
    held = [party.role for party in contract.parties if party.person == person_id]
    if role_id is None and not held:
        parties = ", ".join(f"{party.role} ({party.person_name or '-'})" for party in contract.parties)
        raise Refused("not_a_party", say("{person} is no party of contract {contract}; its parties: {parties}", person=person.name,
                                         contract=contract.name, parties=parties))  # fmt: skip
    missing = set(missing_signatures(work, programme.contracts[contract_id]))
    wanted = [role_id] if role_id else held
    for role in wanted:
        sign_contract(work, contract_id, role, person_id, at)
    return tuple(role for role in wanted if role in missing)


def _view(work: UnitOfWork, programme: Programme, contract: Contract, running: Counter[str | None], as_of: datetime) -> ContractView:
    signatures = fetch_signatures(work, contract.id)
    signed = {row.role_id: row for row in signatures if row.contract_fingerprint == contract.fingerprint}
    parties = []
    for role in contract.parties():
        holder, row = programme.organisation.holder(role, as_of), signed.get(role)
        parties.append(
            PartyView(
                role,
                role_label(programme, role),
                holder,
                _person(programme, holder),
                row.signed_at if row else None,
                _person(programme, row.person_id) if row else None,
            )
        )
    return ContractView(
        id=contract.id,
        name=contract.name,
        version=contract.fingerprint,
        parties=tuple(parties),
        perimeter=tuple(programme.processes[process].name for process in contract.perimeter),
        outside=contract.outside,
        objectives=tuple(programme.objectives[objective].name for objective in contract.objectives),
        clauses=tuple(_clause(programme, clause, running) for clause in contract.clauses),
        older_signatures=len(signatures) - len(signed),
        zone=programme.organisation.calendars[contract.calendar].zone,
    )


def role_label(programme: Programme, role_id: str) -> Label:
    """The name of a role, of the person in `person:ID`, or the id where neither is declared."""
    role = programme.organisation.roles.get(role_id)
    if role is not None and role.name != Label():
        return role.name
    return Label.same(_person(programme, role_id.removeprefix("person:")) or role_id)


def _person(programme: Programme, person_id: str | None) -> str:
    person = programme.organisation.people.get(person_id or "")
    return person.name if person else person_id or ""


def _clause(programme: Programme, clause: Clause, running: Counter[str | None]) -> ClauseView:
    return ClauseView(
        id=clause.id,
        promise=clause.promise,
        by=clause.by,
        by_name=role_label(programme, clause.by),
        trigger=clause.trigger,
        delay=format_budget(clause.budget) if clause.budget else None,
        policy=clause.policy,
        cost_hours_per_month=clause.cost_hours_per_month,
        waiver=clause.waiver_role,
        negotiable=clause.negotiable,
        running=running[clause.id],
    )
