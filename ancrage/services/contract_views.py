"""Engagement contracts as their parties read them: what holds, what is proposed, what has changed, and what each clause costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.engagement import Clause, Contract, Trigger
from ancrage.domain.engagement_changes import TextChange, compare_texts
from ancrage.domain.engagement_versions import ContractVersion
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import format_budget
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, say
from ancrage.services.contract_findings import role_name
from ancrage.services.contract_signing import Signing, sign_version, version_to_sign
from ancrage.services.contract_versions import Standing, text_of
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.contracts import count_open_remarks, fetch_contract_versions, fetch_remarks
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
class RemarkView:
    """A comment, or a refusal to sign (`kind` "decline"), on one version; on one clause where `clause` names it."""

    id: str
    kind: str
    version: int
    clause: str | None
    role: str | None
    person: str
    person_name: str
    at: datetime
    text: str
    answered_at: datetime | None
    answered_by: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class ContractView:
    """One contract as declared, and where its versions stand: `in_force_version`, and `proposed_version`, which waits for signatures.

    `parties` are those of the proposed version, else of the one in force. `changes` lead from the text in force (or, where none is, the
    proposed one) to the declared one. `older_signatures` counts those under other versions than the one `parties` are of.
    """

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
    in_force_version: int | None = None
    in_force_since: datetime | None = None
    proposed_version: int | None = None
    differs: bool = False
    """The declared text is neither in force nor proposed."""
    changes: tuple[TextChange, ...] = ()
    open_remarks: int = 0

    @property
    def in_force(self) -> bool:
        """Every party has signed one version."""
        return self.in_force_version is not None

    @property
    def waiting_for(self) -> tuple[PartyView, ...]:
        """Parties whose signature is missing."""
        return tuple(party for party in self.parties if party.signed_at is None)


def list_contracts(work: UnitOfWork, as_of: datetime) -> tuple[ContractView, ...]:
    """Every contract with who holds its roles at `as_of`, in declared order."""
    programme = current_programme(work)
    running = Counter(row.clause_id for row in fetch_commitments(work, only_open=True))
    standings, remarks = fetch_contract_versions(work), count_open_remarks(work)
    return tuple(
        _view(work, programme, contract, Standing(standings.get(contract.id, ())), running, remarks, as_of)
        for contract in programme.contracts.values()
    )


def show_contract(work: UnitOfWork, contract_id: str, as_of: datetime) -> ContractView:
    """One contract. NotFound names those declared."""
    for view in list_contracts(work, as_of):
        if view.id == contract_id:
            return view
    known = ", ".join(current_programme(work).contracts) or "-"
    raise NotFound(say("there is no contract {contract}; declared: {known}", contract=contract_id, known=known))


def sign_for(
    work: UnitOfWork, contract_id: str, person_id: str, at: datetime, role_id: str | None = None, channels: Sequence[str] = ()
) -> tuple[str, ...]:
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
    version = version_to_sign(work, programme, contract_id, person_id, at)
    wanted = [role_id] if role_id else held
    return tuple(role for role in wanted if sign_version(work, programme, version, Signing(role, person_id, at), channels))


def _view(
    work: UnitOfWork, programme: Programme, contract: Contract, standing: Standing, running: Counter[str | None], remarks: dict[str, int],
    as_of: datetime,
) -> ContractView:
    newest, holds, waiting = standing.newest, standing.in_force, standing.proposed
    return ContractView(
        id=contract.id,
        name=contract.name,
        version=contract.fingerprint,
        parties=party_views(work, programme, contract, newest, as_of),
        perimeter=process_names(programme, contract),
        outside=contract.outside,
        objectives=tuple(programme.objectives[objective].name for objective in contract.objectives),
        clauses=tuple(clause_view(programme, clause, running) for clause in contract.clauses),
        older_signatures=sum(len(version.signed) for version in standing.versions if version != newest),
        zone=programme.organisation.calendars[contract.calendar].zone,
        in_force_version=holds.number if holds else None,
        in_force_since=holds.complete_at if holds else None,
        proposed_version=waiting.number if waiting else None,
        differs=newest is not None and not standing.knows(contract.fingerprint),
        changes=changes_to(work, programme, standing, contract),
        open_remarks=remarks.get(contract.id, 0),
    )


def party_views(
    work: UnitOfWork, programme: Programme, contract: Contract, version: ContractVersion | None, as_of: datetime
) -> tuple[PartyView, ...]:
    """The parties of a version (None: of the declared text), who holds their roles at `as_of`, and who has signed."""
    signed = {row.role_id: row for row in fetch_signatures(work, contract.id) if version is not None and row.version == version.number}
    found = []
    for role in version.parties if version is not None else contract.parties():
        holder, row = programme.organisation.holder(role, as_of), signed.get(role)
        at, by = (row.signed_at, person_name(programme, row.person_id)) if row else (None, None)
        found.append(PartyView(role, role_name(programme, role), holder, person_name(programme, holder), at, by))
    return tuple(found)


def changes_to(work: UnitOfWork, programme: Programme, standing: Standing, text: Contract) -> tuple[TextChange, ...]:
    """What leads from the text in force, else from the proposed one, to `text`; empty where they are the same."""
    base = standing.in_force or standing.proposed
    return () if base is None or base.fingerprint == text.fingerprint else compare_texts(text_of(work, programme, base), text)


def process_names(programme: Programme, contract: Contract) -> tuple[Label, ...]:
    """The names of the processes of the perimeter; the id of one that is declared no more."""
    known = programme.processes
    return tuple(known[process].name if process in known else Label.same(process) for process in contract.perimeter)


def view_remarks(
    work: UnitOfWork, programme: Programme, contract_id: str | None = None, *, only_open: bool = False
) -> tuple[RemarkView, ...]:
    """Comments and refusals, of one contract or of all, oldest first."""
    return tuple(
        RemarkView(
            row.id, row.kind.value, row.version, row.clause_id, row.role_id, row.person_id, person_name(programme, row.person_id),
            row.said_at, row.text, row.answered_at, row.answered_by, row.answer,
        )
        for row in fetch_remarks(work, contract_id, only_open=only_open)
    )


role_label = role_name
"""The name of a role, of the person in `person:ID`, or the id where neither is declared."""


def person_name(programme: Programme, person_id: str | None) -> str:
    """The name of a person; the id of one who is declared no more; empty for nobody."""
    person = programme.organisation.people.get(person_id or "")
    return person.name if person else person_id or ""


def clause_view(programme: Programme, clause: Clause, running: Counter[str | None]) -> ClauseView:
    """One promise as people read it."""
    return ClauseView(
        id=clause.id,
        promise=clause.promise,
        by=clause.by,
        by_name=role_name(programme, clause.by),
        trigger=clause.trigger,
        delay=format_budget(clause.budget) if clause.budget else None,
        policy=clause.policy,
        cost_hours_per_month=clause.cost_hours_per_month,
        waiver=clause.waiver_role,
        negotiable=clause.negotiable,
        running=running[clause.id],
    )
