"""One request or one pass is one transaction: the unit of work that edges open, services use and nobody else commits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlmodel import Session, col, select

from models.engine import JournalRow

JournalLine = tuple[datetime, str, str, str, Mapping[str, Any]]
FIRST_DIGEST = "0" * 64


@dataclass(slots=True)
class UnitOfWork:
    """A session, the programme it works for, and the journal lines to be written with it (ESC-G1)."""

    session: Session
    programme_id: str
    memory: dict[str, Any] = field(default_factory=dict)
    """What this unit of work has read and need not read again; whoever changes it takes it out."""
    _lines: list[JournalLine] = field(default_factory=list)

    def record(self, at: datetime, actor: str, what: str, subject: str, **detail: Any) -> None:
        """Add a journal line; it is chained and written when the unit of work commits."""
        self._lines.append((at, actor, what, subject, detail))

    def flush(self) -> None:
        """Send pending rows to the database inside the transaction."""
        self.session.flush()

    def write_journal(self) -> None:
        """Chain and insert the pending lines. Called by the unit of work itself, last, so that the chain is held locked briefly."""
        if not self._lines:
            return
        number, digest = self._end_of_chain()
        rows = []
        for at, actor, what, subject, detail in self._lines:
            number += 1
            digest = line_digest(digest, number, at, actor, what, subject, detail)
            rows.append(
                {
                    "programme_id": self.programme_id, "number": number, "at": at, "actor": actor, "what": what, "subject": subject,
                    "detail": dict(detail), "digest": digest,
                }
            )  # fmt: skip
        self.session.connection().execute(insert(JournalRow), rows)  # not as objects: nobody reads them again here
        self._lines.clear()

    def _end_of_chain(self) -> tuple[int, str]:
        if self.session.get_bind().dialect.name == "postgresql":  # SQLite already holds the only write lock
            key = int.from_bytes(hashlib.sha256(self.programme_id.encode()).digest()[:8], "big", signed=True)
            self.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
        last = self.session.exec(
            select(JournalRow.number, JournalRow.digest)
            .where(col(JournalRow.programme_id) == self.programme_id)
            .order_by(col(JournalRow.number).desc())
            .limit(1)
        ).first()
        return (last[0], last[1]) if last else (0, FIRST_DIGEST)


def line_digest(
    previous: str, number: int, at: datetime, actor: str, what: str, subject: str, detail: Mapping[str, Any]
) -> str:
    """SHA-256 of one journal line together with the digest before it, in hex. The same instant in another offset is the same line."""
    instant = at.astimezone(UTC).isoformat()  # as the database gives it back (ESC-B1)
    text_form = json.dumps([previous, number, instant, actor, what, subject, detail], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text_form.encode()).hexdigest()


UnitFactory = Callable[[], AbstractContextManager[UnitOfWork]]


def unit_factory(engine: Engine, programme_id: str, *, reading: bool = False) -> UnitFactory:
    """A factory of units of work: each commits when its block ends well and rolls back otherwise.

    With `reading` the transaction takes no write lock and is always rolled back.
    """

    @contextmanager
    def open_unit() -> Iterator[UnitOfWork]:
        bind = engine.execution_options(ancrage_reading=True) if reading else engine
        with Session(bind, autoflush=False, expire_on_commit=False) as session:
            work = UnitOfWork(session, programme_id)
            yield work
            if reading:
                session.expunge_all()  # what was read stays readable outside
                session.rollback()
            else:
                session.flush()
                work.write_journal()
                session.commit()

    return open_unit
