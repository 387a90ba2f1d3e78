"""Queries: notes that were sent about what an engagement changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from ancrage.storage.unit_of_work import UnitOfWork
from models.engagement import NoteKind, NoteRow


def fetch_note(work: UnitOfWork, note_id: str) -> NoteRow | None:
    """One note; None when nothing with this id was sent."""
    return work.session.get(NoteRow, (work.programme_id, note_id))


def fetch_notes(
    work: UnitOfWork, kind: NoteKind, *, person_id: str | None = None, contract_id: str | None = None
) -> Sequence[NoteRow]:
    """Notes of one kind, oldest first."""
    query = select(NoteRow).where(col(NoteRow.programme_id) == work.programme_id, col(NoteRow.kind) == kind)
    if person_id is not None:
        query = query.where(col(NoteRow.person_id) == person_id)
    if contract_id is not None:
        query = query.where(col(NoteRow.contract_id) == contract_id)
    return work.session.exec(query.order_by(col(NoteRow.told_at), col(NoteRow.id))).all()
