"""Queries: journal, heartbeat, gaps; and the lock that lets one engine work at a time (ESC-G4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, text
from sqlmodel import bindparam, col, select

from ancrage.errors import EngineBusy
from ancrage.language import say
from ancrage.storage.unit_of_work import FIRST_DIGEST, UnitOfWork, line_digest
from models.engine import EngineRow, GapRow, JournalRow

JOURNAL_BATCH = 500
"""Lines of the journal that are read at a time when all of it is verified."""


@contextmanager
def engine_lock(engine: Engine, programme_id: str) -> Iterator[bool]:
    """Hold the right to be the engine of this programme; EngineBusy when another process holds it.

    The lock belongs to the process, not to a clock: it is gone the moment the process dies, however it dies. SQLite: an exclusive
    lock on a file beside the database. PostgreSQL: a session-level advisory lock.

    Yields whether the holder may take over what a dead engine had claimed before its lease ends: certain on SQLite, where nobody
    else can still be sending; on PostgreSQL a partitioned engine might, so leases are waited for.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(Path(f"{engine.url.database}.engine-lock")):
            yield True
    else:
        with _advisory_lock(engine, programme_id):
            yield False


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    import fcntl  # only where the embedded database is used

    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy() from None
        yield


@contextmanager
def _advisory_lock(engine: Engine, programme_id: str) -> Iterator[None]:
    key = int.from_bytes(hashlib.sha256(f"engine:{programme_id}".encode()).digest()[:8], "big", signed=True)
    with engine.connect() as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar():
            raise _busy()
        connection.commit()  # the lock belongs to the session; no transaction stays open behind it
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
            connection.commit()


def _busy() -> EngineBusy:
    return EngineBusy(say("another engine is at work on this programme; nothing was done"))


def fetch_last_pass(work: UnitOfWork, stage: str) -> datetime | None:
    """When this stage made its last pass, or None before the first."""
    row = work.session.get(EngineRow, (work.programme_id, stage))
    return row.passed_at if row else None


_LAST_PASSES = select(EngineRow.stage, EngineRow.passed_at).where(col(EngineRow.programme_id) == bindparam("programme"))


def fetch_last_passes(work: UnitOfWork) -> dict[str, datetime]:
    """When each stage made its last pass; one that never did is missing. What this unit of work has not flushed is not seen."""
    return {stage: at for stage, at in work.session.connection().execute(_LAST_PASSES, {"programme": work.programme_id})}


def save_last_pass(
    work: UnitOfWork, stage: str, at: datetime, *, seen_line: int | None = None, look_again_at: datetime | None = None
) -> None:
    """Record a pass; the heartbeat never goes back. What it had seen, and when time alone asks to look again: see `EngineRow`."""
    row = work.session.get(EngineRow, (work.programme_id, stage))
    if row is None:
        row = EngineRow(programme_id=work.programme_id, stage=stage, passed_at=at)
    row.passed_at = max(row.passed_at, at)
    row.seen_line, row.look_again_at = seen_line, look_again_at
    work.session.add(row)


def fetch_gaps(work: UnitOfWork) -> Sequence[GapRow]:
    """Times without a pass, oldest first (ESC-C5)."""
    return work.session.exec(select(GapRow).where(col(GapRow.programme_id) == work.programme_id).order_by(col(GapRow.since))).all()


def fetch_journal(work: UnitOfWork, subject: str | None = None, limit: int | None = None) -> Sequence[JournalRow]:
    """Journal lines in order; of one subject, or the last `limit` of all."""
    query = select(JournalRow).where(col(JournalRow.programme_id) == work.programme_id)
    if subject is not None:
        query = query.where(col(JournalRow.subject) == subject)
    if limit is not None:
        newest = work.session.exec(query.order_by(col(JournalRow.number).desc()).limit(limit)).all()
        return list(reversed(newest))
    return work.session.exec(query.order_by(col(JournalRow.number))).all()


def find_broken_line(work: UnitOfWork) -> int | None:
    """Number of the first journal line that does not fit the chain (changed, missing or added), or None when all fit (ESC-G5).

    Reads in batches, however long the journal is. Lines taken away at its end are missed where a pass of the engine had read them.
    """
    expected, digest = 1, FIRST_DIGEST
    line = (JournalRow.number, JournalRow.at, JournalRow.actor, JournalRow.what, JournalRow.subject, JournalRow.detail, JournalRow.digest)
    query = select(*line).where(col(JournalRow.programme_id) == work.programme_id).order_by(col(JournalRow.number))  # type: ignore[call-overload]
    with closing(work.session.connection().execute(query, execution_options={"yield_per": JOURNAL_BATCH})) as rows:
        for *content, found in rows:
            digest = line_digest(digest, *content)
            if content[0] != expected or found != digest:
                return expected
            expected += 1
    read = select(func.max(EngineRow.seen_line)).where(col(EngineRow.programme_id) == work.programme_id)
    return expected if (work.session.exec(read).one() or 0) >= expected else None
