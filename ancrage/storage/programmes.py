"""Queries: declared versions, recorded absences, signatures, clocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import and_, bindparam, col, select

from ancrage.domain.organisation import Absence
from ancrage.domain.programme import Programme
from ancrage.storage.codec import dump, load
from ancrage.storage.unit_of_work import UnitOfWork
from models.contracts import SignatureRow
from models.indicators import ClockRow
from models.programme import AbsenceRow, DeclarationVersionRow, ProgrammeRow


def fetch_version(work: UnitOfWork, version: int | None = None) -> DeclarationVersionRow | None:
    """One accepted version of the declarations (default: the one in force), or None when nothing was applied yet."""
    if version is None:
        head = work.session.get(ProgrammeRow, work.programme_id)
        if head is None or head.current_version == 0:
            return None
        version = head.current_version
    return work.session.get(DeclarationVersionRow, (work.programme_id, version))


# Made once: composing them anew for every unit of work would cost more than the database does.
_OF_PROGRAMME = select(DeclarationVersionRow.version, DeclarationVersionRow.fingerprint).where(
    col(DeclarationVersionRow.programme_id) == bindparam("programme")
)
_OF_VERSION = _OF_PROGRAMME.where(col(DeclarationVersionRow.version) == bindparam("version"))
_IN_FORCE = _OF_PROGRAMME.join(
    ProgrammeRow,
    and_(
        col(ProgrammeRow.programme_id) == col(DeclarationVersionRow.programme_id),
        col(ProgrammeRow.current_version) == col(DeclarationVersionRow.version),
    ),
)
_ABSENCES = (
    select(AbsenceRow.person_id, AbsenceRow.since, AbsenceRow.until, AbsenceRow.reason)
    .where(col(AbsenceRow.programme_id) == bindparam("programme"))
    .order_by(col(AbsenceRow.since), col(AbsenceRow.id))
)


def fetch_programme(work: UnitOfWork, version: int | None = None) -> Programme | None:
    """The programme as declared in `version` (default: in force); recorded facts are not merged in.

    Parsed once per process and version: a version never changes, and its fingerprint is asked of the database each time.
    """
    asked = {"programme": work.programme_id, "version": version}
    found = work.session.connection().execute(_IN_FORCE if version is None else _OF_VERSION, asked).first()
    if found is None:
        return None
    key = (work.programme_id, found[0], found[1])
    if key not in _PARSED:
        row = work.session.get(DeclarationVersionRow, (work.programme_id, found[0]))
        assert row is not None, "its fingerprint was just read"
        if len(_PARSED) >= PARSED_VERSIONS:
            _PARSED.pop(next(iter(_PARSED)))
        _PARSED[key] = load(Programme, row.snapshot)
    return _PARSED[key]


PROGRAMME = "programme"
"""Under this name a unit of work remembers the programme in force, with its facts."""
PARSED_VERSIONS = 16
_PARSED: dict[tuple[str, int, str], Programme] = {}


def save_version(work: UnitOfWork, row: DeclarationVersionRow) -> None:
    """Store a version and put it in force."""
    head = work.session.get(ProgrammeRow, work.programme_id)
    if head is None:
        head = ProgrammeRow(programme_id=work.programme_id)
    head.current_version = row.version
    work.session.add(head)
    work.session.add(row)
    work.flush()
    work.memory.pop(PROGRAMME, None)


def snapshot_of(programme: Programme) -> dict[str, Any]:
    """What `save_version` stores of a programme; equal programmes give equal snapshots (sets are put in order)."""
    snapshot = dump(programme)
    for calendar in snapshot["organisation"]["calendars"].values():
        calendar["holidays"].sort()
    return snapshot


def fetch_absences(work: UnitOfWork) -> tuple[Absence, ...]:
    """Absences that people recorded, oldest first."""
    rows = work.session.connection().execute(_ABSENCES, {"programme": work.programme_id})
    return tuple(Absence(*row) for row in rows)


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
