"""Queries: versions of contracts with their signatures, remarks, perimeters validated, stakeholders told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select

from ancrage.domain.engagement import Contract
from ancrage.domain.engagement_versions import ContractVersion
from ancrage.storage.codec import load
from ancrage.storage.unit_of_work import UnitOfWork
from models.contracts import ContractRemarkRow, ContractVersionRow, PerimeterValidationRow, SignatureRow, StakeholderToldRow


def fetch_contract_versions(work: UnitOfWork, contract_id: str | None = None) -> dict[str, tuple[ContractVersion, ...]]:
    """Versions with their signatures by contract id, oldest first; contracts never proposed are missing. Texts are not loaded."""
    row = ContractVersionRow
    query = select(
        row.contract_id, row.number, row.fingerprint, row.parties, row.proposed_at, row.proposed_by, row.declaration_version,
        row.withdrawn_at, row.withdrawn_why,
    ).where(col(row.programme_id) == work.programme_id)  # type: ignore[call-overload]
    signed_query = select(SignatureRow).where(col(SignatureRow.programme_id) == work.programme_id)
    if contract_id is not None:
        query = query.where(col(row.contract_id) == contract_id)
        signed_query = signed_query.where(col(SignatureRow.contract_id) == contract_id)
    signed: dict[tuple[str, int], dict[str, datetime]] = defaultdict(dict)
    for signature in work.session.exec(signed_query):
        signed[signature.contract_id, signature.version][signature.role_id] = signature.signed_at
    found: dict[str, list[ContractVersion]] = defaultdict(list)
    for contract, number, fingerprint, parties, at, by, declared, withdrawn_at, why in work.session.exec(query.order_by(col(row.number))):
        version = ContractVersion(
            contract, number, fingerprint, tuple(parties), at, by, declared, signed[contract, number], withdrawn_at, why
        )
        found[contract].append(version)
    return {contract: tuple(versions) for contract, versions in found.items()}


def fetch_contract_text(work: UnitOfWork, contract_id: str, number: int) -> Contract:
    """The text of a version as it was proposed. LookupError for a version that does not exist."""
    row = fetch_version_row(work, contract_id, number)
    if row is None:
        raise LookupError(f"contract {contract_id} has no version {number}")
    return load(Contract, row.text)


def fetch_version_row(work: UnitOfWork, contract_id: str, number: int, *, lock: bool = False) -> ContractVersionRow | None:
    """One version, locked until the unit of work ends when `lock`."""
    row = ContractVersionRow
    query = select(row).where(
        col(row.programme_id) == work.programme_id, col(row.contract_id) == contract_id, col(row.number) == number
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return work.session.exec(query).first()


def fetch_signature(work: UnitOfWork, contract_id: str, number: int, role_id: str) -> SignatureRow | None:
    """The signature of one party under one version."""
    return work.session.get(SignatureRow, (work.programme_id, contract_id, number, role_id))


def fetch_remarks(work: UnitOfWork, contract_id: str | None = None, *, only_open: bool = False) -> Sequence[ContractRemarkRow]:
    """What people said about contracts, oldest first."""
    row = ContractRemarkRow
    query = select(row).where(col(row.programme_id) == work.programme_id)
    if contract_id is not None:
        query = query.where(col(row.contract_id) == contract_id)
    if only_open:
        query = query.where(col(row.answered_at).is_(None))
    return work.session.exec(query.order_by(col(row.said_at), col(row.id))).all()


def fetch_remark(work: UnitOfWork, remark_id: str) -> ContractRemarkRow | None:
    """One remark by its id."""
    return work.session.get(ContractRemarkRow, (work.programme_id, remark_id))


def count_open_remarks(work: UnitOfWork) -> dict[str, int]:
    """How many remarks wait for an answer, by contract id."""
    row = ContractRemarkRow
    query = select(row.contract_id, func.count()).where(col(row.programme_id) == work.programme_id, col(row.answered_at).is_(None))
    return dict(work.session.exec(query.group_by(col(row.contract_id)).order_by(col(row.contract_id))).all())


def fetch_perimeter_validations(work: UnitOfWork, contract_id: str | None = None) -> Sequence[PerimeterValidationRow]:
    """Perimeters that were validated, oldest first."""
    row = PerimeterValidationRow
    query = select(row).where(col(row.programme_id) == work.programme_id)
    if contract_id is not None:
        query = query.where(col(row.contract_id) == contract_id)
    return work.session.exec(query.order_by(col(row.validated_at), col(row.perimeter_fingerprint))).all()


def fetch_told(work: UnitOfWork, contract_id: str | None = None) -> Sequence[StakeholderToldRow]:
    """Stakeholders who were told, oldest first."""
    row = StakeholderToldRow
    query = select(row).where(col(row.programme_id) == work.programme_id)
    if contract_id is not None:
        query = query.where(col(row.contract_id) == contract_id)
    return work.session.exec(query.order_by(col(row.told_at), col(row.role_id), col(row.person_id))).all()
