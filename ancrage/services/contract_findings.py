"""What is weak in the life of the contracts, from facts: never proposed, unsigned, text changed, perimeter not validated, nobody told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.engagement import Contract
from ancrage.domain.programme import Programme
from ancrage.language import Label, Message, say
from ancrage.services.contract_versions import Standing, text_of
from ancrage.storage.contracts import (
    count_open_remarks,
    fetch_contract_versions,
    fetch_perimeter_validations,
    fetch_told,
)
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ContractFinding:
    """One thing that is weak in a contract, and what to do about it."""

    contract: str
    message: Message
    advice: Message


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What is known of all contracts beside their text."""

    standings: dict[str, Standing]
    validated: frozenset[tuple[str, str]]
    """(contract id, fingerprint of a perimeter)."""
    told: frozenset[tuple[str, str, str]]
    """(contract id, role id, person id)."""
    open_remarks: dict[str, int]

    def standing(self, contract_id: str) -> Standing:
        return self.standings.get(contract_id, Standing())


def fetch_contract_facts(work: UnitOfWork) -> ContractFacts:
    """The facts of every contract, in four queries."""
    return ContractFacts(
        {contract: Standing(versions) for contract, versions in fetch_contract_versions(work).items()},
        frozenset((row.contract_id, row.perimeter_fingerprint) for row in fetch_perimeter_validations(work)),
        frozenset((row.contract_id, row.role_id, row.person_id) for row in fetch_told(work)),
        count_open_remarks(work),
    )


def find_contract_weaknesses(
    work: UnitOfWork, programme: Programme, as_of: datetime, contract_id: str | None = None
) -> tuple[ContractFinding, ...]:
    """What is weak in the declared contracts (or one of them), in declared order; empty: nothing is."""
    facts = fetch_contract_facts(work)
    found: list[ContractFinding] = []
    for contract in programme.contracts.values():
        if contract_id in (None, contract.id):
            found += _signatures(programme, contract, facts.standing(contract.id))
            found += _perimeter(work, programme, contract, facts)
            found += _untold(programme, contract, facts, as_of)
            found += _unanswered(contract, facts)
    return tuple(found)


def _signatures(programme: Programme, contract: Contract, standing: Standing) -> Iterator[ContractFinding]:
    propose = say("`ancrage contracts propose {contract}` asks each party for a signature", contract=contract.id)
    if standing.newest is None:
        message = say("contract {contract} was never proposed: its promises wait", contract=contract.name)
        yield ContractFinding(contract.id, message, propose)
    elif not standing.knows(contract.fingerprint):
        message = say("the declared text of contract {contract} differs from version {version}, and is not proposed",
                      contract=contract.name, version=standing.newest.number)  # fmt: skip
        yield ContractFinding(contract.id, message, propose)
    waiting, advice = standing.proposed, say("`ancrage contracts show {contract}` shows who is asked since when", contract=contract.id)
    for role in waiting.missing if waiting is not None else ():
        name = role_name(programme, role)
        if standing.in_force is None:
            message = say("contract {contract} lacks the signature of {role}: its promises wait", contract=contract.name, role=name)
        else:
            message = say("version {version} of contract {contract} lacks the signature of {role}", contract=contract.name, role=name,
                          version=waiting.number if waiting else 0)  # fmt: skip
        yield ContractFinding(contract.id, message, advice)


def _perimeter(work: UnitOfWork, programme: Programme, contract: Contract, facts: ContractFacts) -> Iterator[ContractFinding]:
    newest = facts.standing(contract.id).newest
    text = contract if newest is None else text_of(work, programme, newest)
    if text.perimeter and (contract.id, text.perimeter_fingerprint()) not in facts.validated:
        message = say("nobody has validated the perimeter of contract {contract}", contract=contract.name)
        advice = say("the sponsor does it on the page of the contract, or by `ancrage contracts validate {contract}`", contract=contract.id)
        yield ContractFinding(contract.id, message, advice)


def _untold(programme: Programme, contract: Contract, facts: ContractFacts, as_of: datetime) -> Iterator[ContractFinding]:
    holders = {role: programme.organisation.holder(role, as_of) for role in contract.stakeholders}
    parties = {programme.organisation.holder(role, as_of) for role in contract.parties()}
    untold = [role for role, person in holders.items() if person not in (None, *parties) and (contract.id, role, person) not in facts.told]
    if untold:
        names = ", ".join(dict.fromkeys(_person_name(programme, holders[role]) for role in untold))
        message = say("nobody has told {people} about contract {contract}", people=names, contract=contract.name)
        advice = say("tell them, then `ancrage contracts tell {contract} --role {role}`", contract=contract.id, role=untold[0])
        yield ContractFinding(contract.id, message, advice)


def _unanswered(contract: Contract, facts: ContractFacts) -> Iterator[ContractFinding]:
    count = facts.open_remarks.get(contract.id, 0)
    if count:
        message = say("{count} comments on contract {contract} wait for an answer", count=count, contract=contract.name)
        yield ContractFinding(contract.id, message, say("`ancrage contracts comments {contract}` lists them", contract=contract.id))


def role_name(programme: Programme, role_id: str) -> Label:
    """The name of a role, of the person in `person:ID`, or the id where neither is declared."""
    role = programme.organisation.roles.get(role_id)
    if role is not None and role.name != Label():
        return role.name
    return Label.same(_person_name(programme, role_id.removeprefix("person:")) or role_id)


def _person_name(programme: Programme, person_id: str | None) -> str:
    person = programme.organisation.people.get(person_id or "")
    return person.name if person else person_id or ""
