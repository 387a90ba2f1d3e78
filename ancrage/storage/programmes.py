"""Queries: declared versions, recorded absences, signatures, clocks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlmodel import col, select

from ancrage.domain.organisation import Absence
from ancrage.domain.programme import Programme
from ancrage.storage.codec import dump, load
from ancrage.storage.unit_of_work import UnitOfWork
from models.indicators import ClockRow
from models.programme import AbsenceRow, DeclarationVersionRow, ProgrammeRow, SignatureRow


def fetch_version(work: UnitOfWork, version: int | None = None) -> DeclarationVersionRow | None:
    """One accepted version of the declarations (default: the one in force), or None when nothing was applied yet."""
    if version is None:
        head = work.session.get(ProgrammeRow, work.programme_id)
        if head is None or head.current_version == 0:
            return None
        version = head.current_version
    return work.session.get(DeclarationVersionRow, (work.programme_id, version))


def fetch_programme(work: UnitOfWork, version: int | None = None) -> Programme | None:
    """The programme as declared in `version` (default: in force); recorded facts are not merged in."""
    row = fetch_version(work, version)
    return None if row is None else _parsed(_Snapshot(row.fingerprint, row.version, row.snapshot))


class _Snapshot:
    """A stored programme hashed by what identifies it, so that one process parses each version once."""

    def __init__(self, fingerprint: str, version: int, data: dict[str, Any]) -> None:
        self.key = (fingerprint, version)
        self.data = data

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Snapshot) and other.key == self.key


@lru_cache(maxsize=16)
def _parsed(snapshot: _Snapshot) -> Programme:
    return load(Programme, snapshot.data)


def save_version(work: UnitOfWork, row: DeclarationVersionRow) -> None:
    """Store a version and put it in force."""
    head = work.session.get(ProgrammeRow, work.programme_id)
    if head is None:
        head = ProgrammeRow(programme_id=work.programme_id)
    head.current_version = row.version
    work.session.add(head)
    work.session.add(row)


def snapshot_of(programme: Programme) -> dict[str, Any]:
    """What `save_version` stores of a programme."""
    return dump(programme)


def fetch_absences(work: UnitOfWork) -> tuple[Absence, ...]:
    """Absences that people recorded, oldest first."""
    rows = work.session.exec(
        select(AbsenceRow).where(col(AbsenceRow.programme_id) == work.programme_id).order_by(col(AbsenceRow.since), col(AbsenceRow.id))
    )
    return tuple(Absence(row.person_id, row.since, row.until, row.reason) for row in rows)


def fetch_signatures(work: UnitOfWork, contract_id: str | None = None) -> Sequence[SignatureRow]:
    """Signatures, of one contract or of all, oldest first."""
    query = select(SignatureRow).where(col(SignatureRow.programme_id) == work.programme_id)
    if contract_id is not None:
        query = query.where(col(SignatureRow.contract_id) == contract_id)
    return work.session.exec(query.order_by(col(SignatureRow.signed_at), col(SignatureRow.role_id))).all()


def fetch_clocks(work: UnitOfWork) -> Sequence[ClockRow]:
    """Actual dates of the transformations' clocks."""
    query = select(ClockRow).where(col(ClockRow.programme_id) == work.programme_id)
    return work.session.exec(query.order_by(col(ClockRow.transformation_id), col(ClockRow.clock))).all()
