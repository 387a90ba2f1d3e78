"""The whole life of one contract: its versions with what was signed and said, perimeters validated, stakeholders told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.engagement_changes import TextChange, compare_texts
from ancrage.domain.engagement_versions import ContractVersion, VersionState, state_of
from ancrage.domain.programme import Programme
from ancrage.language import Label
from ancrage.services.contract_versions import declared_contract, standing_of, text_of
from ancrage.services.contract_views import PartyView, RemarkView, party_views, person_name, process_names, role_label, view_remarks
from ancrage.services.programme import current_programme
from ancrage.storage.contracts import fetch_perimeter_validations, fetch_told
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version: where it stands, who signed it, what was said about it, and what it changed of the one before."""

    number: int
    state: VersionState
    fingerprint: str
    proposed_at: datetime
    proposed_by: str
    in_force_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str
    parties: tuple[PartyView, ...]
    remarks: tuple[RemarkView, ...]
    changes: tuple[TextChange, ...]


@dataclass(frozen=True, slots=True)
class ValidationView:
    """A perimeter the sponsor validated; `is_present` when it is the one of the declared text."""

    at: datetime
    person: str
    fingerprint: str
    perimeter: tuple[str, ...]
    is_present: bool


@dataclass(frozen=True, slots=True)
class ToldView:
    """A stakeholder who was told, by whom and how."""

    at: datetime
    role: str
    role_name: Label
    person: str
    by: str
    how: str


@dataclass(frozen=True, slots=True)
class ContractHistory:
    """Everything about one contract, oldest first; `perimeter` is the declared one."""

    id: str
    name: Label
    zone: str
    perimeter: tuple[Label, ...]
    versions: tuple[VersionView, ...]
    validations: tuple[ValidationView, ...]
    told: tuple[ToldView, ...]


def fetch_contract_history(work: UnitOfWork, contract_id: str, as_of: datetime) -> ContractHistory:
    """The life of a declared contract. NotFound names those there are."""
    programme = current_programme(work)
    contract = declared_contract(programme, contract_id)
    present = contract.perimeter_fingerprint()
    return ContractHistory(
        id=contract.id, name=contract.name, zone=programme.organisation.calendars[contract.calendar].zone,
        perimeter=process_names(programme, contract),
        versions=_versions(work, programme, contract_id, as_of),
        validations=tuple(
            ValidationView(row.validated_at, person_name(programme, row.person_id), row.perimeter_fingerprint, tuple(row.perimeter),
                           row.perimeter_fingerprint == present)
            for row in fetch_perimeter_validations(work, contract_id)
        ),
        told=tuple(
            ToldView(row.told_at, row.role_id, role_label(programme, row.role_id), person_name(programme, row.person_id), row.told_by,
                     row.how)
            for row in fetch_told(work, contract_id)
        ),
    )  # fmt: skip


def _versions(work: UnitOfWork, programme: Programme, contract_id: str, as_of: datetime) -> tuple[VersionView, ...]:
    versions, remarks = standing_of(work, contract_id).versions, view_remarks(work, programme, contract_id)
    before: ContractVersion | None = None
    found = []
    for version in versions:
        text = text_of(work, programme, version)
        changes = compare_texts(text_of(work, programme, before), text) if before is not None else ()
        found.append(
            VersionView(
                number=version.number, state=state_of(version, versions), fingerprint=version.fingerprint, proposed_at=version.proposed_at,
                proposed_by=person_name(programme, version.proposed_by), in_force_at=version.complete_at, withdrawn_at=version.withdrawn_at,
                withdrawn_why=version.withdrawn_why, parties=party_views(work, programme, text, version, as_of),
                remarks=tuple(remark for remark in remarks if remark.version == version.number), changes=changes,
            )
        )
        before = version if version.withdrawn_at is None else before
    return tuple(found)
