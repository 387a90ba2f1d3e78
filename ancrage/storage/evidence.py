"""Queries: evidence, and the cells it stands behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from ancrage.storage.unit_of_work import UnitOfWork
from models.evidence import EvidenceRow, EvidenceUseRow


def fetch_evidence(work: UnitOfWork, evidence_id: str) -> EvidenceRow | None:
    """One piece of evidence."""
    return work.session.get(EvidenceRow, (work.programme_id, evidence_id))


def fetch_all_evidence(work: UnitOfWork, *, only_standing: bool = False) -> Sequence[EvidenceRow]:
    """Every piece, oldest first; `only_standing`: neither withdrawn nor renewed by another."""
    query = select(EvidenceRow).where(col(EvidenceRow.programme_id) == work.programme_id)
    if only_standing:
        query = query.where(col(EvidenceRow.withdrawn_at).is_(None), col(EvidenceRow.renewed_by).is_(None))
    return work.session.exec(query.order_by(col(EvidenceRow.added_at), col(EvidenceRow.id))).all()


def fetch_expiring(work: UnitOfWork, until: date) -> Sequence[EvidenceRow]:
    """Standing evidence that expires on `until` or before, the first to expire first."""
    query = select(EvidenceRow).where(
        col(EvidenceRow.programme_id) == work.programme_id, col(EvidenceRow.expires_on) <= until,
        col(EvidenceRow.withdrawn_at).is_(None), col(EvidenceRow.renewed_by).is_(None),
    )
    return work.session.exec(query.order_by(col(EvidenceRow.expires_on), col(EvidenceRow.id))).all()


def fetch_evidence_uses(
    work: UnitOfWork, *, campaign_id: str | None = None, evidence_id: str | None = None
) -> Sequence[EvidenceUseRow]:
    """Which cells evidence stands behind, of one campaign, of one piece, or all; by campaign, process, practice."""
    query = select(EvidenceUseRow).where(col(EvidenceUseRow.programme_id) == work.programme_id)
    if campaign_id is not None:
        query = query.where(col(EvidenceUseRow.campaign_id) == campaign_id)
    if evidence_id is not None:
        query = query.where(col(EvidenceUseRow.evidence_id) == evidence_id)
    by = (EvidenceUseRow.campaign_id, EvidenceUseRow.process_id, EvidenceUseRow.practice_id, EvidenceUseRow.evidence_id)
    return work.session.exec(query.order_by(*(col(each) for each in by))).all()
