"""The journal, and what the engine knows about itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import UtcInstant, json_column


class JournalRow(SQLModel, table=True):
    """One line of the append-only journal (ESC-G5). `digest` chains it to the line before; the database refuses UPDATE and DELETE."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_subject", "programme_id", "subject"),)
    programme_id: str = Field(primary_key=True, max_length=80)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcInstant)
    actor: str = Field(max_length=120)
    what: str = Field(max_length=60)
    subject: str = Field(max_length=240)
    detail: dict[str, Any] = Field(sa_type=json_column())
    digest: str = Field(max_length=64)


class EngineRow(SQLModel, table=True):
    """Heartbeat of one stage: the last pass it made, and what that pass leaves to be looked at again.

    `seen_line` is the last journal line the pass had read before it began, `look_again_at` the first instant at which time alone
    changes something that no row with a date of its own says, a new month for example (empty: never). Without `seen_line` the
    next pass looks at everything.
    """

    __tablename__ = "engine"
    programme_id: str = Field(primary_key=True, max_length=80)
    stage: str = Field(primary_key=True, max_length=40)
    passed_at: datetime = Field(sa_type=UtcInstant)
    seen_line: int | None = None
    look_again_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class GapRow(SQLModel, table=True):
    """A time during which no pass was made for longer than the grace (ESC-C5)."""

    __tablename__ = "engine_gap"
    programme_id: str = Field(primary_key=True, max_length=80)
    since: datetime = Field(primary_key=True, sa_type=UtcInstant)
    until: datetime = Field(sa_type=UtcInstant)
