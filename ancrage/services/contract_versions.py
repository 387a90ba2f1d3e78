"""Versions of contracts: what holds now, with the text its parties signed, and the record of what is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ancrage.domain.engagement import Clause, Contract
from ancrage.domain.engagement_versions import ContractVersion, in_force, proposed
from ancrage.domain.policies import Policy
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound
from ancrage.language import say
from ancrage.storage.codec import dump
from ancrage.storage.contracts import fetch_contract_text, fetch_contract_versions
from ancrage.storage.programmes import fetch_programme, fetch_version
from ancrage.storage.unit_of_work import UnitOfWork
from models.contracts import ContractVersionRow


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one contract: the version in force and the one that waits for signatures; either may be missing."""

    versions: tuple[ContractVersion, ...] = ()

    @property
    def in_force(self) -> ContractVersion | None:
        return in_force(self.versions)

    @property
    def proposed(self) -> ContractVersion | None:
        return proposed(self.versions)

    @property
    def newest(self) -> ContractVersion | None:
        """What people talk about: the version that waits for signatures, else the one in force."""
        return self.proposed or self.in_force

    def knows(self, fingerprint: str) -> bool:
        """Whether a text is in force or waits for signatures."""
        return fingerprint in {version.fingerprint for version in (self.in_force, self.proposed) if version is not None}

    def version(self, number: int) -> ContractVersion | None:
        return next((version for version in self.versions if version.number == number), None)


def standing_of(work: UnitOfWork, contract_id: str) -> Standing:
    """Where the versions of one contract stand; no version where it was never proposed."""
    return Standing(fetch_contract_versions(work, contract_id).get(contract_id, ()))


def declared_contract(programme: Programme, contract_id: str) -> Contract:
    """The contract as declared now. NotFound names those there are."""
    if contract_id not in programme.contracts:
        known = ", ".join(programme.contracts) or "-"
        raise NotFound(say("there is no contract {contract}; declared: {known}", contract=contract_id, known=known))
    return programme.contracts[contract_id]


def text_of(work: UnitOfWork, programme: Programme, version: ContractVersion) -> Contract:
    """The text of a version; the declared one where it is the same."""
    declared = programme.contracts.get(version.contract)
    if declared is not None and declared.fingerprint == version.fingerprint:
        return declared
    return fetch_contract_text(work, version.contract, version.number)


def promises_in_force(work: UnitOfWork, programme: Programme) -> Programme:
    """The programme with the contracts that hold now, each in the text its parties signed, and with the ladders these name.

    A declared change that is not signed by all is not in it; a contract that is declared no more has ended. Ladders are those
    declared now (ESC-K1: new commitments take the new policy), those of the signed declarations where they are declared no more.
    """
    versions = fetch_contract_versions(work)
    held = {name: in_force(versions.get(name, ())) for name in programme.contracts}
    contracts: dict[str, Contract] = {}
    policies: Mapping[str, Policy] = programme.policies
    for name, version in held.items():
        if version is None:
            continue
        text = text_of(work, programme, version)
        if text.calendar not in programme.organisation.calendars:
            text = replace(text, calendar=programme.defaults.calendar)
        contracts[name] = text
        if any(clause.policy is not None and clause.policy not in policies for clause in text.clauses):
            signed = fetch_programme(work, version.declaration_version)
            policies = {**(signed.policies if signed else {}), **policies}
    return replace(programme, contracts=contracts, policies=policies)


def policy_of(programme: Programme, contract: Contract, clause: Clause) -> Policy:
    """The ladder of a clause, with who may waive settled by the text that was signed (ESC-A8, K1)."""
    policy = programme.policies[clause.policy or ""]
    return policy if policy.waiver_roles else replace(policy, waiver_roles=(clause.waiver_role or contract.steward,))


def record_version(work: UnitOfWork, contract: Contract, by: str, at: datetime) -> ContractVersion:
    """Write the declared text down as the next version. NotFound before the first `apply`."""
    declared = fetch_version(work)
    if declared is None:
        raise NotFound(say("nothing has been applied yet; run `ancrage apply` first"))
    number = 1 + max((version.number for version in standing_of(work, contract.id).versions), default=0)
    work.session.add(
        ContractVersionRow(
            programme_id=work.programme_id, contract_id=contract.id, number=number, fingerprint=contract.fingerprint,
            declaration_version=declared.version, text=dump(contract), parties=list(contract.parties()), proposed_at=at, proposed_by=by,
        )
    )
    work.flush()
    work.record(at, by, "contract_proposed", f"contract:{contract.id}", version=number, fingerprint=contract.fingerprint)
    return ContractVersion(contract.id, number, contract.fingerprint, contract.parties(), at, by, declared.version)
